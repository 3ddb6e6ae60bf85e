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
    """As typed. Raises `NotAllowed` where the person may not fill in this indicator."""
    permissions.check("record", actor, Subject.of(row.plan, row))
    draft, _is_new = models.Draft.objects.update_or_create(
        indicator=row,
        user=actor.user,
        defaults={"revision": revision, "content": content, "saved_at": now},
    )
    return draft


@transaction.atomic
def discard_draft(*, row: models.Indicator, actor: Actor) -> None:
    models.Draft.objects.filter(indicator=row, user=actor.user).delete()
