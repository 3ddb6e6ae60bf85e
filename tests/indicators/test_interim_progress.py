"""How an indicator stands within its year; each case worked by hand, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from indicators.interim_queries import EarlierYear
from indicators.records import IndicatorRecord
from indicators.scorecards.interim_progress import progress
from indicators.scoring.interim import ACTUAL, Gather, Interim, Path
from indicators.scoring.periods import Period
from indicators.scoring.types import Direction, Indicator, Input, LowerPolicy, Method, Milestone

LINEAR = LowerPolicy.LINEAR
SPENT = Indicator(
    title="執行率",
    weight=Decimal(10),
    unit="%",
    decimals=0,
    direction=Direction.HIGHER,
    target=Decimal(84),
    method=Method.FORMULA,
    inputs=(Input("執行", value=None), Input("預算", value=Decimal(200))),
    formula="執行/預算*100%",
)
DAY = date(2019, 10, 25)  # nine months are over


def spent(*values, year=108, period=Period.MONTH, path=Path.EVEN):
    given = tuple(None if value is None else Decimal(value) for value in values)
    rules = {"執行": Gather.SUM, "預算": Gather.CONSTANT}
    return Interim(year, period, path, rules, {"執行": given})


def stand(interim, spec=SPENT, today=DAY, earlier=()):
    return progress(IndicatorRecord(spec=spec), interim, LINEAR, today, earlier)


def earlier_year(year, end, *values, period=Period.MONTH, spec=SPENT):
    inputs = (Input("執行", value=Decimal(end)), Input("預算", value=Decimal(200)))
    record = IndicatorRecord(spec=replace(spec, inputs=inputs))
    return EarlierYear(year, record, LINEAR, spent(*values, year=year, period=period))


def test_stands_as_of_the_last_period_that_is_known():
    found = stand(spent(14, 14, 14, 12, 14, 14, 14))
    assert (found.as_of, str(found.label), found.elapsed, found.begun) == (7, "7 月", 9, 10)
    assert (found.result.actual, found.path, found.is_behind) == (48, 49, True)
    assert found.open_periods == (8, 9)
    assert found.actuals == (7, 14, 21, 27, 34, 41, 48)


def test_is_not_behind_on_the_path():
    found = stand(spent(14, 14, 14, 14))
    assert (found.result.actual, found.path, found.is_behind) == (28, 28, False)


def test_level_path_is_the_target():
    found = stand(spent(14, path=Path.LEVEL))
    assert (found.path, found.is_behind) == (84, True)


def test_gap_hides_what_is_behind_it():
    found = stand(spent(14, 14, None, 14))
    assert (found.as_of, found.open_periods) == (2, (3, 5, 6, 7, 8, 9))


def test_current_period_counts_once_something_is_entered_for_it():
    ten = [14] * 10
    assert stand(spent(*ten[:9])).as_of == 9
    assert stand(spent(*ten)).as_of == 10


def test_nothing_is_known_and_says_why():
    found = stand(spent())
    assert (found.as_of, found.result, found.path, found.is_behind) == (None, None, None, None)
    assert str(found.reason) == "「執行」尚缺 1 月的數值。"
    early = stand(spent(), today=date(2019, 1, 5))
    assert str(early.reason) == "第一個月還沒有結束。"


def test_constant_that_is_missing_is_the_reason():
    spec = replace(SPENT, inputs=(Input("執行"), Input("預算")))
    assert str(stand(spent(*[1] * 9), spec).reason) == "尚未填報：預算。"


def test_few_values_are_no_forecast():
    found = stand(spent(14, 14, 14))
    assert found.forecast is None
    assert str(found.no_forecast).startswith("數值太少，無法預測：今年有 3 個月的數值")


def test_trend_is_the_forecast():
    found = stand(spent(14, 14, 14, 14))
    assert (found.forecast.low, found.forecast.expected, found.forecast.high) == (84, 84, 84)
    assert (found.outlook, found.no_forecast) == (True, None)


def test_earlier_years_are_the_forecast_where_two_know():
    earlier = (earlier_year(107, 180, 50, 50), earlier_year(106, 150, 50, 40, period=Period.MONTH))
    found = stand(spent(60, 40), earlier=earlier)
    # 107: from 50 % to 90 %; 106: from 45 % to 75 %
    assert (found.forecast.low, found.forecast.expected, found.forecast.high) == (80, 85, 90)
    assert found.outlook is None


def test_last_year_is_compared_as_of_the_same_day():
    earlier = (earlier_year(107, 180, 90, 20, period=Period.QUARTER),)
    assert stand(spent(*[10] * 6), earlier=earlier).earlier.actual == 55
    assert stand(spent(*[10] * 5), earlier=earlier).earlier is None


@pytest.mark.parametrize("change", [{"unit": "件"}, {}])
def test_like_is_compared_with_like(change):
    earlier = (earlier_year(107, 180, 90, spec=replace(SPENT, **change)),)
    assert (stand(spent(10), earlier=earlier).earlier is None) is bool(change)


def test_the_year_before_last_is_not_last_year():
    found = stand(spent(10), earlier=(earlier_year(106, 180, 90),))
    assert (found.earlier_year, found.earlier) == (107, None)


def test_full_year_needs_no_forecast():
    found = stand(spent(*[14] * 12), today=date(2020, 1, 5))
    assert (found.as_of, found.result.actual, found.is_behind) == (12, 84, False)
    assert str(found.no_forecast) == "全年各期數值都已填報，不必預測。"


def test_direct_actual_is_followed_by_its_own_values():
    spec = replace(SPENT, method=Method.DIRECT, inputs=(), formula="", actual=None)
    interim = Interim(
        108,
        Period.QUARTER,
        Path.LEVEL,
        {ACTUAL: Gather.AVERAGE_GIVEN},
        {ACTUAL: (Decimal(90), None, Decimal(87), None)},
    )
    found = stand(interim, spec)
    assert (found.as_of, found.result.actual, found.open_periods) == (3, 89, ())
    assert found.actuals == (90, None, 89)


def test_staged_work_goes_by_the_days_of_its_stages():
    stages = (
        Milestone("一", Decimal(25), True, date(2019, 2, 3)),
        Milestone("二", Decimal(70), True, date(2019, 9, 30)),
        Milestone("三", Decimal(100), False),
    )
    spec = replace(SPENT, method=Method.MILESTONES, inputs=(), formula="", milestones=stages)
    found = stand(Interim(108, Period.MONTH), spec)
    assert (found.as_of, found.result.actual, found.path) == (9, 70, 63)
    assert found.forecast.low == 70
    assert (found.forecast.expected, found.forecast.high) == (70, 87)  # the line ends at 60
    assert found.open_periods == ()


@pytest.mark.parametrize(
    "interim", [None, Interim(108, Period.NONE), Interim(108, Period.MONTH, rules={"預算": ""})]
)
def test_what_is_not_followed_has_no_progress(interim):
    assert stand(interim) is None
