"""Forecasts worked out by hand from an indicator's own months, with the arithmetic of each."""

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
from indicators.scoring.types import Direction, Indicator, Input, LowerPolicy, Method

SUM, LAST, AVERAGE = Gather.SUM, Gather.LAST, Gather.AVERAGE
COUNT = Indicator(
    title="件數",
    weight=Decimal(10),
    unit="件",
    decimals=0,
    direction=Direction.HIGHER,
    target=Decimal(100),
    method=Method.DIRECT,
)
SPENT = replace(
    COUNT,
    unit="%",
    method=Method.FORMULA,
    inputs=(Input("執行"), Input("預算", value=Decimal(200))),
    formula="執行/預算*100%",
)
DAY = date(2019, 12, 15)  # of ROC year 108: eleven months, three quarters


def ahead(spec, rule, values, period=Period.MONTH, symbol=ACTUAL, earlier=(), **record):
    given = tuple(None if word == "?" else Decimal(word) for word in values.split())
    interim = Interim(108, period, Path.EVEN, {symbol: rule}, {symbol: given})
    record = IndicatorRecord(spec=spec, **record)
    return progress(record, interim, LowerPolicy.LINEAR, DAY, earlier)


def ends(found):
    return found.forecast.low, found.forecast.expected, found.forecast.high


def test_months_that_add_up():
    """10 + 12 + 8 + 14 = 44, mean 11; s² = (1 + 1 + 9 + 9) ÷ 3 = 20/3.

    Eight more: 44 + 88 = 132. Half: 1.638 × √(20/3 × (8 + 64/4)) = 1.638 × √160 = 20.72.
    (A line through the sums 10, 22, 30, 44 would claim 131 ± 1.886 × √(3 × 19.3) = 117 to 145.)
    """
    found = ahead(COUNT, SUM, "10 12 8 14")
    assert ends(found) == (111, 132, 153)
    assert str(found.forecast.method) == (
        "以目前的數值，加上其餘 8 個月、每月照今年 4 個月的平均 11 推估。"
    )
    assert str(found.forecast.uncertainty).startswith(
        "各期的高低照舊時，年底有 80% 的機會介於 111 到 153"
    )
    assert found.forecast.limits is None


@pytest.mark.parametrize(
    ("formula", "rule", "expected"),
    [
        ("甲+乙", SUM, (111, 132, 153)),
        ("SUM(甲,乙)", SUM, (111, 132, 153)),
        ("甲-乙", SUM, (45, 59, 73)),  # line through 4, 10, 12, 20: 11.5 + 9.5 × 5
        ("甲+乙", LAST, (84, 98, 112)),  # through 10, 19, 24, 35: 22 + 9.5 × 8
    ],
)
def test_formula_that_only_adds_up_sums_is_a_sum(formula, rule, expected):
    """As the months above: 7 + 3, 9 + 3, 5 + 3 and 11 + 3.

    Else the line; half of both 1.886 × √(6 ÷ 2 × (1 + 1/4 + 9.5² ÷ 5)) = 14.35.
    """
    spec = replace(COUNT, method=Method.FORMULA, inputs=(Input("甲"), Input("乙")), formula=formula)
    values = {"甲": tuple(map(Decimal, (7, 9, 5, 11))), "乙": (Decimal(3),) * 4}
    interim = Interim(108, Period.MONTH, Path.EVEN, {"甲": SUM, "乙": rule}, values)
    assert ends(progress(IndicatorRecord(spec=spec), interim, LowerPolicy.LINEAR, DAY)) == expected


def test_quarters_that_are_averaged():
    """80, 90 and 85: mean 85, s² = (25 + 25 + 0) ÷ 2 = 25. A fourth like them: 340 ÷ 4 = 85.

    Half: 1.886 × √(25 × (1 + 1/3)) ÷ 4 = 1.886 × 5.7735 ÷ 4 = 2.722.
    """
    found = ahead(replace(COUNT, decimals=1), AVERAGE, "80 90 85", Period.QUARTER)
    assert ends(found) == (Decimal("82.3"), 85, Decimal("87.7"))
    assert str(found.forecast.method) == "其餘 1 季照今年 3 季的平均 85，求全年平均來推估。"


def test_quotient_is_not_known_to_be_a_part_of_its_whole():
    """5, 15, 5 and 15 % a month: 40 %, mean 10, s² = 100/3. 40 + 80 = 120.

    Half: 1.638 × √(100/3 × 24) = 1.638 × 28.284 = 46.33. It may be what is spent of a budget, or
    this year's visitors by last year's, which are more than all of them once there are more.
    """
    found = ahead(SPENT, SUM, "10 30 10 30", symbol="執行")
    assert found.actuals == (5, 20, 25, 40)
    assert ends(found) == (74, 120, 166)
    assert found.forecast.limits is None


