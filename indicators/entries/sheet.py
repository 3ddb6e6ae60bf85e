"""One indicator's entry as it is typed: what stands in the fields, and a draft keeps.

`Typed` is what stands in the fields, faults and all. Lists of the same row labels are typed side
by side in one table. Fields are numbered as the indicator's inputs, tables and stages are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal

from indicators.entries.entry import entry_of
from indicators.records import IndicatorRecord
from indicators.scoring.types import Input

MOST_ROWS = 500
FIRST_ROC_YEAR = 1912
CONTROL = {code: None for code in range(32) if code not in (9, 10)} | dict.fromkeys(range(127, 160))


@dataclass(frozen=True, slots=True)
class TypedTable:
    """Lists side by side: `inputs` are their numbers; a column of cells for each."""

    inputs: tuple[int, ...]
    labels: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]

    def rows(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        for number, label in enumerate(self.labels):
            yield label, tuple(column[number] for column in self.columns)

    def filled(self) -> tuple[int, ...]:
        """The numbers of the rows that count: one with neither label nor value does not exist."""
        return tuple(
            number
            for number, (label, cells) in enumerate(self.rows())
            if label.strip() or any(cell.strip() for cell in cells)
        )


@dataclass(frozen=True, slots=True)
class TypedStage:
    done: bool
    done_on: str


@dataclass(frozen=True, slots=True)
class Typed:
    """`values` by number of the input. `none_done`: no stage is done, and that is the answer."""

    values: Mapping[int, str] = field(default_factory=dict)
    tables: tuple[TypedTable, ...] = ()
    stages: tuple[TypedStage, ...] = ()
    none_done: bool = False
    actual: str = ""
    analysis: str = ""
    cause: str = ""
    action: str = ""
    responsible: str = ""
    due: str = ""

    def as_text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def typed_from_text(text: str, record: IndicatorRecord) -> Typed:
    """A draft, as far as it fits the indicator as it is defined now."""
    content = json.loads(text)
    kept = Typed(
        values={int(number): str(value) for number, value in content["values"].items()},
        tables=tuple(
            TypedTable(
                tuple(table["inputs"]),
                tuple(table["labels"]),
                tuple(tuple(column) for column in table["columns"]),
            )
            for table in content["tables"]
        ),
        stages=tuple(TypedStage(**stage) for stage in content["stages"]),
        **{
            name: content[name]
            for name in (
                "none_done",
                "actual",
                "analysis",
                "cause",
                "action",
                "responsible",
                "due",
            )
        },
    )
    return fitting(kept, record)


def typed_from_record(record: IndicatorRecord) -> Typed:
    """What is stored, as the fields show it."""
    entry, spec = entry_of(record), record.spec
    singles = {n: i for n, i in enumerate(spec.inputs) if i.rows is None}
    is_reported = any(stage.done is not None for stage in entry.stages)
    return Typed(
        values={number: _shown(given.value) for number, given in singles.items()},
        tables=tuple(_tables(spec.inputs)),
        stages=tuple(TypedStage(bool(s.done), roc(s.done_on)) for s in entry.stages),
        none_done=is_reported and not any(stage.done for stage in entry.stages),
        actual=_shown(entry.actual),
        analysis=entry.analysis,
        cause=entry.review.cause,
        action=entry.review.action,
        responsible=entry.review.responsible,
        due=roc(entry.review.due),
    )


def clean(text: str) -> str:
    """Without control characters, with plain line breaks."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(CONTROL)


def roc(day: date | None) -> str:
    """A date as it is typed: `108/1/5`."""
    return "" if day is None else f"{day.year - FIRST_ROC_YEAR + 1}/{day.month}/{day.day}"


def _shown(value: Decimal | None) -> str:
    return "" if value is None else format(value, ",f")


def _tables(inputs: Sequence[Input]) -> Iterator[TypedTable]:
    together: dict[tuple[str, ...], list[int]] = {}
    for number, given in enumerate(inputs):
        if given.rows is not None:
            together.setdefault(tuple(row.label for row in given.rows), []).append(number)
    for labels, numbers in together.items():
        columns = tuple(
            tuple(_shown(row.value) for row in inputs[number].rows or ()) for number in numbers
        )
        yield TypedTable(tuple(numbers), labels, columns)


def fitting(typed: Typed, record: IndicatorRecord) -> Typed:
    """With exactly the lists and stages that the indicator has."""
    lists = [number for number, given in enumerate(record.spec.inputs) if given.rows is not None]
    placed = [number for table in typed.tables for number in table.inputs]
    stages = len(record.spec.milestones)
    if sorted(placed) != lists:
        typed = replace(typed, tables=tuple(_tables(record.spec.inputs)))
    if len(typed.stages) != stages:
        typed = replace(typed, stages=typed_from_record(record).stages)
    return typed


# Rows that come, go and move ---------------------------------------------------------------------


def with_rows_changed(typed: Typed, table: int, change: str, row: int = -1) -> Typed:
    """`add`, or `remove`, `up`, `down` for one row of one table; anything else changes nothing."""
    if not 0 <= table < len(typed.tables):
        return typed
    old = typed.tables[table]
    order = _order(list(range(len(old.labels))), change, row)
    new = TypedTable(
        old.inputs,
        tuple(old.labels[n] for n in order),
        tuple(tuple(column[n] for n in order) for column in old.columns),
    )
    if change == "add" and len(new.labels) < MOST_ROWS:
        new = _longer(new, [("", [""] * len(new.inputs))])
    return _with_table(typed, table, new)


def _order(numbers: list[int], change: str, row: int) -> list[int]:
    if not 0 <= row < len(numbers):
        return numbers
    if change == "remove":
        return [n for n in numbers if n != row]
    other = row + {"up": -1, "down": 1}.get(change, 0)
    if 0 <= other < len(numbers):
        numbers[row], numbers[other] = numbers[other], numbers[row]
    return numbers


def with_block(typed: Typed, table: int, block: str) -> Typed:
    """A block copied from a spreadsheet instead of the table's rows: label and values by tab.

    A block with as many columns as there are lists has no labels: those of the rows stay.
    """
    if not 0 <= table < len(typed.tables):
        return typed
    old = typed.tables[table]
    width = len(old.inputs)
    lines = [line.split("\t") for line in clean(block).split("\n") if line.strip()][:MOST_ROWS]
    if not lines:
        return typed
    labelled = max(map(len, lines)) > width
    rows = []
    for number, cells in enumerate(lines):
        known = old.labels[number] if number < len(old.labels) else ""
        label, values = (cells[0].strip(), cells[1:]) if labelled else (known, cells)
        rows.append((label, [*values[:width], *[""] * (width - len(values))]))
    empty = TypedTable(old.inputs, (), tuple(() for _ in old.inputs))
    return _with_table(typed, table, _longer(empty, rows))


def _longer(table: TypedTable, rows: Sequence[tuple[str, Sequence[str]]]) -> TypedTable:
    return TypedTable(
        table.inputs,
        (*table.labels, *(label for label, _ in rows)),
        tuple(
            (*column, *(cells[place] for _, cells in rows))
            for place, column in enumerate(table.columns)
        ),
    )


def _with_table(typed: Typed, number: int, table: TypedTable) -> Typed:
    tables = (*typed.tables[:number], table, *typed.tables[number + 1 :])
    return replace(typed, tables=tables)
