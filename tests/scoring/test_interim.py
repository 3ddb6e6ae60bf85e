"""Interim values, periods and forecasts beyond the README's examples."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import gamma, pi, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.scoring.forecast import (
    T_80,
    Bounds,
    EarlierPair,
    Forecast,
    NoForecast,
    forecast,
    root,
)
from indicators.scoring.interim import Gather, Interim, Path, gathered, indicator_at, path_at
from indicators.scoring.periods import (
    Period,
    begun_periods,
    elapsed_periods,
    period_end,
    period_label,
    same_period,
)
from indicators.scoring.rounding import rounded
from indicators.scoring.types import Direction, Indicator, Input, InputRow, Method, Sentence

few = settings(max_examples=100, derandomize=True)
numbers = st.decimals(
    min_value=-(10**9), max_value=10**9, places=2, allow_nan=False, allow_infinity=False
)
rules = st.sampled_from([rule for rule in Gather if rule])
kinds = st.sampled_from([Period.MONTH, Period.QUARTER])


def values(kind, least=1):
    return st.lists(numbers | st.none(), min_size=least, max_size=kind.in_year)


@pytest.mark.parametrize(
    ("kind", "day", "begun", "over"),
    [
        (Period.MONTH, date(2018, 12, 31), 0, 0),
        (Period.MONTH, date(2019, 1, 1), 1, 0),
        (Period.MONTH, date(2019, 1, 31), 1, 1),
        (Period.MONTH, date(2019, 10, 25), 10, 9),
        (Period.QUARTER, date(2019, 10, 25), 4, 3),
        (Period.QUARTER, date(2020, 5, 1), 4, 4),
        (Period.NONE, date(2020, 5, 1), 0, 0),
    ],
)
def test_periods_that_have_begun_and_that_are_over(kind, day, begun, over):
    assert (begun_periods(108, kind, day), elapsed_periods(108, kind, day)) == (begun, over)


def test_period_ends_on_the_last_day_of_its_last_month():
    assert period_end(109, Period.MONTH, 2) == date(2020, 2, 29)
    assert period_end(108, Period.QUARTER, 2) == date(2019, 6, 30)


def test_labels():
    assert str(period_label(Period.MONTH, 10)) == "10 月"
    assert str(period_label(Period.QUARTER, 3)) == "第 3 季"


@pytest.mark.parametrize(
    ("period", "kind", "other", "expected"),
    [
        (3, Period.QUARTER, Period.MONTH, 9),
        (9, Period.MONTH, Period.QUARTER, 3),
        (10, Period.MONTH, Period.QUARTER, None),
        (10, Period.MONTH, Period.MONTH, 10),
        (10, Period.MONTH, Period.NONE, None),
    ],
)
def test_same_period_of_another_kind(period, kind, other, expected):
    assert same_period(period, kind, other) == expected


def test_lists_and_constants_are_not_gathered():
    budget = Input("預算", value=Decimal(200))
    rows = Input("班別", rows=(InputRow("第1期", Decimal(5)),))
    spent = Input("執行", value=Decimal(999))
    spec = Indicator(
        "執行率",
        Decimal(10),
        "%",
        0,
        Direction.HIGHER,
        Decimal(80),
        Method.FORMULA,
        inputs=(budget, rows, spent),
        formula="執行/預算",
    )
    interim = Interim(
        108,
        Period.MONTH,
        rules={"執行": Gather.SUM, "班別": Gather.SUM},
        values={"執行": (Decimal(20), Decimal(30))},
    )
    then = indicator_at(spec, interim, 2)
    assert then.inputs == (budget, rows, Input("執行", value=Decimal(50)))


# Properties ---------------------------------------------------------------------------------------


@few
@given(st.data(), rules, kinds)
def test_gathered_is_a_number_within_its_values_or_says_why_not(data, rule, kind):
    given_values = data.draw(values(kind))
    there = [value for value in given_values if value is not None]
    result = gathered(rule, given_values, kind, 0)
    needs_all = rule in (Gather.SUM, Gather.AVERAGE)
    is_known = bool(there) and not (needs_all and None in given_values)
    assert isinstance(result, Decimal) is is_known
    if isinstance(result, Decimal) and rule is not Gather.SUM:
        assert min(there) <= result <= max(there)
    if isinstance(result, Sentence) and needs_all:
        assert result.params["number"] == given_values.index(None) + 1


@few
@given(st.lists(numbers, min_size=1, max_size=12))
def test_sum_does_not_depend_on_order_and_is_exact(given_values):
    result = gathered(Gather.SUM, given_values, Period.MONTH, 0)
    assert Fraction(result) == sum(map(Fraction, given_values))
    assert gathered(Gather.SUM, given_values[::-1], Period.MONTH, 0) == result


@few
@given(
    st.lists(st.decimals(-1000, 1000, places=1), min_size=1, max_size=12),
    st.integers(min_value=0, max_value=6),
)
def test_average_rounds_to_what_the_exact_mean_rounds_to(given_values, decimals):
    result = gathered(Gather.AVERAGE, given_values, Period.MONTH, decimals)
    exact = sum(map(Fraction, given_values)) / len(given_values)
    assert rounded(result, decimals) == rounded(exact, decimals)


@few
@given(numbers, kinds, st.sampled_from(Path))
def test_path_ends_at_the_target(target, kind, path):
    assert path_at(target, path, kind.in_year, kind.in_year) == Fraction(target)


@few
@given(kinds, numbers)
def test_level_path_is_flat_and_even_path_grows_by_equal_parts(kind, target):
    count = kind.in_year
    even = [path_at(target, Path.EVEN, n, count) for n in range(1, count + 1)]
    steps = {later - earlier for earlier, later in zip([Fraction(0), *even], even, strict=False)}
    assert len(steps) == 1
    assert {path_at(target, Path.LEVEL, n, count) for n in range(1, count + 1)} == {target}


@few
@given(st.data(), kinds, st.integers(min_value=0, max_value=2))
def test_forecast_expects_a_value_within_its_range_or_says_why_there_is_none(data, kind, decimals):
    actuals = tuple(data.draw(values(kind, least=0)))
    pairs = st.builds(EarlierPair, st.integers(90, 107), numbers, numbers)
    result = forecast(actuals, kind, decimals, data.draw(st.lists(pairs, max_size=3)))
    if isinstance(result, Forecast):
        assert result.low <= result.expected <= result.high
        assert str(result.method).endswith("推估。")
    else:
        assert str(result.sentence)


@few
@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(4, 11))
def test_trend_of_a_straight_line_is_that_line(start, slope, count):
    line = tuple(Decimal(start + slope * n) for n in range(1, count + 1))
    end = Decimal(start + slope * 12)
    result = forecast(line, Period.MONTH, 0)
    assert (result.low, result.expected, result.high) == (end, end, end)


@few
@given(st.fractions(min_value=0, max_value=10**12))
def test_root_squares_back(value):
    assert 0 <= value - root(value) ** 2 < Fraction(1, 10**30)


# Forecast -----------------------------------------------------------------------------------------


def t_cumulative(t, freedom, steps=4000):
    """Student's distribution by Simpson's rule, from the density alone."""
    scale = gamma((freedom + 1) / 2) / (sqrt(freedom * pi) * gamma(freedom / 2))
    width = t / steps

    def density(x):
        return scale * (1 + x * x / freedom) ** (-(freedom + 1) / 2)

    inner = sum((4 if n % 2 else 2) * density(n * width) for n in range(1, steps))
    return 0.5 + width / 3 * (density(0) + inner + density(t))


@pytest.mark.parametrize(("freedom", "t"), [*enumerate(T_80, start=1)])
def test_t_leaves_a_tenth_on_each_side(freedom, t):
    assert t_cumulative(float(t) - 0.0005, freedom) < 0.9 < t_cumulative(float(t) + 0.0005, freedom)


def test_every_trend_that_can_be_asked_for_has_a_t():
    assert len(T_80) == Period.MONTH.in_year - 1 - 1


def test_range_is_cut_only_where_a_bound_is_certain():
    actuals = tuple(map(Decimal, (25, 25, 25, 50)))
    free = forecast(actuals, Period.MONTH, 0)
    held = forecast(actuals, Period.MONTH, 0, bounds=Bounds(Decimal(50), Decimal(100)))
    assert free.low < 50 < 100 < free.high
    assert (held.low, held.high) == (50, 100)


@pytest.mark.parametrize(
    ("target", "direction", "expected"),
    [
        (83, Direction.HIGHER, True),
        (91, Direction.HIGHER, None),
        (92, Direction.HIGHER, False),
        (91, Direction.LOWER, True),
        (82, Direction.LOWER, False),
        (87, Direction.EQUAL, None),  # it lies within the range
        (92, Direction.EQUAL, False),
    ],
)
def test_outlook_is_known_where_both_ends_agree(target, direction, expected):
    earlier = (
        EarlierPair(106, Decimal(40), Decimal(90)),
        EarlierPair(107, Decimal(38), Decimal(80)),
    )
    result = forecast((Decimal(20), Decimal(41)), Period.QUARTER, 0, earlier)
    assert (result.low, result.high) == (83, 91)
    assert result.outlook(Decimal(target), direction) is expected


def test_sentences_state_method_and_uncertainty():
    earlier = (
        EarlierPair(106, Decimal(40), Decimal(90)),
        EarlierPair(107, Decimal(38), Decimal(80)),
    )
    by_years = forecast((Decimal(20), Decimal(41)), Period.QUARTER, 0, earlier)
    assert str(by_years.method) == (
        "依 106 至 107 年度中 2 個年度從同期到年底的平均增減（＋46），加上目前的 41 推估。"
    )
    assert str(by_years.uncertainty) == (
        "照這 2 個年度裡增減最少和最多的一年推算，年底介於 83 到 91；"
        "今年的情形若與往年不同，可能落在範圍外。"
    )
    by_trend = forecast(tuple(map(Decimal, (20, 41, 60))), Period.QUARTER, 1)
    assert str(by_trend.method) == (
        "以今年 3 季的實際值畫出最接近的直線（最小平方法），延伸到年底推估。"
    )
    assert str(by_trend.uncertainty) == (
        "走勢不變時，年底有 80% 的機會介於 75.7 到 84.9（Student t 預測區間）；走勢改變就不適用。"
    )


def test_too_few_values_say_how_many_there_are_and_how_many_are_needed():
    result = forecast((Decimal(10), None, Decimal(30)), Period.MONTH, 0)
    assert result == NoForecast(result.sentence)
    assert str(result.sentence) == (
        "數值太少，無法預測：今年有 2 個月的數值，至少要 4 個月，"
        "或要有 2 個以前年度的同期與年底數值。"
    )