def test_growth_on_its_way_above_last_year_is_not_cut_at_100():
    """90, 94 and 98 % of last year's number lie on a line: 102 at the end."""
    spec = replace(SPENT, inputs=(Input("本年"), Input("上年")), formula="本年/上年*100%")
    rules = {"本年": LAST, "上年": LAST}
    values = {
        "本年": (Decimal(90), Decimal(94), Decimal(98)),
        "上年": (Decimal(100), Decimal(100), Decimal(100)),
    }
    interim = Interim(108, Period.QUARTER, Path.LEVEL, rules, values)
    found = progress(IndicatorRecord(spec=spec), interim, LowerPolicy.LINEAR, DAY)
    assert ends(found) == (102, 102, 102)
    assert found.forecast.limits is None


def test_quotient_of_what_is_not_negative_does_not_fall_below_zero():
    """60, 30 and 10 %: x̄ = 2, ȳ = 100/3, slope −25; at 4: 33.3 − 50 = −16.7.

    Residuals 1.67, −3.33 and 1.67, squared 16.67, s² = 16.67 with one degree of freedom.
    Half: 3.078 × √(16.67 × (1 + 1/3 + 4/2)) = 3.078 × 7.454 = 22.94, so to 6.3.
    """
    spec = replace(SPENT, inputs=(Input("執行"), Input("預算", value=Decimal(100))))
    found = ahead(spec, LAST, "60 30 10", Period.QUARTER, symbol="執行")
    assert ends(found) == (0, 0, 6)
    assert str(found.forecast.limits) == "往後各期若都不是負數，年底不會低於 0，範圍只算到這裡。"


def test_last_values_with_months_missing_between():
    """10, 14, 20, 22 in months 1, 3, 4, 6: x̄ = 3.5, ȳ = 16.5, Σ(x−x̄)² = 13, Σ(x−x̄)(y−ȳ) = 33.

    At 12: 16.5 + 8.5 × 33/13 = 38.08. Squared residuals 91 − 33²/13 = 7.231, s² = 3.615.
    Half: 1.886 × √(3.615 × (1 + 1/4 + 8.5²/13)) = 1.886 × √24.61 = 9.357.
    """
    found = ahead(COUNT, LAST, "10 ? 14 20 ? 22")
    assert ends(found) == (29, 38, 47)
    assert "4 個月的實際值" in str(found.forecast.method)


def test_month_missing_between_is_not_zero():
    """Of a sum what follows a gap is not known: three months are too few."""
    found = ahead(COUNT, SUM, "10 12 8 ? 14 10")
    assert (found.as_of, found.forecast) == (3, None)
    assert "今年有 3 個月的數值" in str(found.no_forecast)


def test_average_of_what_is_there_counts_the_months_that_have_one():
    """80, 90, 80 and 90 by June: mean 85, of ten in the end.

    Half: 1.638 × √(100/3 × (6 + 36/4)) ÷ 10 = 1.638 × √500 ÷ 10 = 3.66.
    """
    found = ahead(replace(COUNT, decimals=1), Gather.AVERAGE_GIVEN, "80 ? 90 80 ? 90")
    assert ends(found) == (Decimal("81.3"), 85, Decimal("88.7"))


def test_sum_never_ends_below_what_it_reached():
    """40 + 0 + 0 + 0: mean 10, s² = 400. 40 + 80 = 120, half 1.638 × √(400 × 24) = 160.5."""
    found = ahead(COUNT, SUM, "40 0 0 0")
    assert ends(found) == (40, 120, 280)
    assert str(found.forecast.limits) == "往後各期若都不是負數，年底不會低於 40，範圍只算到這裡。"


def test_sum_from_which_something_was_taken_can_fall_again():
    """40 − 20 + 30 − 10 = 40, mean 10, s² = 2600/3: half 1.638 × √(2600/3 × 24) = 236.2."""
    assert ends(ahead(COUNT, SUM, "40 -20 30 -10")) == (-116, 120, 356)


def test_months_that_are_all_alike_have_no_range_and_say_so():
    found = ahead(COUNT, SUM, "7 7 7 7")
    assert ends(found) == (84, 84, 84)
    assert str(found.forecast.uncertainty) == "各期數值都相同，算不出誤差範圍；情形改變就不適用。"


def test_earlier_years_are_not_held_within_the_whole_either():
    """Both added 50 points after April: 70 + 50."""

    def year(number: int) -> EarlierYear:
        spec = replace(SPENT, inputs=(Input("執行", Decimal(140)), Input("預算", Decimal(200))))
        given = tuple(map(Decimal, (10, 10, 10, 10)))
        interim = Interim(number, Period.MONTH, Path.EVEN, {"執行": SUM}, {"執行": given})
        return EarlierYear(number, IndicatorRecord(spec=spec), LowerPolicy.LINEAR, interim)

    found = ahead(SPENT, SUM, "40 40 40 20", symbol="執行", earlier=(year(107), year(106)))
    assert ends(found) == (120, 120, 120)
