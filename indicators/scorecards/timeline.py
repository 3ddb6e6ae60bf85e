"""Who did what when, for whom and why: the steps of an indicator or a plan, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from indicators.models import Indicator, Plan, Step
from indicators.records import IndicatorRecord
from indicators.scorecards.field_words import place_words
from indicators.scorecards.words import Tag, step_tag


@dataclass(frozen=True, slots=True)
class Event:
    """`acting_for` is the absent person whose deputy did it, else empty."""

    pk: int
    name: str
    tag: Tag
    who: str
    acting_for: str
    at: datetime
    reason: str
    notes: tuple[tuple[str, str], ...]  # (field in words, remark)


def indicator_timeline(row: Indicator, record: IndicatorRecord) -> tuple[Event, ...]:
    """1 query."""
    steps = row.steps.newest_first()
    return tuple(_event(step, _notes(step.notes, record)) for step in steps)


def plan_timeline(plan: Plan) -> tuple[Event, ...]:
    """The plan's own steps, not its indicators'. 1 query."""
    steps = plan.steps.filter(indicator=None).newest_first()
    return tuple(_event(step, ()) for step in steps)


def _event(step: Step, notes: tuple[tuple[str, str], ...]) -> Event:
    return Event(
        pk=step.pk,
        name=step.name,
        tag=step_tag(step.name),
        who=str(step.by),
        acting_for=str(step.acting_for) if step.acting_for else "",
        at=step.at,
        reason=step.reason,
        notes=notes,
    )


def _notes(notes: Mapping[str, str], record: IndicatorRecord) -> tuple[tuple[str, str], ...]:
    return tuple((place_words(record, field), text) for field, text in notes.items())
