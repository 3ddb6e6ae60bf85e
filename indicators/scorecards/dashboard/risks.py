"""Where points are lost or may be, with the reason in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from indicators.scorecards.dashboard.lines import Standing
from indicators.scorecards.scored import ScoredIndicator
from indicators.scorecards.steps import target_text, with_unit
from indicators.scoring.rounding import grouped, two_places
from indicators.scoring.types import Direction, Sentence, Status, gettext_noop

MISSED = {
    Direction.HIGHER: gettext_noop("實際 %(actual)s，低於目標 %(target)s。"),
    Direction.LOWER: gettext_noop("實際 %(actual)s，高於目標 %(target)s。"),
    Direction.EQUAL: gettext_noop("實際 %(actual)s，不等於目標 %(target)s。"),
}
EARLIER = gettext_noop("去年 %(earlier)s。")
ROUNDED = gettext_noop("四捨五入後才達到目標 %(target)s。")


@dataclass(frozen=True, slots=True)
class Risk:
    """`points`: lost for certain, or else what may be lost."""

    pk: int | None
    title: str
    points: Fraction
    is_certain: bool
    reasons: tuple[Sentence, ...]

    @property
    def printed(self) -> str:
        return two_places(self.points)


def risks(standings: Iterable[Standing]) -> tuple[Risk, ...]:
    """The most points first; among equal ones as in the plan."""
    found = [risk for standing in standings for risk in _of(standing)]
    return tuple(sorted(found, key=lambda risk: -risk.points))


def _of(standing: Standing) -> Iterator[Risk]:
    item = standing.item
    spec, result = item.spec, item.result
    if result.status is Status.MISSED:
        lost = Fraction(spec.weight) - result.score
        yield _risk(item, lost, True, (_missed(item), *_earlier(standing)))
    elif result.rounding_turned_miss_into_met:
        reason = Sentence(ROUNDED, {"target": target_text(spec)})
        yield _risk(item, Fraction(0), False, (reason,))


def _risk(
    item: ScoredIndicator, points: Fraction, is_certain: bool, reasons: tuple[Sentence, ...]
) -> Risk:
    return Risk(item.record.pk, item.spec.title, points, is_certain, reasons)


def _missed(item: ScoredIndicator) -> Sentence:
    spec, actual = item.spec, item.result.actual
    words = {
        "actual": "" if actual is None else with_unit(grouped(actual), spec.unit),
        "target": with_unit(grouped(spec.target), spec.unit),
    }
    return Sentence(MISSED[spec.direction], words)


def _earlier(standing: Standing) -> Iterator[Sentence]:
    if standing.last_year is not None:
        earlier = with_unit(grouped(standing.last_year), standing.item.spec.unit)
        yield Sentence(EARLIER, {"earlier": earlier})
