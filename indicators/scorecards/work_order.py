"""In what order work is shown. Every tie-break has a name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple, TypeVar

from indicators.scorecards.work_items import CityPlan
from indicators.work_queries import PlanState
from indicators.workdays import Deadline

T = TypeVar("T")


class Urgency(NamedTuple):
    """Nearest deadline first, without one last; then what was returned; then as in the plan."""

    has_no_deadline: bool
    day: date
    is_new: bool
    year: int
    agency: str
    place: tuple[int, ...]


def urgency(
    deadline: Deadline,
    plan: PlanState,
    place: tuple[int, ...] = (),
    *,
    is_returned: bool = False,
) -> Urgency:
    day = deadline.day
    return Urgency(
        day is None, day or date.max, not is_returned, plan.year, plan.agency_code, place
    )


def in_order(pairs: Iterable[tuple[Urgency, T]]) -> tuple[T, ...]:
    return tuple(item for _urgency, item in sorted(pairs, key=lambda pair: pair[0]))


class Waiting(NamedTuple):
    """Who has waited longest first; before them whoever waits since nobody knows when."""

    is_dated: bool
    since: float
    year: int
    agency: str


def waiting(plan: CityPlan) -> Waiting:
    since = plan.since.timestamp() if plan.since else 0.0
    return Waiting(plan.since is not None, since, plan.place.year, plan.place.agency_code)
