"""Doubts about single months and quarters; each case worked by hand, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from indicators.entry_checks import Checked, Level, check_entry
from indicators.interim_checks import check_periods, doubts_of_periods
from indicators.interim_queries import EarlierYear
from indicators.records import IndicatorRecord
from indicators.scorecards.doubts import doubts_of
from indicators.scorecards.interim_page import interim_page
from indicators.scorecards.scored import ScoredIndicator
from indicators.scoring.aggregation import score_indicator
from indicators.scoring.interim import ACTUAL, Gather, Interim, Path
from indicators.scoring.periods import Period
from indicators.scoring.types import (
    Direction,
    Indicator,
    Input,
    InputRow,
    LowerPolicy,
    Method,
    Milestone,
)

LINEAR = LowerPolicy.LINEAR
RATE = Indicator(
    title="取得率",
    weight=Decimal(10),
    unit="%",
    decimals=1,
    direction=Direction.HIGHER,
    target=Decimal(90),
    method=Method.FORMULA,
    inputs=(Input("a", label="取得"), Input("b", label="受訓")),
    formula="a/b*100%",
)
DIRECT = replace(RATE, unit="件", decimals=0, method=Method.DIRECT, inputs=(), formula="")
SUM, LAST = Gather.SUM, Gather.LAST


def numbers(text: str) -> tuple[Decimal | None, ...]:
    return tuple(None if word == "?" else Decimal(word) for word in text.split())


def quarters(path=Path.EVEN, kind=Period.QUARTER, **given: tuple[Gather, str]) -> Interim:
    """By symbol, or `actual`: the rule and the values, ? where there is none."""
    named = {(ACTUAL if name == "actual" else name): pair for name, pair in given.items()}
    return Interim(
        108,
        kind,
        path,
        {symbol: rule for symbol, (rule, _) in named.items()},
        {symbol: numbers(values) for symbol, (_, values) in named.items()},
    )


def found(spec, interim, **record):
    """Period, symbol and sentence of each."""
    checked = check_periods(IndicatorRecord(spec=spec, **record), interim, LINEAR)
    return [(item.period, item.symbol, str(item.sentence)) for item in checked]


def with_inputs(*values, spec=RATE, **changes):
    inputs = zip(spec.inputs, values, strict=True)
    given = tuple(replace(i, value=None if v is None else Decimal(v)) for i, v in inputs)
    return replace(spec, inputs=given, **changes)


# A part in its whole ------------------------------------------------------------------------------


def test_part_above_its_whole_within_a_period_is_said_there():
    """98 of 97 in the second; as of its end 98 + 50 = 148 of 97 + 60 = 157 is no wonder."""
    interim = quarters(a=(SUM, "50 98"), b=(SUM, "60 97"))
    assert found(RATE, interim) == [(2, "a", "第 2 季：「取得」98 大於「受訓」97，請核對兩者。")]


def test_as_many_as_the_whole_and_a_gap_are_no_doubt():
    assert found(RATE, quarters(a=(SUM, "97 98 ?"), b=(SUM, "97 ? 50"))) == []


def test_part_that_grows_above_a_constant_whole_is_said_where_it_begins():
    """40, 80, 120 and 130 of 100: above from the third on."""
    interim = quarters(a=(SUM, "40 40 40 10"), b=(Gather.CONSTANT, ""))
    assert found(with_inputs(None, 100), interim) == [
        (3, "a", "到第 3 季底：「取得」120 大於「受訓」100，請核對兩者。")
    ]


def test_numbers_of_which_one_adds_up_are_compared_as_of_the_end_only():
    """30 + 5 of 40 people, and 30 + 15."""
    interim = quarters(a=(SUM, "30 5"), b=(LAST, "40 40"))
    assert found(RATE, interim) == []
    above = quarters(a=(SUM, "30 15"), b=(LAST, "40 40"))
    assert [item[:2] for item in found(RATE, above)] == [(2, "a")]
    assert found(RATE, above)[0][2].startswith("到第 2 季底：「取得」45 大於「受訓」40")


def test_whole_that_is_asked_while_the_part_is_not_has_the_doubt():
    interim = quarters(a=(Gather.CONSTANT, ""), b=(LAST, "40 60"))
    assert [item[:2] for item in found(with_inputs(50, None), interim)] == [(1, "b")]


def test_last_values_are_said_once_though_both_ways_see_them():
    interim = quarters(a=(LAST, "98"), b=(LAST, "97"))
    assert [item[:2] for item in found(RATE, interim)] == [(1, "a")]


def test_whole_that_still_adds_up_is_not_complete_enough_to_doubt():
    """9 of 5 in the first quarter: the whole has three more to come. Nor are lists of the year."""
    interim = quarters(a=(Gather.CONSTANT, ""), b=(SUM, "5"))
    assert [item[:2] for item in found(with_inputs(9, None, target=Decimal(190)), interim)] == []
    rows = (InputRow("一", Decimal(9)),)
    spec = replace(RATE, target=Decimal(190), inputs=(Input("a", rows=rows), Input("b")))
    assert found(spec, interim) == []


def test_part_that_follows_in_a_month_with_nothing_new_is_no_doubt():
    """Nobody was trained in April, 25 of March's 30 passed; without March they would be too many.

    Of what stands for itself, 25 of nobody is a doubt.
    """
    sums = quarters(kind=Period.MONTH, a=(SUM, "5 6 0 25"), b=(SUM, "5 6 30 0"))
    assert found(RATE, sums) == []
    sums = quarters(kind=Period.MONTH, a=(SUM, "5 6 0 25"), b=(SUM, "5 6 0 0"))
    assert [item[:2] for item in found(RATE, sums)] == [(4, "a"), (4, None)]  # 327 % of 90, too
    lasts = quarters(a=(LAST, "5 25"), b=(LAST, "5 0"))
    assert [item[:2] for item in found(RATE, lasts)] == [(2, "a")]


# The result as of a period ------------------------------------------------------------------------


def test_rate_far_from_last_year_is_said_where_it_begins_again():
    """2.0, 12, 4.5 and 5 against 10: less than half, near, less than half from then on."""
    spec = replace(DIRECT, unit="%", decimals=1, target=Decimal(10))
    interim = quarters(path=Path.LEVEL, actual=(LAST, "2 12 4.5 5"))
    record = {"previous_actual": Decimal(10)}
    tail = "與去年 10 相差很多；無誤則免更動，並請在分析說明。"
    assert found(spec, interim, **record) == [
        (1, None, f"到第 1 季底：實際值 2 {tail}"),
        (3, None, f"到第 3 季底：實際值 4.5 {tail}"),
    ]


@pytest.mark.parametrize(("year", "periods"), [(107, [1]), (106, [])])
def test_page_asks_last_year_s_plan_where_this_one_states_nothing(year, periods):
    """2 of the 10 that 107 came to."""
    spec = replace(DIRECT, unit="%", decimals=1, target=Decimal(10))
    before = IndicatorRecord(spec=replace(spec, actual=Decimal(10)), status="approved")
    page = interim_page(
        IndicatorRecord(spec=spec),
        quarters(path=Path.LEVEL, actual=(LAST, "2")),
        LINEAR,
        date(2019, 4, 1),
        (EarlierYear(year, before, LINEAR, None),),
        agency_code="tc-made",
        agency_name="示範機關",
        year=108,
    )
    assert [line.number for line in page.doubted] == periods


def test_what_accumulates_is_not_far_from_last_year_for_being_early():
    interim = quarters(actual=(SUM, "2 3"))
    assert found(replace(DIRECT, target=Decimal(12)), interim, previous_actual=Decimal(12)) == []


@pytest.mark.parametrize("path", Path)
def test_far_below_a_limit_early_in_the_year_is_no_doubt(path):
    """3 of at most 10, which as a year's value would be 2 − 3/10 = 170 %."""
    spec = replace(DIRECT, direction=Direction.LOWER, target=Decimal(10))
    assert found(spec, quarters(path=path, actual=(SUM, "3"))) == []


