"""Saving work statistics: cell by cell, compared with what the person started from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from indicators import history, permissions
from indicators.event_queries import last_changes
from indicators.figures import Clash, FigureEdit, number_of, number_text
from indicators.locking import lock_plan, retry
from indicators.models import Figure, Plan
from indicators.permissions import Actor, Post, Subject


class FiguresClash(Exception):
    """Somebody else changed cells since; nothing was saved."""

    def __init__(self, clashes: tuple[Clash, ...]) -> None:
        super().__init__("Figures were changed by somebody else.")
        self.clashes = clashes


@retry
@transaction.atomic
def record_figures(
    *, plan_id: int, edits: Collection[FigureEdit], actor: Actor, now: datetime
) -> int:
    """Store the cells, all or none; how many figures changed.

    Raises `NotAllowed`, and `FiguresClash` with what is stored now where it is neither what the
    person started from nor what they want.
    """
    plan = lock_plan(plan_id)
    wanted = [edit.pk for edit in edits]
    rows = {row.pk: row for row in Figure.objects.filter(plan=plan, pk__in=wanted).order_by("pk")}
    posts = {pk: _check(plan, row, actor) for pk, row in rows.items()}
    edits = [edit for edit in edits if edit.pk in rows and _stored(rows[edit.pk], edit) != edit.now]
    if clashes := _clashes(plan, rows, edits):
        raise FiguresClash(clashes)
    changed = sorted({edit.pk for edit in edits})
    entries = [
        _store(plan, rows[pk], [e for e in edits if e.pk == pk], actor, posts[pk], now)
        for pk in changed
    ]
    history.record_many(entries)
    return len(changed)


def _check(plan: Plan, row: Figure, actor: Actor) -> Post:
    return permissions.check("figures", actor, Subject.of_unit(plan, row.owner_id))


def _stored(row: Figure, edit: FigureEdit) -> str:
    return number_text(row.value) if edit.field == "value" else row.source


def _clashes(
    plan: Plan, rows: Mapping[int, Figure], edits: Collection[FigureEdit]
) -> tuple[Clash, ...]:
    found = [(edit, _stored(rows[edit.pk], edit)) for edit in edits]
    found = [(edit, theirs) for edit, theirs in found if theirs != edit.was]
    if not found:
        return ()
    events = last_changes(plan, "figure", {edit.pk for edit, _theirs in found})
    return tuple(
        Clash(edit.cell, theirs, event.by if event else "", event.at if event else None)
        for edit, theirs in found
        for event in [events.get(edit.pk)]
    )


def _store(
    plan: Plan,
    row: Figure,
    edits: Collection[FigureEdit],
    actor: Actor,
    post: Post,
    now: datetime,
) -> history.Entry:
    """Writes the row; the event for it."""
    before: dict[str, object] = {edit.field: getattr(row, edit.field) for edit in edits}
    after = {e.field: number_of(e.now) if e.field == "value" else e.now for e in edits}
    for field, value in after.items():
        setattr(row, field, value)
    row.save(update_fields=list(after))
    return history.Entry(
        plan=plan,
        action="figures",
        kind="figure",
        obj_id=row.pk,
        label=row.label,
        before=before,
        after=after,
        by=actor.user,
        acting_for=post.of,
        now=now,
    )
