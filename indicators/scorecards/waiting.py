"""Which indicators wait to be approved, in what order, and why somebody may not approve one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from indicators.models import Indicator, Plan, Step
from indicators.permissions import (
    Actor,
    NotAllowed,
    Subject,
    can,
    check,
    check_four_eyes,
)
from indicators.scorecards.work_order import Urgency


def waiting_rows(plan: Plan) -> dict[int, Indicator]:
    """In the order of my work: overdue first, without a deadline last. 1 query."""
    wanted = Indicator.objects.filter(plan=plan, status=Indicator.Status.SUBMITTED)
    rows = list(wanted.select_related("goal__perspective").order_by("pk"))
    for row in rows:
        row.plan = plan
    return {row.pk: row for row in sorted(rows, key=order)}


def order(row: Indicator) -> Urgency:
    day = row.due or row.plan.due
    place = (row.goal.perspective.position, row.goal.position, row.position)
    return Urgency(
        has_no_deadline=day is None,
        day=day or date.max,
        is_new=True,
        year=row.plan.year,
        agency=row.plan.agency.code,
        place=place,
    )


def submissions(rows: Collection[int]) -> dict[int | None, Step]:
    """The last submission of each. 1 query."""
    steps = Step.objects.filter(indicator__in=rows, name=Step.Name.SUBMIT)
    return {s.indicator_id: s for s in steps.select_related("by", "acting_for").order_by("pk")}


def refusal(row: Indicator, submitted: Step | None, actor: Actor) -> str:
    """Why this person can't approve it; empty where they can."""
    try:
        post = check("approve", actor, Subject.of(row.plan, row))
        check_four_eyes(row.title, submitted, actor, post)
    except NotAllowed as error:
        return str(error)
    return ""


def approvable(plan: Plan, actor: Actor) -> list[Indicator]:
    """What waits for this person and nobody else's eyes. 2 queries, or 1 where nothing waits."""
    rows = waiting_rows(plan)
    steps = submissions(rows) if rows else {}
    return [row for pk, row in rows.items() if not refusal(row, steps.get(pk), actor)]


# From one to the next -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Walk:
    """Where an indicator stands among those that wait; `position` is None for one that doesn't."""

    position: int | None
    total: int
    previous_pk: int | None
    next_pk: int | None


def walk(row: Indicator, actor: Actor) -> Walk:
    """2 queries, or 1 where nothing waits."""
    waiting = approvable(row.plan, actor)
    keys = [other.pk for other in waiting]
    if row.pk not in keys:
        return Walk(None, len(keys), None, _after(row, waiting))
    place = keys.index(row.pk)
    before = keys[place - 1] if place else None
    return Walk(place + 1, len(keys), before, next(iter(keys[place + 1 :]), None))


def next_waiting(row: Indicator, actor: Actor) -> int | None:
    """What to look at once this one is decided: the next in order, else the first. 2 queries."""
    return _after(row, approvable(row.plan, actor))


def _after(row: Indicator, waiting: list[Indicator]) -> int | None:
    others = [other for other in waiting if other.pk != row.pk]
    later = (other.pk for other in others if order(other) > order(row))
    return next(later, others[0].pk if others else None)


def mine(rows: Mapping[int, Indicator], actor: Actor) -> set[int]:
    """Those in whose unit the person is a supervisor, also what they submitted themselves."""
    return {pk for pk, row in rows.items() if can("approve", actor, Subject.of(row.plan, row))}
