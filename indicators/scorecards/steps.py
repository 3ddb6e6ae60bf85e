"""How a figure came about, written so that its reader can redo it: page and annex print these."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from indicators.scoring.rounding import exact_sum, grouped, two_places
from indicators.scoring.types import (
    Direction,
    Indicator,
    IndicatorResult,
    Input,
    LowerPolicy,
    Sentence,
    gettext_noop,
)

NOT_REPORTED = "—"


def with_unit(number: str, unit: str) -> str:
    """Only % stands with its number in a report's table; other units stand in the words."""
    return f"{number}%" if unit == "%" else number


def target_text(spec: Indicator) -> str:
    """`83%`, `≤120`."""
    sign = "≤" if spec.direction == Direction.LOWER else ""
    return sign + with_unit(grouped(spec.target), spec.unit)


def actual_text(spec: Indicator, result: IndicatorResult) -> str:
    if result.actual is None:
        return NOT_REPORTED
    return with_unit(grouped(result.actual), spec.unit)


def trimmed(value: Fraction) -> str:
    """At most two decimals: `100`, `87.5`, `80.87`."""
    text = two_places(value)
    return text.rstrip("0").rstrip(".")


def _number(value: Decimal | None) -> str:
    return NOT_REPORTED if value is None else grouped(value)


def ratio_text(spec: Indicator, result: IndicatorResult, policy: LowerPolicy) -> str:
    """The achievement as an expression in the printed actual and target: `9÷10`."""
    actual, target = _number(result.actual), grouped(spec.target)
    if spec.direction == Direction.HIGHER:
        return f"{actual}÷{target}"
    if spec.direction == Direction.EQUAL:
        return f"1-|{actual}-{target}|÷|{target}|"
    if policy == LowerPolicy.RATIO:
        return f"{target}÷{actual}"
    return f"1-({actual}-{target})÷{target}"


def achievement_step(spec: Indicator, result: IndicatorResult, policy: LowerPolicy) -> Sentence:
    """`87÷83=104.82%，以 100% 為限 → 100.00%`; — where nothing is reported."""
    if result.achievement is None:
        return _plainly(NOT_REPORTED)
    held = f"{two_places(result.achievement)}%"
    if result.uncapped is None:
        template = MEETS if result.achievement else MEETS_NOT
        actual = _number(result.actual)
        return Sentence(template, {"actual": actual, "target": target_text(spec), "held": held})
    step = f"{ratio_text(spec, result, policy)}={two_places(result.uncapped)}%"
    if result.uncapped == result.achievement:
        return _plainly(step)
    limit = "100%" if result.uncapped > result.achievement else "0%"
    return Sentence(HELD, {"step": step, "limit": limit, "held": held})


MEETS = gettext_noop("實際 %(actual)s 符合目標 %(target)s → %(held)s")
MEETS_NOT = gettext_noop("實際 %(actual)s 不符合目標 %(target)s → %(held)s")
HELD = gettext_noop("%(step)s，以 %(limit)s 為限 → %(held)s")


def _plainly(step: str) -> Sentence:
    """What reads the same in every language."""
    return Sentence("%(step)s", {"step": step})


def score_step(spec: Indicator, result: IndicatorResult, policy: LowerPolicy) -> str:
    """`15×100%=15.00`; where the achievement was rounded, `15×(7.5÷8)=14.06` from the figures."""
    if result.achievement is None:
        return NOT_REPORTED
    weight, score = grouped(spec.weight), two_places(result.score)
    if result.achievement in (0, 100):
        return f"{weight}×{result.achievement}%={score}"
    return f"{weight}×({ratio_text(spec, result, policy)})={score}"


# Inputs as they were entered ----------------------------------------------------------------


def as_written(value: Decimal | None) -> str:
    """With thousands separators and the decimals that were entered: `2,842`, `18.70`."""
    return NOT_REPORTED if value is None else format(value, ",f")


def input_total(entry: Input) -> str:
    """A single value as written, a list's sum; — while any of it is not entered."""
    if entry.rows is None:
        return as_written(entry.value)
    values = [row.value for row in entry.rows if row.value is not None]
    if not values or len(values) < len(entry.rows):
        return NOT_REPORTED
    return grouped(exact_sum(values))
