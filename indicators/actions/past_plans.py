"""A year whose report was published before the portal was used: its data is history."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from indicators import history
from indicators.locking import lock_plan
from indicators.models import Indicator, Plan
from indicators.permissions import NotAllowed

REASON = "報告在使用本系統以前已經公告。"


@transaction.atomic
def keep_as_published(*, plan_id: int, now: datetime) -> None:
    """Everything approved and the plan published, without files: those were published elsewhere.

    For who runs a command on the server. Raises `NotAllowed` for a plan that is no draft.
    """
    plan = lock_plan(plan_id)
    if plan.status != Plan.Status.DRAFT:
        raise NotAllowed(REASON)
    plan.indicators.update(status=Indicator.Status.APPROVED)
    before, plan.status = plan.status, Plan.Status.PUBLISHED
    history.record(
        plan=plan,
        action="import",
        kind="plan",
        obj_id=plan.pk,
        label=str(plan),
        before={"status": before},
        after={"status": plan.status},
        by=None,
        reason=REASON,
        now=now,
    )
    plan.save(update_fields=["status"])
