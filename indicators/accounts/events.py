"""What happens to accounts, as events of the chain that belongs to no plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from indicators import history, locking, models

KIND = "account"


@locking.retry
@transaction.atomic
def note(
    action: str,
    *,
    user: models.User | None,
    by: models.User | None,
    now: datetime,
    label: str = "",
    reason: str = "",
    after: Mapping[str, Any] | None = None,
) -> None:
    """One event. Alone it is a transaction of its own: the chain is locked for a moment only."""
    history.record(
        plan=None,
        action=action,
        kind=KIND,
        obj_id=user.pk if user else None,
        label=label or (user.username if user else ""),
        before={},
        after=after or {},
        by=by,
        reason=reason,
        now=now,
    )
