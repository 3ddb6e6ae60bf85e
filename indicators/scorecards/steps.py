"""How a figure came about, written so that its reader can redo it: page and annex print these."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from indicators.scoring.rounding import grouped, two_places
from indicators.scoring.types import Direction, Indicator, IndicatorResult, LowerPolicy

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


def achievement_step(spec: Indicator, result: IndicatorResult, policy: LowerPolicy) -> str:
    """`87÷83=104.82%，以100%為限→100.00%`; — where nothing is reported."""
    if result.achievement is None:
        return NOT_REPORTED
    held = two_places(result.achievement) + "%"
    if result.uncapped is None:
        met = "符合" if result.achievement == 100 else "不符合"
        return f"實際 {_number(result.actual)} {met}目標 {target_text(spec)} → {held}"
    step = f"{ratio_text(spec, result, policy)}={two_places(result.uncapped)}%"
    if result.uncapped == result.achievement:
        return step
    limit = "100%" if result.uncapped > 100 else "0%"
    return f"{step}，以 {limit} 為限 → {held}"


def score_step(spec: Indicator, result: IndicatorResult, policy: LowerPolicy) -> str:
    """`15×100%=15.00`; where the achievement was rounded, `15×(7.5÷8)=14.06` from the figures."""
    if result.achievement is None:
        return NOT_REPORTED
    weight, score = grouped(spec.weight), two_places(result.score)
    if result.achievement in (0, 100):
        return f"{weight}×{result.achievement}%={score}"
    return f"{weight}×({ratio_text(spec, result, policy)})={score}"
