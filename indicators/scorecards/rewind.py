"""A plan as it was at a moment: played back from what the history says was there before. Pure."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from indicators.entries import entry_from_stored, entry_of, stored_date, with_entry
from indicators.event_queries import EventRecord, Newer
from indicators.history.canonical import canonical
from indicators.records import IndicatorRecord, PlanRecord

Befores = Mapping[tuple[str, int], Mapping[str, Any]]
NOT_OF_THE_ENTRY = {"status", "owner", "due"}


def rewound(plan: PlanRecord, newer: Newer) -> PlanRecord:
    """`plan` is as it is now; the result as it was before the events of `newer`."""
    befores = _befores(newer.events)
    due = plan_due(plan, newer)
    for record in plan.indicators():
        before = befores.get(("indicator", record.pk or 0), {})
        own = _due(before, newer.own_due.get(record.pk or 0))
        plan = plan.with_indicator(replace(_before(record, before), due=own or due))
    return replace(plan, status=_plan_before(plan, befores).get("status", plan.status))


def plan_due(plan: PlanRecord, newer: Newer) -> date | None:
    """The plan's own deadline, as it was."""
    return _due(_plan_before(plan, _befores(newer.events)), newer.due)


def _befores(newest_first: Iterable[EventRecord]) -> Befores:
    """Of each object the oldest value of each field that an event has changed."""
    found: dict[tuple[str, int], dict[str, Any]] = defaultdict(dict)
    for event in newest_first:
        content = event.content
        found[content["kind"], content["id"]].update(content["before"])
    return found


def _plan_before(plan: PlanRecord, befores: Befores) -> Mapping[str, Any]:
    return befores.get(("plan", plan.pk or 0), {})


def _due(before: Mapping[str, Any], now: date | None) -> date | None:
    return stored_date(before["due"]) if "due" in before else now


def _before(record: IndicatorRecord, before: Mapping[str, Any]) -> IndicatorRecord:
    values = {name: value for name, value in before.items() if name not in NOT_OF_THE_ENTRY}
    if values:
        stored = json.loads(canonical(entry_of(record).flat())) | values
        record = with_entry(record, entry_from_stored(stored, record))
    return replace(
        record,
        status=before.get("status", record.status),
        owner=before.get("owner", record.owner),
    )
