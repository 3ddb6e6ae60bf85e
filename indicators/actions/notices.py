"""Claims on letters: whoever holds one sends it, so that nobody gets it twice."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import Enum

from django.db.models import F, QuerySet

from indicators.models import Notice

LONGEST_SENDING = timedelta(hours=1)  # a claim that is older was cut off


class Claim(Enum):
    """What came of asking for a letter."""

    MINE = "mine"
    SENT = "sent"
    BUSY = "busy"  # somebody else is sending it
    UNSURE = "unsure"  # somebody was sending it and never came back


def claim(*, user_id: int, kind: str, day: date, now: datetime) -> Claim:
    """MINE for one caller only, however many ask at once. The row is written before the letter
    leaves: who is cut off in between sends it not at all rather than twice."""
    Notice.objects.bulk_create([Notice(user_id=user_id, kind=kind, day=day)], ignore_conflicts=True)
    row = _of(user_id, kind, day)
    if row.filter(claimed_at=None).update(claimed_at=now, attempts=F("attempts") + 1):
        return Claim.MINE
    claimed_at, sent_at = row.values_list("claimed_at", "sent_at").get()
    if sent_at is not None:
        return Claim.SENT
    is_old = claimed_at is not None and now - claimed_at > LONGEST_SENDING
    return Claim.UNSURE if is_old else Claim.BUSY


def mark_sent(*, user_id: int, kind: str, day: date, now: datetime) -> None:
    _of(user_id, kind, day).update(sent_at=now)


def release(*, user_id: int, kind: str, day: date) -> None:
    """It did not leave: the next run tries again."""
    _of(user_id, kind, day).filter(sent_at=None).update(claimed_at=None)


def _of(user_id: int, kind: str, day: date) -> QuerySet[Notice]:
    return Notice.objects.filter(user=user_id, kind=kind, day=day)
