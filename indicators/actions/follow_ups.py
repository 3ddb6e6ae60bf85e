"""What came of a missed target's review, found afterwards: only ever added."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from indicators import permissions
from indicators.actions.entries import locked, record_change
from indicators.actions.refusals import Refused
from indicators.locking import retry
from indicators.models import FollowUp
from indicators.permissions import Actor, Subject


@retry
@transaction.atomic
def record_follow_up(
    *, indicator_id: int, outcome: str, note: str, actor: Actor, now: datetime
) -> None:
    """`indicator_id` is that of the year that missed; its plan may be published.

    The same again changes nothing. Raises `NotAllowed`, and `Refused` where nothing was promised.
    """
    row = locked(indicator_id)
    post = permissions.check("follow_up", actor, Subject.of(row.plan, row))
    if getattr(row, "review", None) is None:
        raise Refused(_("這一年沒有未達目標項目檢討，不必追蹤。"))
    last = row.follow_ups.order_by("-pk").first()
    if last and (last.outcome, last.note, last.by_id) == (outcome, note, actor.user.pk):
        return
    FollowUp.objects.create(indicator=row, outcome=outcome, note=note, by=actor.user, at=now)
    record_change(
        row,
        "follow_up",
        _content(last),
        {"outcome": outcome},
        actor=actor,
        acting_for=post.of,
        now=now,
        reason=note,
    )


def _content(last: FollowUp | None) -> dict[str, str]:
    return {"outcome": last.outcome} if last else {}
