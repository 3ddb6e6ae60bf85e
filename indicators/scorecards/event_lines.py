"""The history as its page and its file print it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from indicators.event_queries import EventRecord, Labels
from indicators.scorecards.event_changes import Change, changes_of
from indicators.scorecards.event_words import action_tag
from indicators.scorecards.field_words import Names
from indicators.scorecards.words import Tag


@dataclass(frozen=True, slots=True)
class EventLine:
    """`by` empty: a command on the server. `indicator`: its key, where the event is of one."""

    sequence: int
    at: datetime
    tag: Tag
    label: str
    indicator: int | None
    by: str
    acting_for: str
    reason: str
    changes: tuple[Change, ...]
    hash: str


def event_lines(events: Iterable[EventRecord], labels: Labels) -> Iterator[EventLine]:
    return (_line(event, labels) for event in events)


def indicators_in(events: Iterable[EventRecord]) -> set[int]:
    """Those whose inputs and stages the events name."""
    keys = (_indicator(event.content) for event in events)
    return {key for key in keys if key is not None}


def _line(event: EventRecord, labels: Labels) -> EventLine:
    content = event.content
    key = _indicator(content)
    names = Names()
    if key is not None:
        names = Names(labels.inputs.get(key, {}), labels.stages.get(key, []))
    return EventLine(
        sequence=event.sequence,
        at=event.at,
        tag=action_tag(content["action"]),
        label=content["label"],
        indicator=key,
        by=event.by,
        acting_for=_person(content["acting_for"]),
        reason=content["reason"],
        changes=changes_of(content, names),
        hash=event.hash,
    )


def _indicator(content: Mapping[str, Any]) -> int | None:
    return content["id"] if content["kind"] == "indicator" else None


def _person(person: Mapping[str, Any] | None) -> str:
    """The name of that day, from what was hashed."""
    return "" if person is None else str(person["name"])
