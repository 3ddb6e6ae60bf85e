"""What an indicator will come to at the year's end, with the method and how sure it is.

Rules and examples: README.md, "Forecast". Exact fractions; the one root is worked out to 40 digits
and every figure rounded once, to the indicator's decimals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import isqrt

from indicators.scoring.achievement import meets
from indicators.scoring.interim import Values
from indicators.scoring.periods import Period
from indicators.scoring.rounding import grouped, rounded
from indicators.scoring.types import Direction, Sentence, gettext_noop

EARLIER_NEEDED = 2  # earlier years with both figures
NEEDED = {Period.MONTH: 4, Period.QUARTER: 3}  # of this year's values, for a trend
CONFIDENCE = 80  # percent
# Student's t that leaves 10 % on each side, by degrees of freedom from 1 to 10 (11 months less 1)
T_80 = tuple(
    map(
        Decimal,
        ["3.078", "1.886", "1.638", "1.533", "1.476", "1.440", "1.415", "1.397", "1.383", "1.372"],
    )
)
ROOT_DIGITS = 40


@dataclass(frozen=True, slots=True)
class Forecast:
    """The year's end: `low` to `high` with `expected` between, and how that was worked out.

    `limits`: where they were cut, as the year can't end beyond; None: nowhere.
    """

    low: Decimal
    expected: Decimal
    high: Decimal
    method: Sentence
    uncertainty: Sentence
    limits: Sentence | None = None

    def outlook(self, target: Decimal, direction: Direction) -> bool | None:
        """Whether both ends of the range meet the target; None where they differ."""
        if direction is Direction.EQUAL and self.low < self.high:
            return None if self.low <= target <= self.high else False
        ends = {meets(end, target, direction) for end in (self.low, self.high)}
        return ends.pop() if len(ends) == 1 else None


@dataclass(frozen=True, slots=True)
class NoForecast:
    """`sentence` says why: too few values, or the year's value is known already."""

    sentence: Sentence
    is_known: bool = False


