"""The score of one indicator, what is missing, and the roll-up to goals and plans.

Rules and examples: README.md, "Score of an indicator" and "Roll-up".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

from indicators.scoring.achievement import TargetError, achievement, meets
from indicators.scoring.formula import FormulaError, Impossible, parse
from indicators.scoring.rounding import exact_sum, grouped, plain, rounded
from indicators.scoring.types import (
    Indicator,
    IndicatorResult,
    Input,
    LowerPolicy,
    Method,
    Milestone,
    Sentence,
    Status,
    Totals,
    gettext_noop,
)

MAX_DIGITS = 30  # digits of an actual, as printed
_NAMED = 3  # missing entries named in a reason


def score_indicator(indicator: Indicator, lower_policy: LowerPolicy) -> IndicatorResult:
    """The result of one indicator; its score is in points, 0 to the weight.

    Never raises for what people enter: anything missing, a formula that cannot be read or
    has no result with these values, and a target that nothing can be rated against leave
    the indicator not reported, with the reason.
    """
    if reason := missing(indicator):
        return _not_reported(reason)
    try:
        exact, working = _measure(indicator)
        return _rate(indicator, lower_policy, exact, working)
    except (FormulaError, Impossible, TargetError) as error:
        return _not_reported(error.sentence)


def roll_up(
    pairs: Iterable[tuple[Decimal, IndicatorResult]],
    pending: Iterable[tuple[Decimal, IndicatorResult]] = (),
) -> Totals:
    """Add up (weight, result) pairs, exactly, in points; `pending` are those not yet approved.

    `lost` is weight − score over what is reported, `winnable` the weight of what is not.
    `open_lost` is what of `lost` comes from `pending`.
    `complete` needs at least one indicator, every one reported, and weights of exactly 100.
    """
    pending = tuple(pending)
    pairs = (*pairs, *pending)
    statuses = [result.status for _, result in pairs]
    not_reported = statuses.count(Status.NOT_REPORTED)
    weight = exact_sum(weight for weight, _ in pairs)
    winnable = exact_sum(w for w, result in pairs if result.status is Status.NOT_REPORTED)
    score = sum((result.score for _, result in pairs), Fraction(0))
    return Totals(
        weight=weight,
        score=score,
        lost=Fraction(weight) - Fraction(winnable) - score,
        winnable=winnable,
        indicators=len(pairs),
        met=statuses.count(Status.MET),
        missed=statuses.count(Status.MISSED),
        not_reported=not_reported,
        complete=bool(pairs) and not not_reported and weight == 100,
        open_lost=sum((lost(weight, result) for weight, result in pending), Fraction(0)),
    )


def lost(weight: Decimal, result: IndicatorResult) -> Fraction:
    """Points that a result loses; what is not reported has not lost any."""
    if result.status is Status.NOT_REPORTED:
        return Fraction(0)
    return Fraction(weight) - result.score


def missing(indicator: Indicator) -> Sentence | None:
    """What has not been entered, as a sentence; None if nothing is missing.

    Every input counts, used by the formula or not. Milestones count as entered once one of
    them is true or false.
    """
    entries = tuple(_missing_entries(indicator))
    if not entries:
        return None
    template = _MISSING[min(len(entries), _NAMED + 1)]
    params: dict[str, object] = dict(zip(_ORDINALS, entries, strict=False))
    if len(entries) > _NAMED:
        params["count"] = len(entries)
    return Sentence(template, params)


_ORDINALS = ("first", "second", "third")
_MISSING = {
    1: gettext_noop("尚未填報：%(first)s。"),
    2: gettext_noop("尚未填報：%(first)s、%(second)s。"),
    3: gettext_noop("尚未填報：%(first)s、%(second)s、%(third)s。"),
    4: gettext_noop("尚未填報：%(first)s、%(second)s、%(third)s等 %(count)s 項。"),
}


def _missing_entries(indicator: Indicator) -> Iterator[str | Sentence]:
    match indicator.method:
        case Method.DIRECT:
            if indicator.actual is None:
                yield Sentence(gettext_noop("達成目標值"))
        case Method.MILESTONES:
            if all(milestone.done is None for milestone in indicator.milestones):
                yield Sentence(gettext_noop("各工作項目是否完成"))
        case Method.FORMULA:
            for given in indicator.inputs:
                yield from _missing_of(given)


def _missing_of(given: Input) -> Iterator[str | Sentence]:
    """The entries of one input that are not there, in the order of its rows."""
    name = _called(given)
    if given.rows is None:
        if given.value is None:
            yield name
        return
    if not given.rows:
        yield Sentence(gettext_noop("%(name)s（一列也沒有）"), {"name": name})
    for number, row in enumerate(given.rows, start=1):
        if row.value is None:
            yield _row_called(name, number, row.label)


def _called(given: Input) -> str:
    """The input's symbol, behind its label where that says something else."""
    if given.label in ("", given.symbol):
        return given.symbol
    return f"{given.label}（{given.symbol}）"


