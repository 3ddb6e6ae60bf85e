"""What every step does: the status, the step with the entry as it is now, and the history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from indicators import history
from indicators.actions.entries import record_change
from indicators.entries import entry_of
from indicators.history.canonical import canonical
from indicators.models import Indicator, Plan, Step
from indicators.permissions import RULES, Actor, NotAllowed, Post
from indicators.queries import load_indicator
from indicators.records import IndicatorRecord


def move(
    row: Indicator,
    name: str,
    record: IndicatorRecord,
    *,
    actor: Actor,
    post: Post,
    now: datetime,
    reason: str = "",
    notes: Mapping[str, str] | None = None,
) -> None:
    """The indicator's status, its step with the entry as it is now, and the history.

    A return counts as a revision: who still looks at what was submitted before it, perhaps with
    other evidence, must look again.
    """
    before, row.status = row.status, RULES[name].to or row.status
    row.revision += name == Step.Name.RETURN
    row.save(update_fields=["status", "revision"])
    Step.objects.create(
        plan=row.plan,
        indicator=row,
        name=name,
        by=actor.user,
        acting_for=post.of,
        at=now,
        reason=reason,
        notes=dict(notes or {}),
        content=canonical(entry_of(record).flat()),
    )
    record_change(
        row,
        name,
        {"status": before},
        {"status": row.status},
        actor=actor,
        acting_for=post.of,
        now=now,
        reason=reason,
    )


def move_plan(
    plan: Plan, name: str, *, actor: Actor, post: Post, now: datetime, reason: str = ""
) -> None:
    before, plan.status = plan.status, RULES[name].to or plan.status
    Step.objects.create(
        plan=plan, name=name, by=actor.user, acting_for=post.of, at=now, reason=reason
    )
    history.record(
        plan=plan,
        action=name,
        kind="plan",
        obj_id=plan.pk,
        label=str(plan),
        before={"status": before},
        after={"status": plan.status},
        by=actor.user,
        acting_for=post.of,
        reason=reason,
        now=now,
    )
    plan.save(update_fields=["status"])


def reopen(
    plan: Plan,
    wanted: set[int],
    reason: str,
    *,
    actor: Actor,
    post: Post,
    now: datetime,
) -> None:
    """The named indicators of the plan go back to their clerks, with the reason."""
    rows = Indicator.objects.filter(plan=plan, pk__in=wanted).order_by("pk")
    found = list(rows.select_related("owner", "measurement", "review"))
    if not found:
        raise NotAllowed(_("請至少選一項要補正的指標。"))
    for row in found:
        row.plan = plan
        move(
            row,
            Step.Name.RETURN,
            load_indicator(row),
            actor=actor,
            post=post,
            now=now,
            reason=reason,
        )
