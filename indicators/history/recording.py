"""Adds events to their chains, in the transaction that makes the change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.transaction import TransactionManagementError

from indicators.history.canonical import canonical, digest, utc
from indicators.models import AuditEvent, Chain, Plan, User
from indicators.models.fields import TITLE_LENGTH

VERSION = 1  # of the payload's form
NO_PLAN = "accounts"  # the chain of what belongs to no plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is to be recorded. `by` None is whoever runs a command on the server."""

    plan: Plan | None
    action: str
    kind: str
    obj_id: int | None
    label: str
    by: User | None
    now: datetime
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    acting_for: User | None = None
    reason: str = ""

    @property
    def chain_name(self) -> str:
        return f"plan-{self.plan.pk}" if self.plan else NO_PLAN


def record(
    *,
    plan: Plan | None,
    action: str,
    kind: str,
    obj_id: int | None,
    label: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    by: User | None,
    acting_for: User | None = None,
    reason: str = "",
    now: datetime,
) -> AuditEvent:
    """One event; see `record_many`. 4 queries, 6 for the first of a chain."""
    entry = Entry(
        plan=plan,
        action=action,
        kind=kind,
        obj_id=obj_id,
        label=label,
        before=before,
        after=after,
        by=by,
        acting_for=acting_for,
        reason=reason,
        now=now,
    )
    return record_many([entry])[0]


def record_many(entries: Iterable[Entry]) -> list[AuditEvent]:
    """The events, stored in the order given. Few queries for any number.

    The caller's transaction must have locked the plan before it changed anything of it
    (`locking.lock_plan`), or two of them deadlock. Locks plans, then heads, each by primary key.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("History is written in the transaction of the change.")
    entries = list(entries)
    chains = _locked_chains({entry.chain_name: entry.plan for entry in entries})
    events = [_next_event(entry, chains[entry.chain_name]) for entry in entries]
    AuditEvent.objects.bulk_create(events)
    for chain in chains.values():
        Chain.objects.filter(pk=chain.pk).update(sequence=chain.sequence, hash=chain.hash)
    return events


def _locked_chains(plans: Mapping[str, Plan | None]) -> dict[str, Chain]:
    keys = [plan.pk for plan in plans.values() if plan]
    if keys:
        locked = Plan.objects.select_for_update(no_key=True).filter(pk__in=keys)
        list(locked.order_by("pk").values_list("pk"))
    chains = _lock(plans)
    missing = [Chain(name=name, plan=plans[name]) for name in plans if name not in chains]
    if missing:
        Chain.objects.bulk_create(missing, ignore_conflicts=True)  # someone else may be as quick
        chains = _lock(plans)
    return chains


def _lock(names: Iterable[str]) -> dict[str, Chain]:
    locked = Chain.objects.select_for_update(no_key=True).filter(name__in=list(names))
    return {chain.name: chain for chain in locked.order_by("pk")}


def _next_event(entry: Entry, chain: Chain) -> AuditEvent:
    """Not stored yet; moves the head along in memory."""
    label = entry.label[:TITLE_LENGTH]
    sequence = chain.sequence + 1
    payload = canonical(
        {
            "acting_for": _person(entry.acting_for),
            "action": entry.action,
            "after": entry.after,
            "at": utc(entry.now),
            "before": entry.before,
            "by": _person(entry.by),
            "chain": chain.name,
            "id": entry.obj_id,
            "kind": entry.kind,
            "label": label,
            "plan": entry.plan.pk if entry.plan else None,
            "previous": chain.hash,
            "reason": entry.reason,
            "sequence": sequence,
            "version": VERSION,
        }
    )
    previous, chain.sequence, chain.hash = chain.hash, sequence, digest(payload)
    return AuditEvent(
        chain=chain,
        sequence=sequence,
        previous_hash=previous,
        hash=chain.hash,
        payload=payload,
        at=entry.now,
        actor=entry.by,
        acting_for=entry.acting_for,
        action=entry.action,
        plan=entry.plan,
        object_kind=entry.kind,
        object_id=entry.obj_id,
        object_label=label,
    )


def _person(user: User | None) -> dict[str, Any] | None:
    """With the name of that day: an account may be renamed later."""
    return {"id": user.pk, "account": user.username, "name": str(user)} if user else None
