"""Who is responsible for what in a plan, and until when it is to be submitted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from indicators import history, permissions
from indicators.actions.refusals import Missing
from indicators.locking import lock_plan, retry
from indicators.models import Figure, Indicator, Plan, Unit
from indicators.permissions import Actor, Post, Subject

Wanted = Mapping[int, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Assignment:
    """Only what is to be different: by row, `owner` (a unit's id or None) and `due`."""

    plan: Mapping[str, date | None] = field(default_factory=dict)  # at most `due`
    indicators: Wanted = field(default_factory=dict)
    figures: Wanted = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Change:
    kind: str
    row: Plan | Indicator | Figure
    label: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@retry
@transaction.atomic
def assign(
    *, plan_id: int, wanted: Assignment, actor: Actor, now: datetime, reason: str = ""
) -> int:
    """All at once, with one event for each row that changes; how many did.

    Raises `NotAllowed`, and `Missing` for a row or a unit that isn't the plan's.
    """
    plan = lock_plan(plan_id)
    post = permissions.check("assign", actor, Subject.of(plan))
    units = {unit.pk: unit for unit in Unit.objects.filter(agency=plan.agency_id)}
    changes = [
        *_plan_change(plan, wanted.plan),
        *_changes("indicator", plan.indicators.filter(pk__in=wanted.indicators), wanted, units),
        *_changes("figure", plan.figures.filter(pk__in=wanted.figures), wanted, units),
    ]
    _store(changes)
    history.record_many(_entry(plan, c, actor, post, reason, now) for c in changes)
    return len(changes)


def _plan_change(plan: Plan, wanted: Mapping[str, date | None]) -> Iterator[_Change]:
    if "due" in wanted and wanted["due"] != plan.due:
        before, plan.due = plan.due, wanted["due"]
        yield _Change("plan", plan, str(plan), {"due": before}, {"due": plan.due})


def _changes(
    kind: str, found: Any, wanted: Assignment, units: Mapping[int, Unit]
) -> Iterator[_Change]:
    asked: Wanted = wanted.indicators if kind == "indicator" else wanted.figures
    rows = list(found.select_related("owner").order_by("pk"))
    if len(rows) != len(asked):
        raise Missing
    for row in rows:
        before = _content(row)
        _set(row, asked[row.pk], units)
        old, new = history.changes(before, _content(row))
        if new:
            yield _Change(kind, row, str(row), old, new)


def _set(row: Indicator | Figure, wanted: Mapping[str, Any], units: Mapping[int, Unit]) -> None:
    if "owner" in wanted:
        if wanted["owner"] is not None and wanted["owner"] not in units:
            raise Missing
        row.owner = units.get(wanted["owner"])
    if "due" in wanted and isinstance(row, Indicator):
        row.due = wanted["due"]


def _content(row: Indicator | Figure) -> dict[str, Any]:
    owner = {"owner": row.owner.name if row.owner else ""}
    return {**owner, "due": row.due} if isinstance(row, Indicator) else owner


def _store(changes: list[_Change]) -> None:
    for change in changes:
        if isinstance(change.row, Plan):
            change.row.save(update_fields=["due"])
    indicators = [c.row for c in changes if isinstance(c.row, Indicator)]
    Indicator.objects.bulk_update(indicators, ["owner", "due"])
    figures = [c.row for c in changes if isinstance(c.row, Figure)]
    Figure.objects.bulk_update(figures, ["owner"])


def _entry(
    plan: Plan, change: _Change, actor: Actor, post: Post, reason: str, now: datetime
) -> history.Entry:
    return history.Entry(
        plan=plan,
        action="assign",
        kind=change.kind,
        obj_id=change.row.pk,
        label=change.label,
        before=change.before,
        after=change.after,
        by=actor.user,
        acting_for=post.of,
        reason=reason,
        now=now,
    )
