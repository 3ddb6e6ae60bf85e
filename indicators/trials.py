"""What-if: values that only an address moves, and what they make of an indicator. Pure.

A key names what is moved: `i12` the actual of indicator 12, `i12.t` its target, `i12.1` its first
input, `i12.1.3` that input's third row, `i12.m2` its second milestone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from indicators.records import IndicatorRecord
from indicators.scoring.rounding import plain
from indicators.scoring.trend import with_actual
from indicators.scoring.types import Direction, Indicator, Input, InputRow, Milestone

Value = Decimal | bool
T = TypeVar("T")


class Kind(StrEnum):
    ACTUAL = "actual"
    TARGET = "target"
    INPUT = "input"
    STAGE = "stage"


@dataclass(frozen=True, slots=True)
class Movable:
    """One value that can be moved. `stored` None: not entered. `name`: of an input or a stage.

    `has_floor`: it can't be below 0.
    """

    key: str
    kind: Kind
    stored: Value | None
    name: str = ""
    unit: str = ""
    has_floor: bool = False


def movables(record: IndicatorRecord, actual: Decimal | None) -> Iterator[Movable]:
    """In the order of the page; `actual` is the printed one, taken without trailing zeros."""
    actual = None if actual is None else Decimal(plain(actual))
    spec, key = record.spec, f"i{record.pk}"
    yield Movable(key, Kind.ACTUAL, actual, unit=spec.unit)
    floor = spec.direction is not Direction.EQUAL
    yield Movable(f"{key}.t", Kind.TARGET, spec.target, unit=spec.unit, has_floor=floor)
    for number, given in enumerate(spec.inputs, start=1):
        yield from _of_input(f"{key}.{number}", given)
    for number, stage in enumerate(spec.milestones, start=1):
        yield Movable(f"{key}.m{number}", Kind.STAGE, stage.done, stage.title)


def _of_input(key: str, given: Input) -> Iterator[Movable]:
    name = given.label or given.symbol
    if given.rows is None:
        yield Movable(key, Kind.INPUT, given.value, name, given.unit)
        return
    for number, row in enumerate(given.rows, start=1):
        label = f"{name}　{row.label}"
        yield Movable(f"{key}.{number}", Kind.INPUT, row.value, label, given.unit)


def moved(record: IndicatorRecord, moves: Mapping[str, Value]) -> IndicatorRecord:
    """With those of the moves that are this indicator's; a moved actual stands above its inputs."""
    key, spec = f"i{record.pk}", record.spec
    spec = replace(
        spec,
        target=_number(moves, f"{key}.t", spec.target),
        inputs=tuple(
            _input(given, f"{key}.{number}", moves)
            for number, given in enumerate(spec.inputs, start=1)
        ),
        milestones=tuple(
            _stage(stage, moves.get(f"{key}.m{number}"))
            for number, stage in enumerate(spec.milestones, start=1)
        ),
    )
    return replace(record, spec=_with_actual(spec, moves.get(key)))


def _with_actual(spec: Indicator, actual: Value | None) -> Indicator:
    return with_actual(spec, actual) if isinstance(actual, Decimal) else spec


def _input(given: Input, key: str, moves: Mapping[str, Value]) -> Input:
    if given.rows is None:
        return replace(given, value=_number(moves, key, given.value))
    rows = tuple(
        InputRow(row.label, _number(moves, f"{key}.{number}", row.value))
        for number, row in enumerate(given.rows, start=1)
    )
    return replace(given, rows=rows)


def _stage(stage: Milestone, done: Value | None) -> Milestone:
    return replace(stage, done=done, done_on=None) if isinstance(done, bool) else stage


def _number(moves: Mapping[str, Value], key: str, stored: T) -> Decimal | T:
    value = moves.get(key)
    return value if isinstance(value, Decimal) else stored


def as_text(value: Value) -> str:
    """As it stands in an address."""
    return format(value, "f") if isinstance(value, Decimal) else str(int(value))
