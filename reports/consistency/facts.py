"""What the data say: each recorded number with its names, its unit and whose it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from indicators.scorecards.scored import ScoredIndicator
from indicators.scoring.formula import FormulaError, Impossible, parse
from indicators.scoring.rounding import exact_sum, grouped, plain
from indicators.scoring.types import Input, Method
from reports.consistency.context import Context, Passage
from reports.consistency.wording import normalised


@dataclass(frozen=True, slots=True)
class Fact:
    """A recorded number. `names` are what texts may call it, normalised."""

    names: tuple[str, ...]
    value: Decimal
    unit: str
    rows: Mapping[str, Decimal]  # of a list: its rows by their label

    @property
    def key(self) -> str:
        return plain(self.value)

    @property
    def title(self) -> str:
        """The name to show: the label if there is one."""
        return self.names[-1]

    def __str__(self) -> str:
        return grouped(self.value) + ("%" if self.unit == "%" else "")


def input_facts(item: ScoredIndicator) -> Iterator[Fact]:
    for entry in item.spec.inputs:
        value = total_of(entry)
        if value is not None:
            names = (normalised(entry.symbol), normalised(entry.label))
            rows = {normalised(row.label): row.value for row in entry.rows or () if row.value}
            yield Fact(tuple(name for name in names if name), value, entry.unit, rows)


def total_of(entry: Input) -> Decimal | None:
    """An input's value, of a list the sum; None if something is not entered."""
    if entry.rows is None:
        return entry.value
    values = [row.value for row in entry.rows]
    known = [value for value in values if value is not None]
    return exact_sum(known) if known and len(known) == len(values) else None


def result_fact(item: ScoredIndicator) -> Iterator[Fact]:
    """The official actual, under the indicator's title and its measure in words."""
    if item.result.actual is not None:
        names = (normalised(item.record.measure), normalised(item.spec.title))
        found = tuple(name for name in names if name)
        yield Fact(found, item.result.actual, item.spec.unit, {})


def figure_facts(context: Context) -> Iterator[Fact]:
    for figure in context.plan.record.figures:
        if figure.value is not None:
            yield Fact((normalised(figure.label),), figure.value, figure.unit, {})


def facts_about(passage: Passage) -> list[Fact]:
    """The inputs and results of the indicators that a text is about."""
    return [
        fact for item in passage.indicators() for fact in (*input_facts(item), *result_fact(item))
    ]


def recorded_keys(item: ScoredIndicator) -> Iterator[str]:
    """Every number that is recorded for an indicator: those may stand in its texts."""
    spec, result, record = item.spec, item.result, item.record
    for fact in input_facts(item):
        yield fact.key
        yield from map(plain, fact.rows.values())
    numbers = [spec.target, spec.weight, result.actual, record.previous_target]
    numbers += [record.previous_actual, spec.actual, *(stage.percent for stage in spec.milestones)]
    yield from (plain(number) for number in numbers if number is not None)


def exact_actual(item: ScoredIndicator) -> Fraction | None:
    """The actual before its rounding."""
    spec = item.spec
    if spec.method != Method.FORMULA:
        actual = spec.actual if spec.method == Method.DIRECT else item.result.actual
        return None if actual is None else Fraction(actual)
    inputs = {entry.symbol: entry for entry in spec.inputs}
    try:
        value = parse(spec.formula, inputs).evaluate(inputs)
    except (FormulaError, Impossible):
        return None
    return value * (100 if spec.unit == "%" else 1)
