"""Staff text: docs/texts.md tried line by line, and what it leaves open."""

import json
from pathlib import Path

import pytest

from indicators.interchange.plan_reading import read_plan
from indicators.scorecards.scored import score_plan
from reports.assembly import Writer
from reports.narrative import Line, Problem, References, chinese, formal, lines, marker
from tests.indicators.documents import DIRECT, FORMULA, as_bytes, changed

ROOT = Path(__file__).resolve().parents[2]
DOCS = (ROOT / "docs" / "texts.md").read_text(encoding="utf-8").splitlines()
SEED = (ROOT / "fixtures" / "taichung-secretariat-107.json").read_bytes()
BREAK = " ⏎ "


def rows(columns):
    """The rows of the page's tables with that many columns, their heads left out."""
    cells = [line.strip("| ").split(" | ") for line in DOCS if line.startswith("| ")]
    return [row for row in cells if len(row) == columns and "印成" not in row]


def scored(*changes):
    return score_plan(read_plan(as_bytes(changed(*changes))))


def item(plan, lineage):
    return next((one for one in plan.indicators() if one.record.lineage == lineage), None)


def filled(plan, text, lineage=None):
    problems = []
    within = item(plan, lineage)
    return References(plan).fill(text, within, problems), problems


@pytest.mark.parametrize(("place", "written", "printed"), rows(3))
def test_the_page_about_texts_tells_the_truth_of_references(place, written, printed):
    text, _ = filled(score_plan(read_plan(SEED)), written.strip("`"), place)
    assert text == printed


@pytest.mark.parametrize(("written", "printed"), rows(2))
def test_the_page_about_texts_tells_the_truth_of_items(written, printed):
    text = "\n".join(part.strip("`") for part in written.split(BREAK))
    writer = Writer(References(score_plan(read_plan(SEED))))
    found = writer.paragraphs(text, 1, "分析")
    assert BREAK.join(one.marker + one.text for one in found) == printed


def test_the_page_about_texts_has_examples():
    assert (len(rows(2)), len(rows(3))) == (4, 24)


def test_the_page_names_only_what_the_seed_has():
    plan = json.loads(SEED)
    assert {"sister_cities", "equotation_rate"} <= {figure["key"] for figure in plan["figures"]}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        (" \n\u3000\n\t\n", []),
        ("甲\r\n乙\r丙\n\n丁", [("甲", 0), ("乙", 0), ("丙", 0), ("丁", 0)]),
        ("#. 一\n##.  二\n###. 三", [("一", 1), ("二", 2), ("###. 三", 0)]),
        ("  #. 縮排", [("縮排", 1)]),
        ("# 標題\n- 項目\n1. 數字", [("# 標題", 0), ("- 項目", 0), ("1. 數字", 0)]),
        ("文 #. 不在行首", [("文 #. 不在行首", 0)]),
    ],
)
def test_lines_are_paragraphs_and_items(text, found):
    assert list(lines(text)) == [Line(*one) for one in found]


LITERAL = [
    "{{}}", "{{ }}", "{ tours }", "{% load static %}", "<script>alert(1)</script>",
    "%(x)s %s %d 100%", "{0} {x!r}", "$tours ${tours}", "{{ tours\n}}", "&lt;", "\\{{",
    "{{ tours }",
]  # fmt: skip


@pytest.mark.parametrize("text", LITERAL)
def test_what_is_no_reference_stays_as_it_is(text):
    printed, _ = filled(scored(), text)
    assert printed == text