@dataclass(frozen=True, slots=True)
class EarlierPair:
    """The actual of an earlier year at the same period and at its end."""

    year: int
    then: Decimal
    end: Decimal


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where the year's end lies; None: nowhere for certain.

    `is_presumed`: `low` holds as long as no later value is negative.
    """

    low: Decimal | None = None
    high: Decimal | None = None
    is_presumed: bool = False


NO_BOUNDS = Bounds()


@dataclass(frozen=True, slots=True)
class Steps:
    """What each known period added by itself, where the year is their sum or their average."""

    values: tuple[Decimal, ...]
    is_average: bool = False


def forecast(
    actuals: Values,
    kind: Period,
    decimals: int,
    earlier: Sequence[EarlierPair] = (),
    bounds: Bounds = NO_BOUNDS,
    steps: Steps | None = None,
) -> Forecast | NoForecast:
    """The year's end from the actuals as of each period so far, None where not known.

    By what earlier years added after the same period, if two of them know; else by the average of
    this year's `steps`, or, where there are none, by the trend of its actuals. Held within
    `bounds` and by nothing else.
    """
    given = [(number, value) for number, value in enumerate(actuals, 1) if value is not None]
    if given and given[-1][0] == kind.in_year:
        return NoForecast(Sentence(KNOWN), is_known=True)
    if given and len(earlier) >= EARLIER_NEEDED:
        return _by_earlier_years(given[-1][1], earlier, decimals, bounds)
    if len(given) < NEEDED[kind]:
        params = {"have": len(given), "need": NEEDED[kind], "years": EARLIER_NEEDED}
        return NoForecast(Sentence(TOO_FEW[kind], params))
    if steps is not None:
        return _by_steps(steps, kind.in_year - given[-1][0], kind, decimals, bounds)
    return _by_trend(given, kind, decimals, bounds)


KNOWN = gettext_noop("全年各期數值都已填報，不必預測。")
TOO_FEW = {
    Period.MONTH: gettext_noop(
        "數值太少，無法預測：今年有 %(have)s 個月的數值，至少要 %(need)s 個月，"
        "或要有 %(years)s 個以前年度的同期與年底數值。"
    ),
    Period.QUARTER: gettext_noop(
        "數值太少，無法預測：今年有 %(have)s 季的數值，至少要 %(need)s 季，"
        "或要有 %(years)s 個以前年度的同期與年底數值。"
    ),
}

# Earlier years ------------------------------------------------------------------------------------


def _by_earlier_years(
    now: Decimal, earlier: Sequence[EarlierPair], decimals: int, bounds: Bounds
) -> Forecast:
    added = [Fraction(pair.end) - Fraction(pair.then) for pair in earlier]
    mean = sum(added, Fraction(0)) / len(added)
    ends = tuple(Fraction(now) + step for step in (min(added), mean, max(added)))
    low, expected, high = (_figure(end, decimals, bounds) for end in ends)
    years = sorted(pair.year for pair in earlier)
    told: dict[str, object] = {"count": len(years), "first": years[0], "last": years[-1]}
    change = {"now": grouped(now), "mean": _signed(mean, decimals + 2)}
    return Forecast(
        low,
        expected,
        high,
        Sentence(BY_YEARS, told | change),
        Sentence(YEARS_RANGE, told | {"low": grouped(low), "high": grouped(high)}),
        _limits(ends, bounds),
    )


BY_YEARS = gettext_noop(
    "依 %(first)s 至 %(last)s 年度中 %(count)s 個年度從同期到年底的平均增減（%(mean)s），"
    "加上目前的 %(now)s 推估。"
)
YEARS_RANGE = gettext_noop(
    "照這 %(count)s 個年度裡增減最少和最多的一年推算，年底介於 %(low)s 到 %(high)s；"
    "今年的情形若與往年不同，可能落在範圍外。"
)

# This year's average ------------------------------------------------------------------------------


def _by_steps(steps: Steps, rest: int, kind: Period, decimals: int, bounds: Bounds) -> Forecast:
    """The rest of the year as its average so far. The range is that of a sum of `rest` new values.

    Their average is only estimated, too: variance = s² × (rest + rest² ÷ n). A line through the
    sums so far would take each sum for a new observation and call itself far too sure.
    """
    values, count = [Fraction(value) for value in steps.values], len(steps.values)
    total = sum(values, Fraction(0))
    mean = total / count
    variance = sum(((value - mean) ** 2 for value in values), Fraction(0)) / (count - 1)
    spread = Fraction(T_80[count - 2]) ** 2 * variance * (rest + Fraction(rest**2, count))
    parts = count + rest if steps.is_average else 1
    middle, half = (total + rest * mean) / parts, root(spread) / parts
    ends = (middle - half, middle, middle + half)
    low, expected, high = (_figure(end, decimals, bounds) for end in ends)
    told = {"low": grouped(low), "high": grouped(high), "percent": CONFIDENCE}
    params = {"count": count, "mean": grouped(rounded(mean, decimals + 2)), "rest": rest}
    return Forecast(
        low,
        expected,
        high,
        Sentence(BY_STEPS[kind, steps.is_average], params),
        Sentence(STEPS_RANGE, told) if spread else Sentence(ALL_ALIKE),
        _limits(ends, bounds),
    )


BY_STEPS = {
    (Period.MONTH, False): gettext_noop(
        "以目前的數值，加上其餘 %(rest)s 個月、每月照今年 %(count)s 個月的平均 %(mean)s 推估。"
    ),
    (Period.MONTH, True): gettext_noop(
        "其餘 %(rest)s 個月照今年 %(count)s 個月的平均 %(mean)s，求全年平均來推估。"
    ),
    (Period.QUARTER, False): gettext_noop(
        "以目前的數值，加上其餘 %(rest)s 季、每季照今年 %(count)s 季的平均 %(mean)s 推估。"
    ),
    (Period.QUARTER, True): gettext_noop(
        "其餘 %(rest)s 季照今年 %(count)s 季的平均 %(mean)s，求全年平均來推估。"
    ),
}
STEPS_RANGE = gettext_noop(
    "各期的高低照舊時，年底有 %(percent)s%% 的機會介於 %(low)s 到 %(high)s"
    "（Student t 預測區間）；有淡旺季或情形改變就不適用。"
)
ALL_ALIKE = gettext_noop("各期數值都相同，算不出誤差範圍；情形改變就不適用。")

# This year's trend --------------------------------------------------------------------------------


def _by_trend(
    given: Sequence[tuple[int, Decimal]], kind: Period, decimals: int, bounds: Bounds
) -> Forecast:
    expected, spread = _line(given, kind.in_year)
    half = root(spread)
    ends = (expected - half, expected, expected + half)
    low, middle, high = (_figure(end, decimals, bounds) for end in ends)
    told = {"low": grouped(low), "high": grouped(high), "percent": CONFIDENCE}
    return Forecast(
        low,
        middle,
        high,
        Sentence(BY_TREND[kind], {"count": len(given)}),
        Sentence(ON_A_LINE) if not spread else Sentence(TREND_RANGE, told),
        _limits(ends, bounds),
    )


BY_TREND = {
    Period.MONTH: gettext_noop(
        "以今年 %(count)s 個月的實際值畫出最接近的直線（最小平方法），延伸到年底推估。"
    ),
    Period.QUARTER: gettext_noop(
        "以今年 %(count)s 季的實際值畫出最接近的直線（最小平方法），延伸到年底推估。"
    ),
}
TREND_RANGE = gettext_noop(
    "走勢不變時，年底有 %(percent)s%% 的機會介於 %(low)s 到 %(high)s（Student t 預測區間）；"
    "走勢改變就不適用。"
)
ON_A_LINE = gettext_noop("各期實際值恰好在一條直線上，算不出誤差範圍；走勢改變就不適用。")


def _line(given: Sequence[tuple[int, Decimal]], end: int) -> tuple[Fraction, Fraction]:
    """The least-squares line's value at `end`, and the square of half its prediction interval."""
    count = len(given)
    mean_x = Fraction(sum(x for x, _ in given), count)
    mean_y = sum((Fraction(y) for _, y in given), Fraction(0)) / count
    width = sum(((x - mean_x) ** 2 for x, _ in given), Fraction(0))
    slope = sum(((x - mean_x) * (Fraction(y) - mean_y) for x, y in given), Fraction(0)) / width
    residual = sum(
        ((Fraction(y) - mean_y - slope * (x - mean_x)) ** 2 for x, y in given), Fraction(0)
    )
    freedom = count - 2
    variance = residual / freedom * (1 + Fraction(1, count) + (end - mean_x) ** 2 / width)
    return mean_y + slope * (end - mean_x), Fraction(T_80[freedom - 1]) ** 2 * variance