def test_sum_beyond_its_target_by_far_is_said_when_it_gets_there():
    """9 and 16 of 10: 160 %."""
    spec = replace(DIRECT, target=Decimal(10))
    interim = quarters(actual=(SUM, "9 7"))
    assert [item[:2] for item in found(spec, interim)] == [(2, None)]


def test_formula_that_multiplies_twice_is_said_once():
    spec = with_inputs(None, 200, formula="a/b*100", target=Decimal(9000))
    interim = quarters(a=(SUM, "20 30"), b=(Gather.CONSTANT, ""))
    assert [item[:2] for item in found(spec, interim)] == [(1, None)]


@pytest.mark.parametrize(
    ("target", "last_year", "doubts"),
    [(90, None, 2), (100, 100, 2), (105, None, 0), (100, 103, 0)],
)
def test_this_year_by_last_year_s_is_no_part_of_a_whole(target, last_year, doubts):
    """102 and 104 by 100: above the whole in each quarter, unless the plan expects that."""
    spec = with_inputs(104, 100, target=Decimal(target))
    last = None if last_year is None else Decimal(last_year)
    interim = quarters(path=Path.LEVEL, a=(LAST, "102 104"), b=(LAST, "100 100"))
    record = IndicatorRecord(spec=spec, previous_actual=last)
    assert len(check_periods(record, interim, LINEAR)) == doubts
    of_year = check_entry(Checked(record, score_indicator(spec, LINEAR), ("a", "b")))
    assert sum("大於" in str(doubt.sentence) for doubt in of_year) == bool(doubts)


# Slips --------------------------------------------------------------------------------------------


def test_two_digits_too_many_or_too_few_against_the_other_periods():
    interim = quarters(kind=Period.MONTH, actual=(SUM, "40 4100 42 0.4 39"))
    spec = replace(DIRECT, target=Decimal(10_000))
    tail = "其他各期中位數"
    assert found(spec, interim) == [
        (2, "", f"2 月：「每期數值」4,100 約是{tail} 39 的 100 倍，請核對是否多填兩位數。"),
        (4, "", f"4 月：「每期數值」0.4 約是{tail} 40 的百分之一，請核對是否少填兩位數。"),
    ]


