"""What is overdue, returned, due soon or waits for approval, and with whom it lies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from indicators.dashboard_queries import Overview
from indicators.holders import NOBODY, Seat, lies_with
from indicators.scorecards.work_order import in_order
from indicators.scoring.rounding import grouped
from indicators.work_queries import (
    IndicatorState,
    Status,
    StepTaken,
)
from indicators.workdays import Deadline

SOON = 5  # working days


class Kind(StrEnum):
    """In the order in which they are shown."""

    LATE = "late"
    BACK = "back"
    SOON = "soon"
    SENT = "sent"


ORDER = tuple(Kind)


@dataclass(frozen=True, slots=True)
class Duty:
    """`reason`: why it was returned, else empty; `since`: when it was submitted or returned."""

    kind: Kind
    pk: int
    title: str
    unit: str
    weight: str
    deadline: Deadline
    with_whom: tuple[Seat, ...]
    reason: str
    since: datetime | None


def duties(overview: Overview, today: date) -> tuple[Duty, ...]:
    """Each indicator once; the most overdue first. A plan that is closed has none."""
    if not overview.plan.is_open:
        return ()
    found = (
        (_urgency(duty, item), duty)
        for item in overview.states.values()
        for duty in _of(overview, item, today)
    )
    return in_order(found)  # type: ignore[arg-type]


def _urgency(duty: Duty, item: IndicatorState) -> tuple[int, date, tuple[int, ...]]:
    return ORDER.index(duty.kind), duty.deadline.day or date.max, item.place


def _of(overview: Overview, item: IndicatorState, today: date) -> Iterator[Duty]:
    day = overview.calendar.deadline(item.due, today)
    kind = _kind(item, day)
    if kind is None:
        return
    step = overview.steps.get(item.pk)
    senders = step.senders if step else NOBODY
    yield Duty(
        kind=kind,
        pk=item.pk,
        title=item.title,
        unit=item.unit,
        weight=grouped(item.weight),
        deadline=day,
        with_whom=lies_with(overview.held, item.status, item.unit_id, senders),
        reason=_reason(item, step),
        since=step.at if step else None,
    )


def _kind(item: IndicatorState, day: Deadline) -> Kind | None:
    if item.status == Status.APPROVED:
        return None
    if item.status == Status.SUBMITTED:
        return Kind.SENT
    if day.is_late:
        return Kind.LATE
    if item.status == Status.RETURNED:
        return Kind.BACK
    return Kind.SOON if day.left is not None and day.left <= SOON else None


def _reason(item: IndicatorState, step: StepTaken | None) -> str:
    return step.reason if step and item.status == Status.RETURNED else ""
