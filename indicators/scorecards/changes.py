"""What has changed in an entry since it was last returned, field by field."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from indicators.entries import entry_from_stored, entry_of, with_entry
from indicators.history.canonical import canonical
from indicators.models import Evidence, Indicator, Step
from indicators.queries import policy_of
from indicators.records import IndicatorRecord
from indicators.scorecards.field_words import field_words, place_words
from indicators.scorecards.signs import signed
from indicators.scorecards.text_diff import Piece, text_diff
from indicators.scorecards.words import done_word
from indicators.scoring.aggregation import score_indicator
from indicators.scoring.rounding import difference, grouped

MISSING = "—"
Values = Mapping[str, Any]  # an entry's flat form as JSON has it
Printer = Callable[[IndicatorRecord, str], str]  # a text of an indicator as the report prints it
TEXTS = ("analysis", "review:cause", "review:action")


@dataclass(frozen=True, slots=True)
class Change:
    """A figure or a choice before and now; `pieces` instead where it is a text."""

    label: str
    before: str = ""
    after: str = ""
    difference: str = ""
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceChange:
    """`is_added` False: withdrawn."""

    pk: int
    place: str
    name: str
    is_added: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    since: datetime
    changes: tuple[Change, ...]
    evidence: tuple[EvidenceChange, ...]
    unchanged: tuple[str, ...]  # fields in words

    @property
    def count(self) -> int:
        return len(self.changes) + len(self.evidence)

    @property
    def unchanged_words(self) -> str:
        return gettext("、").join(self.unchanged)


def since_return(row: Indicator, record: IndicatorRecord, printed: Printer) -> Comparison | None:
    """None where it was never returned. 2 queries."""
    last = row.steps.filter(name=Step.Name.RETURN).order_by("-pk").first()
    if last is None:
        return None
    stored = json.loads(last.content)
    earlier = with_entry(record, entry_from_stored(stored, record))
    before, after = _printed(stored, earlier, printed), _printed(_plain(record), record, printed)
    words = _labels(record)
    changed = [name for name in words if before.get(name) != after.get(name)]
    changes = [c for name in changed for c in _field(words[name], name, before, after)]
    return Comparison(
        since=last.at,
        changes=(*_actual(row, record, earlier), *changes),
        evidence=tuple(_evidence(row, record, last.at)),
        unchanged=tuple(w for name, w in words.items() if name not in changed and after.get(name)),
    )


def _labels(record: IndicatorRecord) -> dict[str, str]:
    """Evidence is no field of the entry; an input's unit stands with its name."""
    words = {name: word for name, word in field_words(record).items() if name != "evidence"}
    units = {f"input:{given.symbol}": given.unit for given in record.spec.inputs}
    return {name: _with_unit(word, units.get(name, "")) for name, word in words.items()}


def _with_unit(label: str, unit: str) -> str:
    return gettext("%(label)s（%(unit)s）") % {"label": label, "unit": unit} if unit else label


def _plain(record: IndicatorRecord) -> Values:
    plain: Values = json.loads(canonical(entry_of(record).flat()))
    return plain


def _printed(values: Values, record: IndicatorRecord, printed: Printer) -> Values:
    """Its texts with their references filled in."""
    texts = {name: printed(record, values[name]) for name in TEXTS if values.get(name)}
    return {**values, **texts}


# Fields -------------------------------------------------------------------------------------------


def _field(label: str, name: str, before: Values, after: Values) -> Iterator[Change]:
    old, new = before.get(name), after.get(name)
    kind = name.partition(":")[0]
    if kind == "input" and (isinstance(old, list) or isinstance(new, list)):
        yield from _rows(label, old or [], new or [])
    elif kind == "stage":
        yield Change(label, _stage(old), _stage(new))
    elif name == "review:due":
        yield Change(label, _day(old), _day(new))
    elif kind in {"input", "actual"}:
        yield _number(label, old, new)
    else:
        yield Change(label, pieces=text_diff(old or "", new or ""))


def _number(label: str, old: str | None, new: str | None) -> Change:
    return Change(label, _figure(old), _figure(new), _difference(old, new))


def _rows(label: str, old: list[Any], new: list[Any]) -> Iterator[Change]:
    before, after = _by_label(old), _by_label(new)
    for key in dict.fromkeys([*before, *after]):
        if before.get(key, MISSING) != after.get(key, MISSING):
            yield _number(f"{label}　{key[0]}", before.get(key), after.get(key))


def _by_label(rows: list[Any]) -> dict[tuple[str, int], str | None]:
    """The second row of the same label is another row."""
    seen: Counter[str] = Counter()
    found = {}
    for label, value in rows:
        seen[label] += 1
        found[label, seen[label]] = value
    return found


def _figure(value: str | None) -> str:
    return MISSING if value is None else grouped(Decimal(value))


def _difference(old: str | None, new: str | None) -> str:
    if old is None or new is None:
        return ""
    return signed(difference(Decimal(new), Decimal(old)))


def _stage(value: Any) -> str:
    done, day = value or (None, None)
    return f"{done_word(done)}　{_day(day)}" if day else done_word(done)


def _day(value: str | None) -> str:
    if value is None:
        return MISSING
    day = date.fromisoformat(value)
    parts = {"year": day.year - 1911, "month": day.month, "day": day.day}
    return gettext("%(year)s年%(month)s月%(day)s日") % parts


# The result, and the evidence ---------------------------------------------------------------------


def _actual(row: Indicator, record: IndicatorRecord, earlier: IndicatorRecord) -> Iterator[Change]:
    """The actual that the earlier entry came to."""
    policy, label = policy_of(row.plan), place_words(record, "actual")
    was = score_indicator(earlier.spec, policy).actual
    now = score_indicator(record.spec, policy).actual
    if was != now and "actual" not in field_words(record):
        yield _number(_with_unit(label, record.spec.unit), _text(was), _text(now))


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _evidence(row: Indicator, record: IndicatorRecord, since: datetime) -> Iterator[EvidenceChange]:
    for proof in Evidence.objects.filter(indicator=row).order_by("pk"):
        place = place_words(record, f"evidence:{proof.about}")
        is_added, is_gone = proof.added_at > since, proof.withdrawn_at is not None
        if is_added and not is_gone:
            yield EvidenceChange(proof.pk, place, proof.name, is_added=True)
        elif not is_added and proof.withdrawn_at is not None and proof.withdrawn_at > since:
            yield EvidenceChange(proof.pk, place, proof.name, is_added=False)
