"""期中數值: what the months or quarters of a year come to by the end of one of them.

Rules and examples: README.md, "Interim values".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from indicators.scoring.achievement import meets
from indicators.scoring.aggregation import MAX_DIGITS, score_indicator
from indicators.scoring.periods import Period, period_end
from indicators.scoring.rounding import exact_sum, plain, rounded
from indicators.scoring.types import (
    Direction,
    Indicator,
    IndicatorResult,
    Input,
    LowerPolicy,
    Method,
    Milestone,
    Sentence,
    Status,
    gettext_noop,
)

ACTUAL = ""  # the symbol under which the values of a directly entered actual stand
AVERAGE_PLACES = 2  # of an average, beyond those of its values and of the indicator
Values = tuple[Decimal | None, ...]


class Path(StrEnum):
    """Where an indicator should be on the way to its target."""

    EVEN = "even"  # what accumulates: an equal part of the target in each period
    LEVEL = "level"  # rates: at the target in each period


class Gather(StrEnum):
    """What the values of several periods come to."""

    CONSTANT = ""  # one value for the year, not asked per period, such as a budget
    SUM = "sum"
    LAST = "last"
    AVERAGE = "average"
    AVERAGE_GIVEN = "average_given"


@dataclass(frozen=True, slots=True)
class Interim:
    """One indicator's interim settings and values; `year` is the ROC year.

    `rules` and `values` go by the input's symbol, or `ACTUAL` for a directly entered actual.
    `values` are in the order of the periods, None not entered; what is behind their end too.
    """

    year: int
    period: Period
    path: Path = Path.EVEN
    rules: Mapping[str, Gather] = field(default_factory=dict)
    values: Mapping[str, Values] = field(default_factory=dict)

    @property
    def periods(self) -> int:
        return self.period.in_year

    def gathered_symbols(self) -> tuple[str, ...]:
        """What is asked per period, in the order of the rules."""
        return tuple(symbol for symbol, rule in self.rules.items() if rule)

    def value(self, symbol: str, period: int) -> Decimal | None:
        values = self.values.get(symbol, ())
        return values[period - 1] if 1 <= period <= len(values) else None

    def up_to(self, symbol: str, period: int) -> Values:
        return tuple(self.value(symbol, number) for number in range(1, period + 1))

    def has_value(self, period: int) -> bool:
        """Whether anything was entered for this very period."""
        return any(self.value(symbol, period) is not None for symbol in self.gathered_symbols())

    def open_periods(self, until: int) -> tuple[int, ...]:
        """The periods up to `until` that lack a value; an average of what is there lacks none."""
        asked = [s for s in self.gathered_symbols() if self.rules[s] is not Gather.AVERAGE_GIVEN]
        return tuple(
            period
            for period in range(1, until + 1)
            if any(self.value(symbol, period) is None for symbol in asked)
        )


# What values come to ------------------------------------------------------------------------------


def gathered(
    rule: Gather, values: Sequence[Decimal | None], kind: Period, decimals: int
) -> Decimal | Sentence:
    """What the values, from the first period up to the asked one, come to, or why it is unknown.

    A sum is exact. An average is rounded once, half away from zero, to two places more than its
    values and the indicator have (`decimals`): rounding it again to the indicator's decimals is
    then the same as rounding the exact average, for any 12 values. Where a formula uses it, the
    average as printed is the input, from which everything after it can be recomputed.
    """
    given = [value for value in values if value is not None]
    if rule in (Gather.SUM, Gather.AVERAGE) and len(given) < len(values):
        gap = 1 + next(number for number, value in enumerate(values) if value is None)
        return Sentence(GAP[kind], {"number": gap})
    if not (given and rule):
        return Sentence(NOTHING[kind], {"number": len(values)})
    result = _come_to(rule, given, decimals)
    if sum(map(str.isdigit, plain(result))) > MAX_DIGITS:
        return Sentence(TOO_LONG, {"limit": MAX_DIGITS})
    return result


GAP = {
    Period.MONTH: gettext_noop("尚缺 %(number)s 月的數值。"),
    Period.QUARTER: gettext_noop("尚缺第 %(number)s 季的數值。"),
}
NOTHING = {
    Period.MONTH: gettext_noop("到 %(number)s 月為止還沒有數值。"),
    Period.QUARTER: gettext_noop("到第 %(number)s 季為止還沒有數值。"),
}
TOO_LONG = gettext_noop("各期數值彙整後超過 %(limit)s 位數，請檢查各期數值。")


def _come_to(rule: Gather, given: Sequence[Decimal], decimals: int) -> Decimal:
    if rule is Gather.LAST:
        return given[-1]
    total = exact_sum(given)
    if rule is Gather.SUM:
        return total
    places = max(decimals, *map(places_of, given)) + AVERAGE_PLACES
    return Decimal(plain(rounded(Fraction(total) / len(given), places)))


def places_of(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


# An indicator as of a period ----------------------------------------------------------------------


def indicator_at(spec: Indicator, interim: Interim, period: int) -> Indicator:
    """The indicator as it stood at the end of a period; `score_indicator` gives its result then.

    What is constant, and lists, count as they are. A stage counts as done from the day that it was
    done on; one that is done on no known day only at the end of the year.
    """
    if spec.method is Method.DIRECT:
        return replace(spec, actual=_at(spec, interim, ACTUAL, period))
    if spec.method is Method.MILESTONES:
        stages = tuple(_stage_at(stage, interim, period) for stage in spec.milestones)
        return replace(spec, milestones=stages)
    return replace(
        spec, inputs=tuple(_input_at(spec, item, interim, period) for item in spec.inputs)
    )


def score_at(
    spec: Indicator, interim: Interim, period: int, lower_policy: LowerPolicy
) -> IndicatorResult:
    """The result as of the end of a period. Not reported names the period that lacks a value."""
    if reason := _unknown(spec, interim, period):
        return IndicatorResult(Status.NOT_REPORTED, Fraction(0), reason=reason)
    return score_indicator(indicator_at(spec, interim, period), lower_policy)


def _at(spec: Indicator, interim: Interim, symbol: str, period: int) -> Decimal | None:
    rule = interim.rules.get(symbol, Gather.CONSTANT)
    result = gathered(rule, interim.up_to(symbol, period), interim.period, spec.decimals)
    return result if isinstance(result, Decimal) else None


def _input_at(spec: Indicator, given: Input, interim: Interim, period: int) -> Input:
    if given.rows is not None or not interim.rules.get(given.symbol):
        return given
    return replace(given, value=_at(spec, interim, given.symbol, period))


def _stage_at(stage: Milestone, interim: Interim, period: int) -> Milestone:
    if not stage.done or (stage.done_on is None and period == interim.periods):
        return stage
    if stage.done_on is None:
        return replace(stage, done=None)
    is_done = stage.done_on <= period_end(interim.year, interim.period, period)
    return replace(stage, done=is_done, done_on=stage.done_on if is_done else None)


def _unknown(spec: Indicator, interim: Interim, period: int) -> Sentence | None:
    """Why the values or stages do not say how things stood then; None where they do."""
    if spec.method is Method.MILESTONES:
        return _undated(spec, interim, period)
    for symbol in _symbols(spec, interim):
        found = gathered(
            interim.rules.get(symbol, Gather.CONSTANT),
            interim.up_to(symbol, period),
            interim.period,
            spec.decimals,
        )
        if isinstance(found, Sentence):
            name = next((i.label or i.symbol for i in spec.inputs if i.symbol == symbol), "")
            return Sentence(OF_INPUT, {"name": name, "reason": found}) if name else found
    return None


OF_INPUT = gettext_noop("「%(name)s」%(reason)s")


def _symbols(spec: Indicator, interim: Interim) -> Iterator[str]:
    if spec.method is Method.DIRECT:
        yield ACTUAL
    for given in spec.inputs if spec.method is Method.FORMULA else ():
        if given.rows is None and interim.rules.get(given.symbol):
            yield given.symbol


def _undated(spec: Indicator, interim: Interim, period: int) -> Sentence | None:
    """A stage that was reached, nobody knows when, hides how far things were before the end."""
    for number, stage in enumerate(spec.milestones, start=1):
        now = _stage_at(stage, interim, period)
        if stage.done and now.done is None:
            return Sentence(UNDATED[interim.period], {"stage": number, "number": period})
        if not now.done:
            return None
    return None


UNDATED = {
    Period.MONTH: gettext_noop(
        "第 %(stage)s 項已完成但沒有完成日期，無法知道 %(number)s 月底的進度。"
    ),
    Period.QUARTER: gettext_noop(
        "第 %(stage)s 項已完成但沒有完成日期，無法知道第 %(number)s 季底的進度。"
    ),
}

# The path to the target ---------------------------------------------------------------------------


def path_at(target: Decimal, path: Path, period: int, periods: int) -> Fraction:
    """Where the actual should be at the end of a period, exactly, in the target's unit."""
    share = Fraction(period, periods) if path is Path.EVEN else Fraction(1)
    return Fraction(target) * share


def printed_path(spec: Indicator, interim: Interim, period: int) -> Decimal:
    """The path's value as it prints: to the places of the indicator, or of its target if more."""
    exact = path_at(spec.target, interim.path, period, interim.periods)
    return rounded(exact, max(spec.decimals, places_of(spec.target)))


def is_behind(spec: Indicator, interim: Interim, actual: Decimal, period: int) -> bool:
    """Whether the printed actual is on the wrong side of the printed path.

    Where the target is to be hit exactly, what accumulates must lie between path and target.
    """
    path = printed_path(spec, interim, period)
    if spec.direction is Direction.EQUAL and interim.path is Path.EVEN:
        low, high = sorted((path, spec.target))
        return not low <= actual <= high
    return not meets(actual, path, spec.direction)
