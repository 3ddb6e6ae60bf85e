"""What an event changed: one line a field, in words, before and after."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext

from indicators.models.follow_ups import OutcomeChoice
from indicators.models.interim_choices import GatherChoice, PathChoice, PeriodChoice
from indicators.models.plan import IndicatorStatus, PlanStatus
from indicators.scorecards.field_words import Names, field_word
from indicators.scorecards.steps import as_written
from indicators.scorecards.words import done_word

ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
ISO_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T[\d:.]+Z")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
NUMBERS = {"actual", "value", "previous"}
CHOICES: Mapping[str, type[TextChoices]] = {
    "outcome": OutcomeChoice,
    "period": PeriodChoice,
    "path": PathChoice,
    "gather": GatherChoice,
}
TEXTS = {
    "analysis",
    "source",
    "review:cause",
    "review:action",
    "review:responsible",
    "name",
    "said",
}
Value = str | date | datetime | None


@dataclass(frozen=True, slots=True)
class Change:
    field: str
    before: Value
    after: Value


def changes_of(content: Mapping[str, Any], names: Names) -> tuple[Change, ...]:
    before, after = content.get("before") or {}, content.get("after") or {}
    kind = str(content.get("kind", ""))
    fields = dict.fromkeys([*before, *after])
    return tuple(
        change
        for field in fields
        for change in _changes(field, before.get(field), after.get(field), names, kind)
    )


def _changes(field: str, old: Any, new: Any, names: Names, kind: str) -> Iterator[Change]:
    word = field_word(field, names)
    if field.startswith("input:") and (_is_rows(old) or _is_rows(new)):
        for label, one, other in _rows(old or [], new or []):
            yield Change(_pair(word, label), _number(one), _number(other))
        return
    before, after = _value(field, old, kind), _value(field, new, kind)
    if (before, after) != (None, None):
        yield Change(word, before, after)


def _pair(word: str, label: object) -> str:
    return gettext("%(word)s：%(label)s") % {"word": word, "label": label}


def _is_rows(value: Any) -> bool:
    return isinstance(value, list)


def _rows(old: list[Any], new: list[Any]) -> Iterator[tuple[str, Any, Any]]:
    """Only rows that differ, by label; the second of the same label is told apart."""
    one, other = _by_label(old), _by_label(new)
    for label in dict.fromkeys([*one, *other]):
        if label not in one or label not in other or one[label] != other[label]:
            yield label, one.get(label), other.get(label)


def _by_label(rows: list[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for label, value in rows:
        name, number = label, 1
        while name in found:
            number += 1
            name = f"{label} ({number})"
        found[name] = value
    return found


def _value(field: str, value: Any, kind: str) -> Value:
    """As a reader knows it; None where there is nothing."""
    if value is None or value == "" or value == []:
        return None
    if field == "status":
        return _status(value, kind)
    if field.startswith("stage:"):
        return _stage(value)
    if field.startswith(("input:", "interim:")) or field in NUMBERS:
        return _number(value)
    if choices := CHOICES.get(field.partition(":")[0]):
        return str(dict(choices.choices).get(value, value))
    return _plain(value, is_text=field in TEXTS)


def _status(value: str, kind: str) -> str:
    states: type[IndicatorStatus] | type[PlanStatus]
    states = IndicatorStatus if kind == "indicator" else PlanStatus
    return str(states(value).label) if value in states.values else str(value)


def _stage(value: Any) -> Value:
    done, day = value if isinstance(value, list) and len(value) == 2 else (value, None)
    word = done_word(done) if isinstance(done, bool) or done is None else str(done)
    if day is None:
        return word
    return gettext("%(word)s，%(day)s") % {"word": word, "day": _iso_words(day)}


def _iso_words(day: str) -> str:
    """108/1/5: as it is typed."""
    year, month, number = map(int, day.split("-"))
    return f"{year - 1911}/{month}/{number}"


def _number(value: Any) -> str | None:
    if value is None:
        return None
    text = str(value)
    return as_written(Decimal(text)) if NUMBER.fullmatch(text) else text


def _plain(value: Any, *, is_text: bool) -> Value:
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if isinstance(value, list):
        return gettext("、").join(map(str, value))
    if isinstance(value, Mapping):
        return gettext("、").join(_pair(key, item) for key, item in value.items())
    text = str(value)
    if not is_text and ISO_DATE.fullmatch(text):
        return date.fromisoformat(text)
    if not is_text and ISO_TIME.fullmatch(text):
        return datetime.fromisoformat(text)
    return text
