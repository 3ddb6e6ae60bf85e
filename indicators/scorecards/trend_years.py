"""The years of one indicator in a row: which can be compared, and where they contradict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from indicators.scorecards.scored import ScoredIndicator, ScoredPlan, score_plan
from indicators.scoring.rounding import grouped
from indicators.scoring.trend import Part, change, redefined
from indicators.scoring.types import Indicator, IndicatorResult, Sentence, gettext_noop
from indicators.trend_queries import YearRecord


@dataclass(frozen=True, slots=True)
class Point:
    """One year's figures; `known` None for what only the plan of the year after says of it."""

    number: int
    spec: Indicator
    target: Decimal | None
    actual: Decimal | None
    known: YearRecord | None = None
    plan: ScoredPlan | None = None

    @property
    def item(self) -> ScoredIndicator | None:
        return next(self.plan.indicators()) if self.plan else None

    @property
    def result(self) -> IndicatorResult | None:
        return self.item.result if self.item else None


def points_of(years: Sequence[YearRecord]) -> Iterator[Point]:
    """Each year, and before it what it says of the year before where that has no plan."""
    known = {year.year for year in years}
    for year in years:
        record, plan = year.record, score_plan(year.plan)
        item = next(plan.indicators())
        says = record.previous_target is not None or record.previous_actual is not None
        if says and year.year - 1 not in known:
            yield Point(year.year - 1, record.spec, record.previous_target, record.previous_actual)
        yield Point(
            year.year, record.spec, record.spec.target, item.result.actual, known=year, plan=plan
        )


def parts(earlier: Point, later: Point) -> tuple[Part, ...]:
    return redefined(earlier.spec, later.spec)


def follows(earlier: Point | None, later: Point) -> bool:
    """Whether the two can stand on one line: the year before, and measured the same way."""
    if earlier is None or earlier.number != later.number - 1:
        return False
    return not parts(earlier, later)


def change_from(earlier: Point | None, later: Point) -> Decimal | None:
    if earlier is None or not follows(earlier, later):
        return None
    return change(earlier.actual, later.actual)


def with_before(points: Sequence[Point]) -> Iterator[tuple[Point | None, Point]]:
    yield from pairwise((None, *points))


TARGET_DIFFERS = gettext_noop(
    "%(year)s 年度計畫所載的 %(earlier)s 年度目標是 %(stated)s，"
    "%(earlier)s 年度計畫的目標是 %(known)s，兩者不同，請核對。"
)
ACTUAL_DIFFERS = gettext_noop(
    "%(year)s 年度計畫所載的 %(earlier)s 年度實際值是 %(stated)s，"
    "%(earlier)s 年度計畫的實際值是 %(known)s，兩者不同，請核對。"
)


def contradictions(points: Sequence[Point]) -> Iterator[Sentence]:
    """Where a year's plan says something else of the year before than that year's own plan."""
    for before, point in pairwise(points):
        if not before.known or not point.known or not follows(before, point):
            continue
        record = point.known.record
        pairs = (
            (TARGET_DIFFERS, record.previous_target, before.target),
            (ACTUAL_DIFFERS, record.previous_actual, before.actual),
        )
        for template, stated, known in pairs:
            if stated is None or known is None or stated == known:
                continue
            yield Sentence(
                template,
                {
                    "year": point.number,
                    "earlier": before.number,
                    "stated": grouped(stated),
                    "known": grouped(known),
                },
            )
