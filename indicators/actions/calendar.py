"""Days on which an agency differs from the official calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from indicators import history, permissions
from indicators.actions.refusals import Missing, Refused
from indicators.entries import roc
from indicators.locking import lock_plan, retry
from indicators.models import CalendarDay, Plan
from indicators.permissions import Actor, Post, Subject
from indicators.workdays import is_official_workday


@retry
@transaction.atomic
def add_day(
    *, plan_id: int, day: date, is_workday: bool, note: str, actor: Actor, now: datetime
) -> None:
    """For all plans of the agency; on record in this one. Raises `NotAllowed` and `Refused`."""
    plan, post = _allowed(plan_id, actor)
    if is_official_workday(day) == is_workday:
        raise Refused(_same(is_workday), "day")
    row, is_new = CalendarDay.objects.get_or_create(
        agency_id=plan.agency_id, day=day, defaults={"is_workday": is_workday, "note": note}
    )
    if not is_new:
        raise Refused(_("這一天已經訂過了；要改的話，請先移除原來的。"), "day")
    _note("create", plan, row, {}, _content(row), actor=actor, post=post, now=now)


@retry
@transaction.atomic
def remove_day(*, plan_id: int, pk: int, actor: Actor, now: datetime) -> None:
    """Back to the official calendar. Raises `NotAllowed` and `Missing`."""
    plan, post = _allowed(plan_id, actor)
    row = CalendarDay.objects.filter(agency=plan.agency_id, pk=pk).first()
    if row is None:
        raise Missing
    _note("remove", plan, row, _content(row), {}, actor=actor, post=post, now=now)
    row.delete()


def _allowed(plan_id: int, actor: Actor) -> tuple[Plan, Post]:
    plan = lock_plan(plan_id)
    return plan, permissions.check("calendar", actor, Subject.of(plan))


def _same(is_workday: bool) -> str:
    if is_workday:
        return _("這一天照行事曆本來就上班，不必另訂。")
    return _("這一天照行事曆本來就放假，不必另訂。")


def _content(row: CalendarDay) -> dict[str, Any]:
    return {"day": row.day, "is_workday": row.is_workday, "note": row.note}


def _note(
    action: str,
    plan: Plan,
    row: CalendarDay,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    actor: Actor,
    post: Post,
    now: datetime,
) -> None:
    history.record(
        plan=plan,
        action=action,
        kind="calendar_day",
        obj_id=row.pk,
        label=roc(row.day),
        before=before,
        after=after,
        by=actor.user,
        acting_for=post.of,
        now=now,
    )