def _row_called(name: str, number: int, label: str) -> Sentence:
    if not label:
        template = gettext_noop("%(name)s第 %(number)s 列")
        return Sentence(template, {"name": name, "number": number})
    template = gettext_noop("%(name)s第 %(number)s 列（%(label)s）")
    return Sentence(template, {"name": name, "number": number, "label": label})


def _not_reported(reason: Sentence) -> IndicatorResult:
    return IndicatorResult(status=Status.NOT_REPORTED, score=Fraction(0), reason=reason)


def _measure(indicator: Indicator) -> tuple[Fraction, str | None]:
    """The exact actual in the indicator's unit, and the formula with its values if any."""
    if indicator.method is Method.FORMULA:
        return _calculate(indicator)
    if indicator.method is Method.MILESTONES:
        return Fraction(_furthest(indicator.milestones)), None
    return Fraction(indicator.actual or 0), None


def _calculate(indicator: Indicator) -> tuple[Fraction, str]:
    inputs = {given.symbol: given for given in indicator.inputs}
    formula = parse(indicator.formula, inputs)
    result = formula.evaluate(inputs)
    return result * (100 if indicator.unit == "%" else 1), formula.with_values(inputs)


def _furthest(milestones: tuple[Milestone, ...]) -> Decimal:
    """The percentage of the last stage of the done ones that stand first without a gap."""
    reached = Decimal(0)
    for milestone in milestones:
        if not milestone.done:
            break
        reached = milestone.percent
    return reached


def _rate(
    indicator: Indicator,
    lower_policy: LowerPolicy,
    exact: Fraction,
    working: str | None,
) -> IndicatorResult:
    """Everything that follows from the printed actual."""
    target, direction = indicator.target, indicator.direction
    actual = _official(exact, indicator.decimals)
    held, uncapped = achievement(actual, target, direction, lower_policy)
    met = meets(actual, target, direction)
    return IndicatorResult(
        status=Status.MET if met else Status.MISSED,
        score=Fraction(indicator.weight) * held / 100,
        actual=actual,
        achievement=held,
        uncapped=uncapped,
        calculation=working and f"{working}={_with_unit(actual, indicator.unit)}",
        rounding_turned_miss_into_met=met and not meets(exact, target, direction),
    )


def _official(exact: Fraction, decimals: int) -> Decimal:
    """The printed actual. Raises `Impossible` where it has more than 30 digits."""
    actual = rounded(exact, decimals)
    if sum(map(str.isdigit, plain(actual))) > MAX_DIGITS:
        raise Impossible(
            gettext_noop("無法計算：結果超過 %(limit)s 位數，請檢查公式與基礎資料。"),
            limit=MAX_DIGITS,
        )
    return actual


def _with_unit(actual: Decimal, unit: str) -> str:
    return grouped(actual) + ("%" if unit == "%" else "")
