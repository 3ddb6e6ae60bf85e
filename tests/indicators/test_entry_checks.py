"""Findings beside the field that causes them; each case worked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from indicators.entry_checks import Checked, Level, blocking, check_entry
from indicators.records import IndicatorRecord, Review
from indicators.scoring.aggregation import score_indicator
from indicators.scoring.interim import ACTUAL, Gather, Interim
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

PASS_RATE = Indicator(
    title="及格率",
    weight=Decimal(15),
    unit="%",
    decimals=0,
    direction=Direction.HIGHER,
    target=Decimal(83),
    method=Method.FORMULA,
    inputs=(
        Input("取得", rows=(InputRow("第1期", Decimal(64)), InputRow("第2期", Decimal(63)))),
        Input("受訓", rows=(InputRow("第1期", Decimal(70)), InputRow("第2期", Decimal(70)))),
    ),
    formula="SUM(取得)/SUM(受訓)*100%",
)
DIRECT = replace(
    PASS_RATE, method=Method.DIRECT, inputs=(), formula="", unit="件", actual=Decimal(90)
)


def findings(spec, proven=("取得", "受訓", ""), interim=None, **changes):
    record = IndicatorRecord(spec=spec, **({"analysis": "已達成。"} | changes))
    result = score_indicator(spec, LowerPolicy.LINEAR)
    return check_entry(Checked(record, result, proven, interim))


def followed(rule, *values, symbol=ACTUAL):
    given = tuple(None if value is None else Decimal(value) for value in values)
    return Interim(108, Period.QUARTER, rules={symbol: rule}, values={symbol: given})


def fields(found):
    return [(finding.level, finding.field, finding.row) for finding in found]


def rows(spec, symbol, *values):
    lines = tuple(
        InputRow(f"第{n}期", None if v is None else Decimal(v)) for n, v in enumerate(values, 1)
    )
    return replace(
        spec,
        inputs=tuple(replace(i, rows=lines) if i.symbol == symbol else i for i in spec.inputs),
    )


def test_a_sound_entry_has_no_finding():
    assert findings(PASS_RATE) == []


def test_a_row_whose_part_exceeds_its_whole_is_named():
    found = findings(rows(PASS_RATE, "取得", 64, 72))
    assert fields(found) == [(Level.WARNING, "input:取得", 1)]
    assert str(found[0].sentence) == "第2期「取得」72 大於「受訓」70，請核對兩者。"


def test_single_numbers_are_compared_too():
    spec = replace(
        PASS_RATE,
        inputs=(Input("取得", Decimal(72)), Input("受訓", Decimal(70))),
        formula="取得/受訓",
    )
    assert fields(findings(spec)) == [(Level.WARNING, "input:取得", None)]


def test_growth_is_no_share():
    spec = replace(
        PASS_RATE,
        inputs=(Input("取得", Decimal(150)), Input("受訓", Decimal(70))),
        formula="(取得-受訓)/受訓*100%",
        target=Decimal(110),
    )
    assert findings(spec) == []


def test_what_is_missing_blocks_at_its_field():
    found = findings(rows(PASS_RATE, "受訓", 70, None))
    assert fields(found) == [(Level.MISSING, "input:受訓", None)]


def test_a_formula_that_the_values_make_impossible_blocks():
    found = findings(rows(rows(PASS_RATE, "受訓", 0, 0), "取得", 0, 0))
    assert fields(found) == [(Level.ERROR, "input:取得", None)]
    assert "0" in str(found[0].sentence)


def test_each_input_wants_evidence():
    found = findings(PASS_RATE, proven={"取得"})
    assert fields(found) == [(Level.MISSING, "evidence:受訓", None)]


def test_an_indicator_without_inputs_wants_evidence_as_a_whole():
    assert fields(findings(DIRECT, proven=())) == [(Level.MISSING, "evidence:", None)]


def test_an_analysis_is_wanted_once_there_is_a_result():
    assert fields(findings(PASS_RATE, analysis=" ")) == [(Level.MISSING, "analysis", None)]


def test_a_missed_target_wants_all_four_parts_of_its_review():
    spec = replace(DIRECT, actual=Decimal(80))
    assert [f.field for f in blocking(findings(spec))] == [
        "review:cause",
        "review:action",
        "review:responsible",
        "review:due",
    ]
    whole = Review("工期短", "提早招標", "採購科", date(2019, 6, 30))
    assert findings(spec, review=whole) == []
    assert fields(findings(spec, review=replace(whole, due=None))) == [
        (Level.MISSING, "review:due", None)
    ]


def test_rounding_that_turns_a_miss_into_a_met_is_flagged():
    spec = replace(DIRECT, actual=Decimal("82.6"))  # rounds to 83
    assert fields(findings(spec)) == [(Level.WARNING, "actual", None)]


@pytest.mark.parametrize(
    ("last", "word"),
    [
        ("0.9", "100 倍"),  # 90 ÷ 0.9 = 100
        ("9000", "百分之一"),  # 90 ÷ 9000 = 0.01
        ("40", "相差很多"),  # 2.25 times
        ("200", "相差很多"),  # 0.45 times
    ],
)
def test_far_from_last_year(last, word):
    found = findings(DIRECT, previous_actual=Decimal(last))
    assert fields(found) == [(Level.WARNING, "actual", None)]
    assert word in str(found[0].sentence)


@pytest.mark.parametrize("last", ["46", "179", "90", "0", "-90"])
def test_near_to_last_year_or_not_comparable_says_nothing(last):
    assert findings(DIRECT, previous_actual=Decimal(last)) == []


def test_a_formula_times_100_without_its_percent_sign():
    spec = replace(PASS_RATE, formula="SUM(取得)/SUM(受訓)*100", target=Decimal(9000))
    assert (Level.WARNING, "actual", None) in fields(findings(spec))


def test_a_target_beaten_by_far():
    spec = replace(DIRECT, actual=Decimal(125))  # 125 ÷ 83 = 150.6 %
    assert fields(findings(spec)) == [(Level.WARNING, "actual", None)]


def test_a_stage_done_out_of_order_is_flagged_at_it():
    spec = replace(
        DIRECT,
        method=Method.MILESTONES,
        actual=None,
        unit="%",
        target=Decimal(25),
        milestones=(
            Milestone("規劃", Decimal(25), True),
            Milestone("發包", Decimal(50), False),
            Milestone("完工", Decimal(100), True),
        ),
    )
    assert fields(findings(spec)) == [(Level.WARNING, "stage:3", None)]


@pytest.mark.parametrize(
    ("rule", "values", "sentence"),
    [
        (Gather.SUM, (20, 30, 20, 17), "全年值 90 與各季合計 87 不符，請核對或說明。"),
        (Gather.LAST, (1, 2, 3, 80), "全年值 90 與第 4 季的數值 80 不符，請核對或說明。"),
        (Gather.AVERAGE, (80, 80, 81, 80), "全年值 90 與各季平均 80.25 不符，請核對或說明。"),
        (
            Gather.AVERAGE_GIVEN,
            (80, None, None, 90),
            "全年值 90 與有數值各季的平均 85 不符，請核對或說明。",
        ),
    ],
)
def test_a_year_s_value_other_than_its_interim_values_is_doubted(rule, values, sentence):
    found = findings(DIRECT, interim=followed(rule, *values))
    assert fields(found) == [(Level.WARNING, "actual", None)]
    assert str(found[0].sentence) == sentence


@pytest.mark.parametrize("values", [(20, 30, 20, 20), (20, 30, None, 17), (20, 30, 20, None)])
def test_a_year_s_value_that_fits_or_is_not_known_yet_is_not_doubted(values):
    assert findings(DIRECT, interim=followed(Gather.SUM, *values)) == []


def test_an_input_s_year_is_doubted_beside_the_input():
    spec = replace(
        PASS_RATE,
        inputs=(Input("取得", value=Decimal(60)), Input("受訓", value=Decimal(70))),
        formula="取得/受訓*100%",
    )
    interim = followed(Gather.SUM, 10, 20, 20, 11, symbol="取得")
    assert ("input:取得", "全年值 60 與各季合計 61 不符，請核對或說明。") in [
        (finding.field, str(finding.sentence)) for finding in findings(spec, interim=interim)
    ]
