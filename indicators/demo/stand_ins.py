"""Rows that have no action yet, each with its history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from indicators import history, models
from indicators.actions.entries import locked
from indicators.locking import lock_plan


def cite(
    *,
    indicator_id: int,
    abouts: Iterable[str],
    document: str,
    dated: date,
    by: models.User,
    now: datetime,
) -> None:
    """One document number behind each of these inputs (empty: the indicator as a whole)."""
    row = locked(indicator_id)
    for about in abouts:
        models.Evidence.objects.create(
            indicator=row,
            about=about,
            kind=models.Evidence.Kind.DOCUMENT,
            name=document,
            dated=dated,
            added_at=now,
            added_by=by,
        )
        history.record(
            plan=row.plan,
            action="cite",
            kind="indicator",
            obj_id=row.pk,
            label=row.title,
            before={},
            after={f"evidence:{about}": document},
            by=by,
            now=now,
        )


def set_plan_due(*, plan_id: int, due: date, by: models.User, now: datetime) -> None:
    plan = lock_plan(plan_id)
    before, plan.due = plan.due, due
    plan.save(update_fields=["due"])
    history.record(
        plan=plan,
        action="assign",
        kind="plan",
        obj_id=plan.pk,
        label=str(plan),
        before={"due": before},
        after={"due": due},
        by=by,
        now=now,
    )


def set_due(*, indicator_id: int, due: date, actor: models.User, now: datetime) -> None:
    row = locked(indicator_id)
    before, row.due = row.due, due
    row.save(update_fields=["due"])
    history.record(
        plan=row.plan,
        action="assign",
        kind="indicator",
        obj_id=row.pk,
        label=row.title,
        before={"due": before},
        after={"due": due},
        by=actor,
        now=now,
    )


def deputise(
    *, absent: models.User, deputy: models.User, first_day: date, last_day: date, now: datetime
) -> None:
    row = models.Deputyship.objects.create(
        absent=absent, deputy=deputy, first_day=first_day, last_day=last_day
    )
    history.record(
        plan=None,
        action="deputise",
        kind="deputyship",
        obj_id=row.pk,
        label=f"{deputy}代理{absent}",
        before={},
        after={"first_day": first_day, "last_day": last_day},
        by=absent,
        now=now,
    )
