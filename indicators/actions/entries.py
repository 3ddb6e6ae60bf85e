"""Saving one indicator's entry: locked, compared, recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from indicators import history, models, permissions
from indicators.actions import rows
from indicators.actions.refusals import Missing
from indicators.entries import Entry, entry_of
from indicators.locking import lock_plan_of, retry
from indicators.permissions import Actor, Post, Subject
from indicators.queries import load_indicator
from indicators.records import IndicatorRecord


class Conflict(Exception):
    """Somebody saved the indicator since: what is stored now, and what they changed."""

    def __init__(self, now: IndicatorRecord, revision: int) -> None:
        super().__init__("The indicator was changed by somebody else.")
        self.now = now
        self.revision = revision


@dataclass(frozen=True, slots=True)
class Saved:
    """`changed`: the fields that differ from before; empty where the save changed nothing."""

    revision: int
    changed: tuple[str, ...]


@retry
@transaction.atomic
def record_entry(
    *, indicator_id: int, entry: Entry, revision: int, actor: Actor, now: datetime
) -> Saved:
    """Store the entry. `revision` is the one that the person started from.

    Raises `NotAllowed`, and `Conflict` if the indicator was saved since with other values. The
    same values again are no conflict: after a crash a save may have been stored unacknowledged.
    The person's own draft ends with it.
    """
    row = locked(indicator_id)
    post = permissions.check("record", actor, Subject.of(row.plan, row))
    record = load_indicator(row)
    if row.revision != revision and changes(record, entry)[1]:
        raise Conflict(record, row.revision)
    models.Draft.objects.filter(indicator=row, user=actor.user).delete()
    return store_entry(row, record, entry, actor=actor, post=post, now=now)


def changes(record: IndicatorRecord, entry: Entry) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields that the entry would change, before and after."""
    return history.changes(entry_of(record).flat(), entry.flat())


def store_entry(
    row: models.Indicator,
    record: IndicatorRecord,
    entry: Entry,
    *,
    actor: Actor,
    post: Post,
    now: datetime,
) -> Saved:
    """Whatever changes an entry ends here: the rows, the next revision, the event.

    `record` is what is stored; the caller holds the plan's lock and has checked who may.
    """
    old, new = changes(record, entry)
    if not new:
        return Saved(row.revision, ())
    rows.store(row, entry, set(new), by=actor.user, now=now)
    row.revision += 1
    row.save(update_fields=["revision"])
    record_change(row, "record", old, new, actor=actor, acting_for=post.of, now=now)
    return Saved(row.revision, tuple(new))


def locked(indicator_id: int) -> models.Indicator:
    """The indicator as it is now, with its plan locked until the transaction ends.

    Raises `Missing` where a document has just taken its place.
    """
    try:
        plan = lock_plan_of(indicator_id)
        row = models.Indicator.objects.select_related("owner", "measurement", "review").get(
            pk=indicator_id
        )
    except ObjectDoesNotExist as error:
        raise Missing from error
    row.plan = plan
    return row


def record_change(
    row: models.Indicator,
    action: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    actor: Actor,
    acting_for: models.User | None,
    now: datetime,
    reason: str = "",
) -> None:
    history.record(
        plan=row.plan,
        action=action,
        kind="indicator",
        obj_id=row.pk,
        label=row.title,
        before=before,
        after=after,
        by=actor.user,
        acting_for=acting_for,
        reason=reason,
        now=now,
    )
