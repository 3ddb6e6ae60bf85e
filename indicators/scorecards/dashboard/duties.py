"""What is overdue, returned, due soon or waits for approval, and with whom it lies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from indicators.dashboard_queries import Overview
from indicators.scorecards.work_items import Deadline, deadline
from indicators.scorecards.work_order import in_order
from indicators.scoring.rounding import grouped
from indicators.work_queries import (
    CLERK,
    SUPERVISOR,
    Holder,
    IndicatorState,
    Status,
    StepTaken,
)

SOON = 7  # days


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
    with_whom: tuple[str, ...]
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
    day = deadline(item.due, today)
    kind = _kind(item, day)
    if kind is None:
        return
    step = overview.steps.get(item.pk)
    role = SUPERVISOR if kind is Kind.SENT else CLERK
    yield Duty(
        kind=kind,
        pk=item.pk,
        title=item.title,
        unit=item.unit,
        weight=grouped(item.weight),
        deadline=day,
        with_whom=in_charge(overview.holders, role, item.unit_id),
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


def in_charge(holders: tuple[Holder, ...], role: str, unit_id: int | None) -> tuple[str, ...]:
    """Those of the unit itself, else those of the whole agency."""
    of_role = [holder for holder in holders if holder.role == role]
    near = [h.person for h in of_role if unit_id is not None and h.unit_id == unit_id]
    return tuple(dict.fromkeys(near or [h.person for h in of_role if h.unit_id is None]))
