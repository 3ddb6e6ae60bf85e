"""An indicator over its years: the change, and whether years can be compared. Rules: README.md."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from enum import StrEnum

from indicators.scoring.rounding import difference
from indicators.scoring.tokens import FormulaError, tokenize
from indicators.scoring.types import Indicator, Method


class Part(StrEnum):
    """What makes two years' figures mean the same; targets and weights may differ."""

    UNIT = "unit"
    DIRECTION = "direction"
    METHOD = "method"
    FORMULA = "formula"
    DECIMALS = "decimals"


def redefined(earlier: Indicator, later: Indicator) -> tuple[Part, ...]:
    """What of the definition differs; empty where the two years can be compared.

    Blanks and full-width forms make no other formula.
    """
    pairs = {
        Part.UNIT: (earlier.unit, later.unit),
        Part.DIRECTION: (earlier.direction, later.direction),
        Part.METHOD: (earlier.method, later.method),
        Part.FORMULA: (_words(earlier.formula), _words(later.formula)),
        Part.DECIMALS: (earlier.decimals, later.decimals),
    }
    if earlier.method is not later.method:  # the formula's change is that of the method
        del pairs[Part.FORMULA]
    return tuple(part for part, (was, now) in pairs.items() if was != now)


def change(earlier: Decimal | None, later: Decimal | None) -> Decimal | None:
    """later − earlier, exactly, of printed figures; None where one is not reported."""
    if earlier is None or later is None:
        return None
    return difference(later, earlier)


def with_actual(indicator: Indicator, actual: Decimal) -> Indicator:
    """The same indicator as if `actual` were its result: for what-if questions."""
    return replace(
        indicator, method=Method.DIRECT, actual=actual, inputs=(), formula="", milestones=()
    )


def _words(formula: str) -> tuple[str, ...]:
    """A formula that can't be read is compared as it is written."""
    try:
        return tuple(token.operator for token in tokenize(formula))
    except FormulaError:
        return (formula,)
