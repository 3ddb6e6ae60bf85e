"""This year against the same time last year: like with like, where both years have values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from indicators.dashboard_queries import Overview
from indicators.scorecards.interim_progress import result_at, result_then
from indicators.scorecards.scored import ScoredIndicator, ScoredPlan
from indicators.scorecards.signs import points_change
from indicators.scorecards.steps import trimmed
from indicators.scoring.periods import elapsed_periods
from indicators.scoring.rounding import two_places

Pair = tuple[Fraction, Fraction]  # points now and then


@dataclass(frozen=True, slots=True)
class SameTime:
    """Points of the indicators that can be compared, each as of its own last period.

    Both years count with this year's weights.
    """

    count: int
    weight: str
    now: str
    then: str
    change: str


def same_time(plan: ScoredPlan, overview: Overview, today: date) -> SameTime | None:
    """None where nothing can be compared, and of a year that is whole: its total says more."""
    if plan.totals.complete:
        return None
    found = [
        (item, pair) for item in plan.indicators() for pair in _pair(item, plan, overview, today)
    ]
    if not found:
        return None
    now = sum((pair[0] for _item, pair in found), Fraction(0))
    then = sum((pair[1] for _item, pair in found), Fraction(0))
    weight = sum((Fraction(item.spec.weight) for item, _pair_ in found), Fraction(0))
    return SameTime(
        count=len(found),
        weight=trimmed(weight),
        now=two_places(now),
        then=two_places(then),
        change=points_change(then, now),
    )


def _pair(
    item: ScoredIndicator, plan: ScoredPlan, overview: Overview, today: date
) -> Iterator[Pair]:
    interim = overview.interims.get(item.record.pk or 0)
    if interim is None:
        return
    last = max((n for n in range(1, interim.periods + 1) if interim.has_value(n)), default=None)
    if last is None:
        return
    elapsed = elapsed_periods(interim.year, interim.period, today)
    now = result_at(item.spec, interim, last, plan.lower_policy, elapsed)
    earlier = overview.earlier.get(item.record.lineage, ())
    then = result_then(item.spec, interim, last, interim.year - 1, earlier)
    if now and then and now.achievement is not None and then.achievement is not None:
        weight = Fraction(item.spec.weight)
        yield weight * now.achievement / 100, weight * then.achievement / 100
