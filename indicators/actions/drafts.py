"""Drafts: what somebody typed and has not saved. Nobody else's, and no history."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from indicators import models, permissions
from indicators.permissions import Actor, Subject


@transaction.atomic
def keep_draft(
    *, row: models.Indicator, content: str, revision: int, actor: Actor, now: datetime
) -> models.Draft:
    """As typed. Raises `NotAllowed` where the person may not fill in this indicator.

    One that a colleague has submitted meanwhile may come back: what was typed waits for it.
    """
    subject = Subject.of(row.plan, row)
    permissions.check_role("record", actor, subject)
    if row.plan.status not in permissions.OPEN:
        permissions.check("record", actor, subject)
    draft, _is_new = models.Draft.objects.update_or_create(
        indicator=row,
        user=actor.user,
        defaults={"revision": revision, "content": content, "saved_at": now},
    )
    return draft


@transaction.atomic
def discard_draft(*, row: models.Indicator, actor: Actor) -> None:
    models.Draft.objects.filter(indicator=row, user=actor.user).delete()