def root(value: Fraction) -> Fraction:
    """The square root of a value of 0 or more, cut off after 40 decimals."""
    shifted = value * 10 ** (2 * ROOT_DIGITS)
    return Fraction(isqrt(shifted.numerator // shifted.denominator), 10**ROOT_DIGITS)


# Figures ------------------------------------------------------------------------------------------


def _figure(value: Fraction, decimals: int, bounds: Bounds) -> Decimal:
    if bounds.low is not None:
        value = max(value, Fraction(bounds.low))
    if bounds.high is not None:
        value = min(value, Fraction(bounds.high))
    return rounded(value, decimals)


def _limits(ends: Sequence[Fraction], bounds: Bounds) -> Sentence | None:
    """In words, where one of the ends lies beyond."""
    if bounds.low is not None and min(ends) < bounds.low:
        params = {"low": grouped(bounds.low)}
        if bounds.high is not None and max(ends) > bounds.high:
            return Sentence(CUT_BOTH, params | {"high": grouped(bounds.high)})
        return Sentence(CUT_IF_POSITIVE if bounds.is_presumed else CUT_BELOW, params)
    if bounds.high is not None and max(ends) > bounds.high:
        return Sentence(CUT_ABOVE, {"high": grouped(bounds.high)})
    return None


CUT_BOTH = gettext_noop("年底不會低於 %(low)s，也不會超過 %(high)s，範圍只算到這裡。")
CUT_BELOW = gettext_noop("年底不會低於 %(low)s，範圍只算到這裡。")
CUT_IF_POSITIVE = gettext_noop("往後各期若都不是負數，年底不會低於 %(low)s，範圍只算到這裡。")
CUT_ABOVE = gettext_noop("年底不會超過 %(high)s，範圍只算到這裡。")


def _signed(change: Fraction, decimals: int) -> str:
    """`＋3`, `−0.5`, `±0`; with two places more than the result, so that it can be redone."""
    figure = rounded(change, decimals)
    return "±0" if figure == 0 else ("＋" if figure > 0 else "−") + grouped(figure.copy_abs())
