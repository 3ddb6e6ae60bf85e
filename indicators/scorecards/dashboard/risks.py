"""Where points are lost or may be, with the reason in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from indicators.scorecards.dashboard.lines import Standing, so_far
from indicators.scorecards.interim_progress import Progress
from indicators.scorecards.scored import ScoredIndicator
from indicators.scorecards.steps import target_text, with_unit
from indicators.scoring.aggregation import score_indicator
from indicators.scoring.forecast import Forecast
from indicators.scoring.rounding import grouped, two_places
from indicators.scoring.trend import with_actual
from indicators.scoring.types import Direction, LowerPolicy, Sentence, Status, gettext_noop

MISSED = {
    Direction.HIGHER: gettext_noop("實際 %(actual)s，低於目標 %(target)s。"),
    Direction.LOWER: gettext_noop("實際 %(actual)s，高於目標 %(target)s。"),
    Direction.EQUAL: gettext_noop("實際 %(actual)s，不等於目標 %(target)s。"),
}
STILL_OPEN = gettext_noop("尚未核定，仍可爭取。")
EARLIER = gettext_noop("去年 %(earlier)s。")
ROUNDED = gettext_noop("四捨五入後才達到目標 %(target)s。")
AHEAD = gettext_noop("推估年底 %(low)s 至 %(high)s，目標 %(target)s。")


class Kind(StrEnum):
    """Points that are lost, points that may be, a path that is not kept, a doubt."""

    LOST = "lost"
    MAY_LOSE = "may_lose"
    BEHIND = "behind"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Risk:
    """`points`: lost as reported, or at most by the forecast's range; 0 where nobody knows."""

    kind: Kind
    pk: int | None
    title: str
    points: Fraction
    reasons: tuple[Sentence, ...]

    @property
    def printed(self) -> str:
        return two_places(self.points)


def risks(standings: Iterable[Standing], policy: LowerPolicy) -> tuple[Risk, ...]:
    """The most points first; among equal ones as in the plan."""
    found = [risk for standing in standings for risk in _of(standing, policy)]
    return tuple(sorted(found, key=lambda risk: -risk.points))


def _of(standing: Standing, policy: LowerPolicy) -> Iterator[Risk]:
    item = standing.item
    spec, result = item.spec, item.result
    if result.status is Status.MISSED:
        still = (Sentence(STILL_OPEN),) if item.open_lost else ()
        yield _risk(Kind.LOST, item, item.lost, (_missed(item), *_earlier(standing), *still))
    elif result.rounding_turned_miss_into_met:
        reason = Sentence(ROUNDED, {"target": target_text(spec)})
        yield _risk(Kind.CHECK, item, Fraction(0), (reason,))
    elif standing.progress is not None:
        yield from _ahead(standing, standing.progress, policy)


def _risk(
    kind: Kind, item: ScoredIndicator, points: Fraction, reasons: tuple[Sentence, ...]
) -> Risk:
    return Risk(kind, item.record.pk, item.spec.title, points, reasons)


def _ahead(standing: Standing, found: Progress, policy: LowerPolicy) -> Iterator[Risk]:
    """What the forecast's worse end would lose; without a forecast, that the path is not kept."""
    item, known = standing.item, so_far(standing)
    reasons = (known,) if known else ()
    if found.forecast is None:
        if found.is_behind:
            why = (found.no_forecast,) if found.no_forecast else ()
            yield _risk(Kind.BEHIND, item, Fraction(0), (*reasons, *why))
        return
    ends = (found.forecast.low, found.forecast.high)
    worst = min(score_indicator(with_actual(item.spec, end), policy).score for end in ends)
    if at_stake := Fraction(item.spec.weight) - worst:
        reason = Sentence(AHEAD, _range(item, found.forecast))
        yield _risk(Kind.MAY_LOSE, item, at_stake, (*reasons, reason, found.forecast.method))


def _range(item: ScoredIndicator, ahead: Forecast) -> dict[str, object]:
    unit = item.spec.unit
    return {
        "low": with_unit(grouped(ahead.low), unit),
        "high": with_unit(grouped(ahead.high), unit),
        "target": target_text(item.spec),
    }


def _missed(item: ScoredIndicator) -> Sentence:
    spec, actual = item.spec, item.result.actual
    words = {
        "actual": "" if actual is None else with_unit(grouped(actual), spec.unit),
        "target": with_unit(grouped(spec.target), spec.unit),
    }
    return Sentence(MISSED[spec.direction], words)


def _earlier(standing: Standing) -> Iterator[Sentence]:
    last = standing.last_year
    if last.actual is not None:
        earlier = with_unit(grouped(last.actual), standing.item.spec.unit)
        yield Sentence(EARLIER, {"earlier": earlier})
    if last.actual_differs is not None:
        yield last.actual_differs