@pytest.mark.parametrize(
    "values", ["40 4100 41", "0 0 0 40", "40 40 40 0", "1 1 1 49", "-40 1 1 1"]
)
def test_no_slip_with_too_few_values_with_zeros_or_within_reason(values):
    spec = replace(DIRECT, target=Decimal(10_000))
    assert found(spec, quarters(kind=Period.MONTH, actual=(SUM, values))) == []


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        (SUM, "2 0 3 4 2 5 300 280 6 3 2 4"),  # two months of summer
        (SUM, "90 80 85 1 0 88 92 79 81 86 90 95"),  # two months without business, nearly
        (LAST, "1 4 15 40 90 100 110 120 130 140 150 160"),  # spent so far
    ],
)
def test_seasons_and_what_grows_from_little_are_no_slips(rule, values):
    spec = replace(DIRECT, target=Decimal(10_000))
    assert found(spec, quarters(kind=Period.MONTH, actual=(rule, values))) == []


# Against the year's value -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("40 30 20", []),  # 90 of 90
        ("40 ? 51", [3]),  # 91, whatever the second was
        ("100 -20 20", []),  # what was taken away once could be again
        ("? ? ?", []),
    ],
)
def test_sum_above_a_year_s_value_that_was_typed(values, expected):
    spec = replace(DIRECT, actual=Decimal(90), target=Decimal(90))
    assert [item[0] for item in found(spec, quarters(actual=(SUM, values)))] == expected


def test_sum_above_the_year_s_value_says_both():
    spec = replace(DIRECT, actual=Decimal(1000), target=Decimal(1000))
    assert found(spec, quarters(kind=Period.MONTH, actual=(SUM, "800 201"))) == [
        (2, "", "已填各月合計 1,001，大於已填的全年值 1,000，請核對各月或全年值。")
    ]


def test_last_value_below_an_earlier_one_is_not_guessed_to_be_wrong():
    spec = replace(DIRECT, actual=Decimal(10), target=Decimal(12))
    assert found(spec, quarters(actual=(LAST, "12 10 11"))) == []


# For those who review -----------------------------------------------------------------------------


def test_reviewer_is_told_of_a_month_and_not_twice_of_the_year():
    """Both quarters' parts are above; 190 of 160 at the end is what the year's check says."""
    interim = quarters(a=(SUM, "40 30 60 60"), b=(SUM, "30 40 40 50"))
    spec = with_inputs(190, 160)
    item = ScoredIndicator(
        IndicatorRecord(spec=spec, analysis="已達成。"), score_indicator(spec, LINEAR)
    )
    doubts = doubts_of(item, ("a", "b"), interim, LINEAR)
    above = [str(doubt.sentence) for doubt in doubts if "大於" in str(doubt.sentence)]
    assert above == [
        "「取得」190 大於「受訓」160，請核對兩者。",
        "第 1 季：「取得」40 大於「受訓」30，請核對兩者。",
        "第 3 季：「取得」60 大於「受訓」40，請核對兩者。",
        "第 4 季：「取得」60 大於「受訓」50，請核對兩者。",
    ]
    assert {doubt.level for doubt in doubts} == {Level.WARNING}


def test_year_that_differs_is_said_by_one_check_alone():
    spec = replace(DIRECT, actual=Decimal(11), target=Decimal(10))
    record, interim = IndicatorRecord(spec=spec), quarters(actual=(SUM, "1 2 3 4"))
    assert [item[:2] for item in found(spec, interim)] == [(4, "")]
    assert doubts_of_periods(record, interim, LINEAR) == []
    checked = check_entry(Checked(record, score_indicator(spec, LINEAR), (), interim))
    assert sum("不符" in str(finding.sentence) for finding in checked) == 1


def test_figures_on_the_way_are_settled_by_the_year():
    spec = replace(DIRECT, unit="%", target=Decimal(10), actual=Decimal(10))
    record = IndicatorRecord(spec=spec, previous_actual=Decimal(10))
    interim = quarters(path=Path.LEVEL, actual=(LAST, "2 12 9 10"))
    assert len(check_periods(record, interim, LINEAR)) == 1
    assert doubts_of_periods(record, interim, LINEAR) == []


def test_doubts_stand_beside_the_input_or_the_result():
    interim = quarters(a=(SUM, "98"), b=(SUM, "97"))
    (finding,) = doubts_of_periods(IndicatorRecord(spec=RATE), interim, LINEAR)
    assert (finding.level, finding.field) == (Level.WARNING, "input:a")


def test_staged_work_and_what_is_not_followed_have_none():
    stages = (Milestone("一", Decimal(50), True),)
    staged = replace(DIRECT, method=Method.MILESTONES, milestones=stages)
    assert found(staged, quarters()) == []
    assert found(DIRECT, None) == []
