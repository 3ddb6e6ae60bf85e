"""Staff text with bound figures, as paragraphs. The syntax is described in docs/texts.md.

A line is a paragraph; `#. ` begins a numbered item, `##. ` one a level deeper: the official
numbers come from the structure. `{{ … }}` refers to data, so that no number is typed twice.
Text that is not of these forms prints as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from indicators.scorecards.scored import ScoredIndicator, ScoredPlan
from indicators.scorecards.steps import NOT_REPORTED, as_written, input_total, trimmed
from indicators.scoring.formula import FormulaError, Impossible, parse
from indicators.scoring.rounding import grouped, rounded
from indicators.scoring.types import Input

REFERENCE = re.compile(r"\{\{([^{}\n]{1,2100})\}\}")
NAME = re.compile(r"(?:(?P<owner>[a-z0-9_-]+)\.)?(?P<name>[^\[\].\s]+)(?:\[(?P<row>.+)\])?")
FORMULA = re.compile(r"(?P<owner>[a-z0-9_-]+)?\s*=\s*(?P<source>.+)")
ITEM = re.compile(r"(#{1,2})\. +(.*)")
EXACT_PLACES = 6
DIGITS = "一二三四五六七八九"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of staff text with its references filled in; `depth` 0 is running text."""

    text: str
    depth: int


@dataclass(frozen=True, slots=True)
class Problem:
    """A reference that could not be filled in."""

    reference: str
    is_empty: bool  # what it refers to exists and is not entered


class References:
    """What `{{ … }}` may refer to in one plan. Nothing is computed twice."""

    def __init__(self, plan: ScoredPlan) -> None:
        self.plan = plan
        self.figures = {figure.key: figure for figure in plan.record.figures}
        self.indicators = {
            item.record.lineage: item for item in plan.indicators() if item.record.lineage
        }
        self._known: dict[tuple[str, int], str | None] = {}

    def fill(self, text: str, within: ScoredIndicator | None, problems: list[Problem]) -> str:
        """`text` with its references replaced; `within` is the indicator whose text it is."""

        def replace(match: re.Match[str]) -> str:
            reference = match.group(1).strip()
            value = self._value(reference, within)
            if value is None or value == NOT_REPORTED:
                problems.append(Problem(reference, is_empty=value is not None))
            return match.group(0) if value is None else value

        return REFERENCE.sub(replace, text)

    def _value(self, reference: str, within: ScoredIndicator | None) -> str | None:
        key = reference, id(within)
        if key not in self._known:
            self._known[key] = self._look_up(reference, within)
        return self._known[key]

    def _look_up(self, reference: str, within: ScoredIndicator | None) -> str | None:
        if (formula := FORMULA.fullmatch(reference)) is not None:
            item = self.indicators.get(formula["owner"]) if formula["owner"] else within
            return _formula_value(formula["source"], item) if item else None
        match = NAME.fullmatch(reference)
        if match is None:
            return None
        owner, name, row = match["owner"], match["name"], match["row"]
        if owner == "plan" and row is None:
            return _plan_value(self.plan, name)
        if owner:
            item = self.indicators.get(owner)
            return _indicator_value(item, name, row) if item else None
        value = _indicator_value(within, name, row) if within else None
        if value is None and row is None and name in self.figures:
            return as_written(self.figures[name].value)
        return value


def _plan_value(plan: ScoredPlan, name: str) -> str | None:
    totals = plan.totals
    values: dict[str, Callable[[], str]] = {
        "year": lambda: str(plan.record.year),
        "indicators": lambda: str(totals.indicators),
        "met": lambda: str(totals.met),
        "missed": lambda: str(totals.missed),
        "not_reported": lambda: str(totals.not_reported),
        "total": lambda: trimmed(totals.score),
    }
    return values[name]() if name in values else None


def _indicator_value(item: ScoredIndicator, name: str, row: str | None) -> str | None:
    if row is None and name in RESULTS:
        return RESULTS[name](item)
    entry = next((entry for entry in item.spec.inputs if entry.symbol == name), None)
    return _input_value(entry, row) if entry else None


RESULTS: dict[str, Callable[[ScoredIndicator], str]] = {
    "target": lambda item: grouped(item.spec.target),
    "weight": lambda item: grouped(item.spec.weight),
    "actual": lambda item: _or_dash(item.result.actual, grouped),
    "achievement": lambda item: _or_dash(item.result.achievement, trimmed),
    "score": lambda item: trimmed(item.result.score),
    "calculation": lambda item: item.result.calculation or NOT_REPORTED,
}


def _or_dash(value: T | None, write: Callable[[T], str]) -> str:
    return NOT_REPORTED if value is None else write(value)


def _input_value(entry: Input, row: str | None) -> str | None:
    if row is None:
        return input_total(entry)
    found = [line.value for line in entry.rows or () if line.label == row]
    return as_written(found[0]) if len(found) == 1 else None


def _formula_value(source: str, item: ScoredIndicator) -> str | None:
    """A formula over an indicator's inputs; only an exact result is printed."""
    inputs = {entry.symbol: entry for entry in item.spec.inputs}
    try:
        value = parse(source.strip(), inputs).evaluate(inputs)
    except FormulaError:
        return None
    except Impossible:
        return NOT_REPORTED
    exact = rounded(value, EXACT_PLACES)
    return grouped(exact) if Fraction(exact) == value else None


def lines(text: str) -> Iterator[Line]:
    """The paragraphs of a staff text; blank lines only separate."""
    for line in re.split(r"\r\n|\r|\n", text):
        if not line.strip():
            continue
        item = ITEM.fullmatch(line.strip())
        if item:
            yield Line(item[2].strip(), len(item[1]))
        else:
            yield Line(line.strip(), 0)


# Official numbering: 壹、 一、 (一) 1、 (1) -----------------------------------------------------


def chinese(number: int) -> str:
    """1 to 99 in Chinese: 十, 十一, 二十, 三十二; higher numbers in digits."""
    if not 1 <= number <= 99:
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else DIGITS[tens - 1] + "十"
    return head + (DIGITS[ones - 1] if ones else "")


FORMAL = "壹貳參肆伍陸柒捌玖"


def formal(number: int) -> str:
    """As `chinese`, with the numerals of the first level: 壹, 貳, 拾, 拾壹."""
    return "".join(
        FORMAL[DIGITS.index(digit)] if digit in DIGITS else digit.replace("十", "拾")
        for digit in chinese(number)
    )


def marker(level: int, number: int) -> str:
    """The printed number of a heading or item; level 1 is the part, 6 and deeper repeat 5."""
    if level == 1:
        return f"{formal(number)}、"
    if level == 2:
        return f"{chinese(number)}、"
    if level == 3:
        return f"({chinese(number)})"
    return f"{number}、" if level == 4 else f"({number})"
