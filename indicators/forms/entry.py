"""One indicator's entry from a browser: what was posted, then what it means.

A finding says of each field that can't be read what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from indicators.entries import (
    MOST_ROWS,
    Entry,
    Stage,
    Typed,
    TypedStage,
    TypedTable,
    clean,
    fitting,
    typed_from_record,
)
from indicators.entry_checks import Finding, Level
from indicators.forms.typed import to_date, to_number
from indicators.models.fields import TEXT_LENGTH, TITLE_LENGTH
from indicators.records import IndicatorRecord, Review
from indicators.scoring.types import Input, InputRow, Method, Sentence

T = TypeVar("T")


def typed_from_post(post: QueryDict, record: IndicatorRecord) -> Typed:
    """Whatever a browser sends. A field that is not there at all stays as it is stored.

    A page that was cut off while it was loading sends only its first fields.
    """
    spec, stored = record.spec, typed_from_record(record)

    def one(name: str, kept: str) -> str:
        return clean(post.get(name, kept))

    typed = Typed(
        values={n: one(f"v-{n}", kept) for n, kept in stored.values.items()},
        tables=tuple(
            _posted_table(post, number, spec.inputs) for number in range(_tables_in(post))
        ),
        stages=tuple(_posted_stage(post, n, kept) for n, kept in enumerate(stored.stages)),
        none_done="none-done" in post or ("analysis" not in post and stored.none_done),
        actual=one("actual", stored.actual),
        analysis=one("analysis", stored.analysis),
        cause=one("cause", stored.cause),
        action=one("action", stored.action),
        responsible=one("responsible", stored.responsible),
        due=one("due", stored.due),
    )
    return fitting(typed, record)


def _tables_in(post: QueryDict) -> int:
    """Of those that came whole: the block to paste into stands behind the rows."""
    return sum(name.startswith("block-") for name in post)


def _posted_stage(post: QueryDict, number: int, kept: TypedStage) -> TypedStage:
    """A box that isn't ticked is not sent, but the date beside it is."""
    if f"done-on-{number}" not in post:
        return kept
    return TypedStage(f"done-{number}" in post, clean(post.get(f"done-on-{number}", "")))


def _posted_table(post: QueryDict, number: int, inputs: Sequence[Input]) -> TypedTable:
    asked = post.get(f"table-{number}", "").split(",", len(inputs) + 1)
    known = {str(n): n for n in range(len(inputs))}
    numbers = tuple(known[part] for part in asked if part in known)
    labels = tuple(map(clean, post.getlist(f"label-{number}")))[:MOST_ROWS]
    columns = tuple(_column(post.getlist(f"c-{n}"), len(labels)) for n in numbers)
    return TypedTable(numbers, labels, columns)


def _column(cells: list[str], length: int) -> tuple[str, ...]:
    kept = [clean(cell) for cell in cells[:length]]
    return (*kept, *[""] * (length - len(kept)))


@dataclass(slots=True)
class Reading:
    """Collects what can't be read, each with its field, while the rest is read."""

    faults: list[Finding] = field(default_factory=list)

    def number(self, typed: str, field: str, name: str, row: int | None = None) -> Decimal | None:
        return self._read(to_number, typed, field, name, row)

    def date(self, typed: str, field: str, name: str) -> date | None:
        return self._read(to_date, typed, field, name, None)

    def text(self, typed: str, field: str, name: str, longest: int) -> str:
        if len(typed) > longest:
            params = {"name": name, "limit": longest, "count": len(typed)}
            self.fault(field, _("%(name)s最多 %(limit)s 個字，目前 %(count)s 個字。") % params)
        return typed

    def fault(self, field: str, sentence: str, row: int | None = None) -> None:
        said = Sentence("%(sentence)s", {"sentence": sentence})
        self.faults.append(Finding(Level.ERROR, field, said, row))

    def _read(
        self, read: Callable[[str], T], typed: str, field: str, name: str, row: int | None
    ) -> T | None:
        try:
            return read(typed)
        except ValueError as error:
            params = {"name": name, "fault": str(error)}
            self.fault(field, _("%(name)s：%(fault)s") % params, row)
            return None


def read_entry(typed: Typed, record: IndicatorRecord) -> tuple[Entry, list[Finding]]:
    """The entry, with None where something can't be read, and a finding for each such field."""
    reading, spec = Reading(), record.spec
    inputs: dict[str, Decimal | tuple[InputRow, ...] | None] = {}
    for number, given in enumerate(spec.inputs):
        if given.rows is None:
            name = given.label or given.symbol
            raw = typed.values.get(number, "")
            inputs[given.symbol] = reading.number(raw, f"input:{given.symbol}", name)
    for table in typed.tables:
        inputs.update(_read_table(table, spec.inputs, reading))
    entry = Entry(
        inputs={given.symbol: inputs[given.symbol] for given in spec.inputs},
        stages=tuple(_read_stages(typed, record, reading)),
        actual=reading.number(typed.actual, "actual", pgettext("heading", "達成目標值"))
        if spec.method is Method.DIRECT
        else None,
        analysis=reading.text(typed.analysis, "analysis", _("分析"), TEXT_LENGTH),
        review=_read_review(typed, reading),
    )
    return entry, reading.faults


def _read_table(
    table: TypedTable, inputs: Sequence[Input], reading: Reading
) -> Iterator[tuple[str, tuple[InputRow, ...]]]:
    """A row without a label gets its number."""
    rows = list(table.rows())
    kept = [(number, rows[number][0].strip(), rows[number][1]) for number in table.filled()]
    labels = [label or _("第 %(number)s 列") % {"number": n + 1} for n, label, _cells in kept]
    for label, (number, _label, _cells) in zip(labels, kept, strict=True):
        first = inputs[table.inputs[0]]
        name = _("第 %(number)s 列的名稱") % {"number": number + 1}
        reading.text(label, f"input:{first.symbol}", name, TITLE_LENGTH)
    for place, index in enumerate(table.inputs):
        given = inputs[index]
        name = given.label or given.symbol
        yield (
            given.symbol,
            tuple(
                InputRow(
                    label,
                    reading.number(
                        cells[place], f"input:{given.symbol}", f"{label} {name}", number
                    ),
                )
                for label, (number, _label, cells) in zip(labels, kept, strict=True)
            ),
        )


def _read_stages(typed: Typed, record: IndicatorRecord, reading: Reading) -> Iterator[Stage]:
    """Nothing ticked and `none_done` not either: not entered."""
    is_reported = typed.none_done or any(stage.done for stage in typed.stages)
    pairs = zip(typed.stages, record.spec.milestones, strict=True)
    for number, (stage, defined) in enumerate(pairs, start=1):
        day = reading.date(stage.done_on, f"stage:{number}", defined.title)
        if day and not stage.done:
            sentence = _("「%(title)s」填了完成日期但沒有勾選完成，請核對。")
            reading.fault(f"stage:{number}", sentence % {"title": defined.title})
            day = None
        yield Stage(stage.done if is_reported else None, day if stage.done else None)


def _read_review(typed: Typed, reading: Reading) -> Review:
    return Review(
        cause=reading.text(typed.cause, "review:cause", _("未達原因"), TEXT_LENGTH),
        action=reading.text(typed.action, "review:action", _("改善措施"), TEXT_LENGTH),
        responsible=reading.text(
            typed.responsible, "review:responsible", _("負責人或單位"), TITLE_LENGTH
        ).strip(),
        due=reading.date(typed.due, "review:due", _("完成期限")),
    )
