"""Claims on letters: whoever holds one sends it, so that nobody gets it twice."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Key:
    """Which letter: one of its kind for that person and day."""

    user_id: int
    kind: str
    day: date


def claim(key: Key, now: datetime) -> Claim:
    """MINE for one caller only, however many ask at once.

    The claim is stored before the letter leaves: one that is cut off in between is not sent,
    rather than twice.
    """
    row = Notice(user_id=key.user_id, kind=key.kind, day=key.day)
    Notice.objects.bulk_create([row], ignore_conflicts=True)
    if _of(key).filter(claimed_at=None).update(claimed_at=now, attempts=F("attempts") + 1):
        return Claim.MINE
    claimed_at, sent_at = _of(key).values_list("claimed_at", "sent_at").get()
    if sent_at is not None:
        return Claim.SENT
    is_old = claimed_at is not None and now - claimed_at > LONGEST_SENDING
    return Claim.UNSURE if is_old else Claim.BUSY


def mark_sent(key: Key, now: datetime) -> None:
    _of(key).update(sent_at=now)


def release(key: Key) -> None:
    """It did not leave: the next run tries again."""
    _of(key).filter(sent_at=None).update(claimed_at=None)


def _of(key: Key) -> QuerySet[Notice]:
    return Notice.objects.filter(user=key.user_id, kind=key.kind, day=key.day)
