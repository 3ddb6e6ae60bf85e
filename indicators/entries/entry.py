"""One indicator's entry as plain data: what a clerk fills in, and what a save compares.

`flat` is the entry as the history, drafts and comparisons see it: one value a field. A field is
`actual`, `analysis`, `input:<symbol>`, `stage:<number>`, `review:<part>`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from indicators.records import IndicatorRecord, Review
from indicators.scoring.types import Input, InputRow, Method, Milestone

REVIEW_PARTS = ("cause", "action", "responsible", "due")
Rows = tuple[InputRow, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    done: bool | None
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """`inputs` by symbol: a number, or the rows of a list. `stages` in order."""

    inputs: Mapping[str, Decimal | Rows | None] = field(default_factory=dict)
    stages: tuple[Stage, ...] = ()
    actual: Decimal | None = None
    analysis: str = ""
    review: Review = field(default_factory=lambda: Review("", "", "", None))

    def flat(self) -> dict[str, Any]:
        """One plain value a field: numbers and dates as such, rows as [label, number] pairs."""
        values: dict[str, Any] = {"actual": self.actual, "analysis": self.analysis}
        for symbol, value in self.inputs.items():
            plain = [[r.label, r.value] for r in value] if isinstance(value, tuple) else value
            values[f"input:{symbol}"] = plain
        for number, stage in enumerate(self.stages, start=1):
            values[f"stage:{number}"] = [stage.done, stage.done_on]
        for part in REVIEW_PARTS:
            values[f"review:{part}"] = getattr(self.review, part)
        return values


def entry_of(record: IndicatorRecord) -> Entry:
    """What is stored now."""
    spec = record.spec
    return Entry(
        inputs={i.symbol: i.value if i.rows is None else i.rows for i in spec.inputs},
        stages=tuple(Stage(stage.done, stage.done_on) for stage in spec.milestones),
        actual=spec.actual,
        analysis=record.analysis,
        review=record.review or Review("", "", "", None),
    )


def with_entry(record: IndicatorRecord, entry: Entry) -> IndicatorRecord:
    """The record as it would be with this entry: what a preview scores."""
    spec = replace(
        record.spec,
        inputs=tuple(_input(given, entry) for given in record.spec.inputs),
        milestones=tuple(
            Milestone(old.title, old.percent, new.done, new.done_on)
            for old, new in zip(record.spec.milestones, entry.stages, strict=True)
        ),
        actual=entry.actual if record.spec.method is Method.DIRECT else None,
    )
    is_empty = entry.review == Review("", "", "", None)
    review = None if is_empty else entry.review
    return replace(record, spec=spec, analysis=entry.analysis, review=review)


def _input(given: Input, entry: Entry) -> Input:
    value = entry.inputs.get(given.symbol)
    if given.rows is None:
        return replace(given, value=None if isinstance(value, tuple) else value)
    return replace(given, rows=value if isinstance(value, tuple) else ())


def merged(theirs: Entry, mine: Entry, take_mine: frozenset[str]) -> Entry:
    """`theirs` with the named fields of `mine`."""

    def pick(name: str, of_mine: Any, of_theirs: Any) -> Any:
        return of_mine if name in take_mine else of_theirs

    return Entry(
        inputs={
            symbol: pick(f"input:{symbol}", mine.inputs.get(symbol, value), value)
            for symbol, value in theirs.inputs.items()
        },
        stages=tuple(
            pick(f"stage:{number}", own, other)
            for number, (own, other) in enumerate(zip(mine.stages, theirs.stages, strict=True), 1)
        ),
        actual=pick("actual", mine.actual, theirs.actual),
        analysis=pick("analysis", mine.analysis, theirs.analysis),
        review=Review(
            *(
                pick(f"review:{part}", getattr(mine.review, part), getattr(theirs.review, part))
                for part in REVIEW_PARTS
            )
        ),
    )
