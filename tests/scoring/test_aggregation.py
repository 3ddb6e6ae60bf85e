"""The score of one indicator, what is missing, and the roll-up."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from indicators.scoring.aggregation import missing, roll_up, score_indicator
from indicators.scoring.rounding import plain, two_places
from indicators.scoring.types import (
    Direction,
    Indicator,
    IndicatorResult,
    Input,
    InputRow,
    LowerPolicy,
    Method,
    Milestone,
    Status,
    Totals,
)

LINEAR, RATIO = LowerPolicy.LINEAR, LowerPolicy.RATIO
LONG = "123456789012345678901234567890"


def amount(text):
    return None if text is None else Decimal(text)


def listed(symbol, *values, labels=None):
    labels = labels or [f"第{number}期" for number in range(1, len(values) + 1)]
    rows = (InputRow(name, amount(value)) for name, value in zip(labels, values, strict=True))
    return Input(symbol, rows=tuple(rows))


def single(symbol, value, label=""):
    return Input(symbol, value=amount(value), label=label)


def indicator(method, *, target="8", unit="%", decimals=0, direction="higher", **rest):
    return Indicator(
        title="指標",
        weight=Decimal(rest.pop("weight", "15")),
        unit=unit,
        decimals=decimals,
        direction=Direction(direction),
        target=Decimal(target),
        method=method,
        **rest,
    )


def calculated(formula, *inputs, **rest):
    return indicator(Method.FORMULA, formula=formula, inputs=inputs, **rest)


def direct(actual, **rest):
    return indicator(Method.DIRECT, actual=amount(actual), **rest)


def staged(*done, percents=("25", "50", "70", "100"), **rest):
    milestones = tuple(
        Milestone(f"階段{percent}", Decimal(percent), state)
        for percent, state in zip(percents, done, strict=False)
    )
    return indicator(Method.MILESTONES, milestones=milestones, **{"target": "70", **rest})


SEED = [
    calculated(
        "(本年志工-上年志工)/上年志工*100%",
        single("本年志工", "65"),
        single("上年志工", "59"),
        decimals=1,
    ),
    calculated(
        "SUM(取得證照人數) / SUM(受訓人數) * 100%",
        listed("取得證照人數", "64", "63", "60", "57", "62", "51"),
        listed("受訓人數", "70", "70", "70", "70", "70", "60"),
        target="83",
    ),
    calculated("a/b*100%", single("a", "32"), single("b", "32"), target="100", weight="10"),
    calculated(
        "a/b*100%",
        single("a", "147"),
        single("b", "1586"),
        target="11.5",
        decimals=1,
        direction="lower",
    ),
    calculated(
        "已改善+追蹤中",
        single("已改善", "83"),
        single("追蹤中", "24"),
        target="120",
        unit="件",
        direction="lower",
    ),
    calculated(
        "IF(AND(a>=FLOOR(b*3%),c>=FLOOR(d*1%)),1,0)",
        single("a", "13"),
        single("b", "229"),
        single("c", "0"),
        single("d", "9"),
        target="1",
        unit="",
        weight="5",
    ),
    calculated("a/b*100%", single("a", "5"), single("b", "7"), target="40", weight="5"),
    calculated("a/b*100%", single("a", "96"), single("b", "98"), target="90", weight="2"),
    calculated("a/b*100%", single("a", "60"), single("b", "98"), target="58", weight="3"),
    calculated(
        "(a+b+c)/d",
        single("a", "332252672"),
        single("b", "20890000"),
        single("c", "83755328"),
        single("d", "436898000"),
        target="80",
        weight="5",
    ),
    calculated(
        "(a+b+c)/d",
        single("a", "3729200"),
        single("b", "10000000"),
        single("c", "1407800"),
        single("d", "15137000"),
        target="80",
        weight="10",
    ),
]


@pytest.mark.parametrize(
    ("number", "actual", "uncapped", "calculation"),
    [
        (0, "10.2", "127.50", "(65-59)/59*100%=10.2%"),
        (1, "87", "104.82", "357/410*100%=87%"),
        (2, "100", "100.00", "32/32*100%=100%"),
        (3, "9.3", "119.13", "147/1,586*100%=9.3%"),
        (4, "107", "110.83", "83+24=107"),
        (5, "1", "100.00", "IF(AND(13>=FLOOR(229*3%),0>=FLOOR(9*1%)),1,0)=1"),
        (6, "71", "177.50", "5/7*100%=71%"),
        (7, "98", "108.89", "96/98*100%=98%"),
        (8, "61", "105.17", "60/98*100%=61%"),
        (9, "100", "125.00", "(332,252,672+20,890,000+83,755,328)/436,898,000=100%"),
        (10, "100", "125.00", "(3,729,200+10,000,000+1,407,800)/15,137,000=100%"),
    ],
)
def test_the_107_report_comes_out_as_printed(number, actual, uncapped, calculation):
    result = score_indicator(SEED[number], LINEAR)
    assert plain(result.actual) == actual
    assert two_places(result.uncapped) == uncapped
    assert result.calculation == calculation
    assert result.status is Status.MET
    assert result.score == SEED[number].weight
    assert result.reason is None


@pytest.mark.parametrize("policy", LowerPolicy)
def test_the_107_report_totals_100(policy):
    totals = roll_up((each.weight, score_indicator(each, policy)) for each in SEED)
    assert totals == Totals(
        weight=Decimal(100),
        score=Fraction(100),
        lost=Fraction(0),
        winnable=Decimal(0),
        indicators=11,
        met=11,
        missed=0,
        not_reported=0,
        complete=True,
    )


@pytest.mark.parametrize(
    ("entry", "policy", "expected"),
    [
        (direct("4", target="8"), LINEAR, "7.5"),
        (direct("9", target="8", direction="lower"), LINEAR, "13.125"),
        (direct("9", target="8", direction="lower"), RATIO, "40/3"),
        (direct("20", target="8", direction="lower"), LINEAR, "0"),
        (direct("20", target="8", direction="lower"), RATIO, "6"),
        (direct("1", target="0", direction="lower"), LINEAR, "0"),
        (direct("0", target="0", direction="lower"), RATIO, "15"),
        (direct("-4", target="-5", direction="equal"), LINEAR, "12"),
        (direct("4", target="8", weight=LONG), LINEAR, "61728394506172839450617283945"),
    ],
)
def test_score_is_weight_times_achievement(entry, policy, expected):
    assert score_indicator(entry, policy).score == Fraction(expected)


@pytest.mark.parametrize(
    ("entry", "actual", "status", "flagged"),
    [
        (direct("7.96", decimals=1), "8.0", Status.MET, True),
        (direct("7.95", decimals=1), "8.0", Status.MET, True),
        (direct("7.949", decimals=1), "7.9", Status.MISSED, False),
        (direct("7.96", decimals=2), "7.96", Status.MISSED, False),
        (direct("8", decimals=1), "8.0", Status.MET, False),
        (direct("8.04", decimals=1), "8.0", Status.MET, False),
        (direct("8.04", decimals=1, direction="lower"), "8.0", Status.MET, True),
        (direct("8.04", decimals=1, direction="equal"), "8.0", Status.MET, True),
        (direct("-0.5", decimals=0), "-1", Status.MISSED, False),
        (
            calculated("a/b", single("a", "199"), single("b", "2500"), decimals=1),
            "8.0",
            Status.MET,
            True,
        ),
        (staged(True, percents=("69.5",)), "70", Status.MET, True),
    ],
)
def test_the_rounded_actual_is_the_official_one(entry, actual, status, flagged):
    result = score_indicator(entry, LINEAR)
    assert str(result.actual) == actual
    assert result.status is status
    assert result.rounding_turned_miss_into_met is flagged


def test_achievement_is_worked_out_from_the_printed_actual():
    entry = calculated("a/b", single("a", "1"), single("b", "3"), target="66")
    assert score_indicator(entry, LINEAR).achievement == 50


@pytest.mark.parametrize(
    ("done", "actual", "status"),
    [
        ((True, True, True, True), "100", Status.MET),
        ((True, True, True, False), "70", Status.MET),
        ((True, True, True, None), "70", Status.MET),
        ((True, True, False, False), "50", Status.MISSED),
        ((True, False, True, True), "25", Status.MISSED),
        ((True, None, True, True), "25", Status.MISSED),
        ((False, True, True, True), "0", Status.MISSED),
        ((False, None, None, None), "0", Status.MISSED),
        ((None, None, None, True), "0", Status.MISSED),
    ],
)
def test_milestones_count_up_to_the_first_gap(done, actual, status):
    result = score_indicator(staged(*done), LINEAR)
    assert (plain(result.actual), result.status) == (actual, status)
    assert result.calculation is None


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (direct(None), "尚未填報：達成目標值。"),
        (staged(None, None), "尚未填報：各工作項目是否完成。"),
        (staged(), "尚未填報：各工作項目是否完成。"),
        (calculated("a", single("a", None)), "尚未填報：a。"),
        (calculated("a", single("a", None, label="a")), "尚未填報：a。"),
        (calculated("a", single("a", None, label="受訓人數")), "尚未填報：受訓人數（a）。"),
        (calculated("1", single("未用到", None)), "尚未填報：未用到。"),
        (calculated("SUM(受訓人數)", listed("受訓人數")), "尚未填報：受訓人數（一列也沒有）。"),
        (
            calculated("SUM(受訓人數)", listed("受訓人數", "70", "0", None)),
            "尚未填報：受訓人數第 3 列（第3期）。",
        ),
        (
            calculated("SUM(x)", listed("x", None, labels=[""])),
            "尚未填報：x第 1 列。",
        ),
        (
            calculated("a+SUM(x)", single("a", None), listed("x", "1", None)),
            "尚未填報：a、x第 2 列（第2期）。",
        ),
        (
            calculated("a+b+c", *(single(name, None) for name in "abc")),
            "尚未填報：a、b、c。",
        ),
        (
            calculated("a+b+c+d+e", *(single(name, None) for name in "abcde")),
            "尚未填報：a、b、c等 5 項。",
        ),
        (
            calculated("a/b", single("a", "1"), single("b", "0")),
            "無法計算：除數「b」等於 0，請檢查公式與基礎資料。",
        ),
        (
            calculated("a*a", single("a", LONG)),
            "無法計算：結果超過 30 位數，請檢查公式與基礎資料。",
        ),
        (direct("1" + LONG), "無法計算：結果超過 30 位數，請檢查公式與基礎資料。"),
        (calculated(""), "第 1 個字元：公式是空的，請填寫公式。"),
        (
            calculated("a+", single("a", "1")),
            "第 3 個字元：公式還沒寫完，這裡要有數字、名稱、函數或左括號。",
        ),
        (
            calculated("志士", single("志工", "1")),
            "第 1 個字元：基礎資料沒有「志士」，請先新增這項基礎資料，或更正名稱。",
        ),
        (
            direct("1", target="-1"),
            "原訂目標值小於 0，只有「等於目標」的指標可以如此，請更正目標值。",
        ),
    ],
)
def test_not_reported_has_a_reason_and_nothing_else(entry, reason):
    result = score_indicator(entry, LINEAR)
    assert str(result.reason) == reason
    assert result == IndicatorResult(
        status=Status.NOT_REPORTED, score=Fraction(0), reason=result.reason
    )


@pytest.mark.parametrize("entry", [direct("0"), staged(False), calculated("a", single("a", "0"))])
def test_zero_is_reported(entry):
    assert missing(entry) is None
    assert score_indicator(entry, LINEAR).status is Status.MISSED


@pytest.mark.parametrize(
    ("value", "decimals", "actual"),
    [
        ("9" * 30, 0, "9" * 30),
        ("9" * 30 + ".4", 0, "9" * 30),
        ("9" * 28 + ".25", 2, "9" * 28 + ".25"),
        ("9" * 30, 6, "9" * 30),
    ],
)
def test_an_actual_may_have_30_digits(value, decimals, actual):
    result = score_indicator(direct(value, decimals=decimals, unit="元"), LINEAR)
    assert plain(result.actual) == actual


@pytest.mark.parametrize(
    ("value", "decimals"), [("9" * 30 + ".5", 0), ("9" * 29 + ".25", 2), ("-1" + "0" * 30, 0)]
)
def test_an_actual_of_more_than_30_digits_is_not_reported(value, decimals):
    result = score_indicator(direct(value, decimals=decimals, unit="元"), LINEAR)
    assert result.status is Status.NOT_REPORTED


@pytest.mark.parametrize(
    ("unit", "calculation"), [("%", "1/4=25%"), ("", "1/4=0.25"), ("件", "1/4=0.25")]
)
def test_only_unit_percent_multiplies_by_100(unit, calculation):
    entry = calculated("a/b", single("a", "1"), single("b", "4"), unit=unit, decimals=2)
    assert score_indicator(entry, LINEAR).calculation == calculation


def test_a_direct_percent_is_not_multiplied():
    assert score_indicator(direct("8", unit="%"), LINEAR).actual == 8


MET = score_indicator(direct("8"), LINEAR)
HALF = replace(MET, status=Status.MISSED, score=Fraction(5))
OPEN = score_indicator(direct(None), LINEAR)


def test_roll_up_tells_earned_lost_and_winnable_apart():
    totals = roll_up([(Decimal("15"), MET), (Decimal("10"), HALF), (Decimal("75"), OPEN)])
    assert totals == Totals(
        weight=Decimal(100),
        score=Fraction(20),
        lost=Fraction(5),
        winnable=Decimal(75),
        indicators=3,
        met=1,
        missed=1,
        not_reported=1,
        complete=False,
    )


def test_roll_up_tells_what_is_lost_for_good_from_what_is_still_open():
    """Of 15 and of 10 points 5 are earned each: 10 lost for good, 5 open; 75 not reported."""
    totals = roll_up([(Decimal(15), HALF)], pending=[(Decimal(10), HALF), (Decimal(75), OPEN)])
    assert (totals.lost, totals.open_lost, totals.final_lost) == (15, 5, 10)
    assert (totals.winnable, totals.reachable) == (75, 90)
    assert (totals.indicators, totals.complete) == (3, False)


@pytest.mark.parametrize(
    ("pairs", "complete"),
    [
        ([], False),
        ([("100", MET)], True),
        ([("60", MET), ("40.0", HALF)], True),
        ([("99.9999999999999999999999999999", MET)], False),
        ([("100", MET), ("1E-30", MET)], False),
        ([("60", MET), ("40", OPEN)], False),
    ],
)
def test_complete_needs_everything_reported_and_weights_of_exactly_100(pairs, complete):
    totals = roll_up((Decimal(weight), result) for weight, result in pairs)
    assert totals.complete is complete


def test_roll_up_sums_30_digit_weights_exactly():
    totals = roll_up([(Decimal(LONG), OPEN), (Decimal("0.000001"), OPEN)])
    assert totals.weight == totals.winnable == Decimal(LONG + ".000001")
    assert totals.lost == 0


def test_printed_parts_need_not_add_up_to_the_printed_total():
    half = replace(MET, score=Fraction("21.875"))
    totals = roll_up([(Decimal(25), half), (Decimal(25), half)])
    assert two_places(half.score) == "21.88"
    assert two_places(totals.score) == "43.75"