@pytest.mark.parametrize(
    "reference",
    ["7*7", "tour", "plan", "plan.secret", "plan.pk", "pass-rate", "pass-rate.pk",
    "pass-rate.__class__",
     "及格人數", "actual", "pass-rate.受訓人數[第9期]", "pass-rate.及格人數[第1期]", "tours[第1期]",
     "= 1+1", "no-such = 1", "pass-rate = 沒有", "pass-rate = __import__('os')", "pass-rate = 1/3",
     "pass-rate =", "plan.total[1]", "tours.previous", "x" * 2100],
)  # fmt: skip
def test_what_refers_to_nothing_stays_and_is_told(reference):
    text = f"甲{{{{ {reference} }}}}乙" if len(reference) < 2000 else f"甲{{{{{reference}}}}}乙"
    assert filled(scored(), text) == (text, [Problem(reference, is_empty=False)])


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ([], "{{ guests }}"),
        ([(f"{FORMULA}.inputs.0.value", None)], "{{ pass-rate.及格人數 }}"),
        ([(f"{FORMULA}.inputs.0.value", None)], "{{ pass-rate.actual }}"),
        ([(f"{FORMULA}.inputs.0.value", None)], "{{ pass-rate.achievement }}"),
        ([(f"{FORMULA}.inputs.0.value", None)], "{{ pass-rate.calculation }}"),
        ([(f"{FORMULA}.inputs.0.value", None)], "{{ pass-rate = 及格人數+1 }}"),
        ([(f"{FORMULA}.inputs.1.rows", [])], "{{ pass-rate.受訓人數 }}"),
        ([(f"{FORMULA}.inputs.1.rows.0.value", None)], "{{ pass-rate.受訓人數 }}"),
        ([(f"{FORMULA}.inputs.1.rows.0.value", None)], "{{ pass-rate.受訓人數[第1期] }}"),
        ([(f"{DIRECT}.actual", None)], "{{ wait_days.actual }}"),
        ([], "{{ wait_days.calculation }}"),
    ],
)
def test_what_is_not_entered_prints_a_dash(changes, text):
    printed, problems = filled(scored(*changes), text)
    assert (printed, [problem.is_empty for problem in problems]) == ("—", [True])


def test_what_is_filled_in_is_not_read_again():
    plan = scored(
        (f"{FORMULA}.inputs.1.rows.0.label", "{{ tours }}"),
        ("figures.0.label", "{{ guests }}"),
    )
    assert filled(plan, "{{ tours }}{{ tours }}") == ("9191", [])


def test_two_rows_of_one_label_are_no_answer():
    plan = scored((f"{FORMULA}.inputs.1.rows.1.label", "第1期"))
    printed, problems = filled(plan, "{{ pass-rate.受訓人數[第1期] }}")
    assert (printed, len(problems)) == ("{{ pass-rate.受訓人數[第1期] }}", 1)


@pytest.mark.parametrize("label", ["甲.乙", "甲[乙]", "a=b", "甲 乙", "1.5%", "第(1)期"])
def test_a_row_may_have_any_name(label):
    plan = scored((f"{FORMULA}.inputs.1.rows.0.label", label))
    assert filled(plan, f"{{{{ pass-rate.受訓人數[{label}] }}}}") == ("50", [])


def test_an_indicators_own_input_stands_before_a_figure():
    figure = {"key": "ab", "label": "同名", "value": "1"}
    inputs = [{"symbol": "ab", "value": "2"}]
    plan = scored(
        ("figures.+", figure), (f"{FORMULA}.inputs", inputs), (f"{FORMULA}.formula", "ab")
    )
    assert filled(plan, "{{ ab }}", "pass-rate") == ("2", [])
    assert filled(plan, "{{ ab }}") == ("1", [])


@pytest.mark.parametrize(
    ("value", "printed"),
    [("2842", "2,842"), ("18.70", "18.70"), ("-1234.5", "-1,234.5"), ("0.00", "0.00"),
     ("123456789012345678901234567890", "123,456,789,012,345,678,901,234,567,890")],
)  # fmt: skip
def test_a_figure_prints_with_separators_and_its_own_decimals(value, printed):
    assert filled(scored(("figures.0.value", value)), "{{ tours }}") == (printed, [])


def test_ten_thousand_references_to_a_long_list_are_worked_out_once():
    rows = [{"label": f"第{n}期", "value": "1"} for n in range(20_000)]
    plan = scored((f"{FORMULA}.inputs.1.rows", rows))
    printed, _ = filled(plan, "{{ = SUM(受訓人數) }}" * 5_000, "pass-rate")
    assert printed == "20,000" * 5_000


@pytest.mark.parametrize(
    ("number", "printed"),
    [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (19, "十九"), (20, "二十"), (32, "三十二"),
     (99, "九十九"), (100, "100")],
)  # fmt: skip
def test_numbers_in_chinese(number, printed):
    assert chinese(number) == printed


@pytest.mark.parametrize(
    ("number", "printed"),
    [(1, "壹"), (5, "伍"), (9, "玖"), (10, "拾"), (11, "拾壹"), (20, "貳拾"), (21, "貳拾壹")],
)
def test_numbers_of_the_first_level(number, printed):
    assert formal(number) == printed


def test_the_levels_have_the_official_markers():
    assert [marker(level, 12) for level in range(1, 7)] == [
        "拾貳、", "十二、", "(十二)", "12、", "(12)", "(12)",
    ]  # fmt: skip
