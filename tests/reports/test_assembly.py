"""The report as an object: its parts and numbers, reviews, notes, and an annex to redo."""

import re
from datetime import date
from fractions import Fraction

import pytest

from indicators.interchange.plan_reading import read_plan
from indicators.records import PlanRecord, SectionRecord
from indicators.scorecards.scored import score_plan
from indicators.scoring.rounding import two_places
from reports.annual import MissedReview, Paragraph
from reports.assembly import build, build_with_problems, roc_date
from reports.attachments import figures_csv
from tests.indicators.documents import DIRECT, FORMULA, MISSING, as_bytes, changed, nested

CAUSE, REVIEW = f"{FORMULA}.review.cause", f"{FORMULA}.review"
MET = [(f"{FORMULA}.inputs.0.value", "80")]  # 80/80 = 100 %


def scored(*changes):
    return score_plan(read_plan(as_bytes(changed(*changes))))


def report(*changes):
    return build(scored(*changes), city="測試市政府")


def headings(found):
    return [f"{part.marker}{part.title}" for part in found.parts]


def sections(*titles):
    return ("sections", [{"title": title} for title in titles])


def test_the_head_of_the_report():
    found = report()
    assert (found.title, found.agency_name, found.agency_code) == (
        "測試局107年度施政績效報告",
        "測試局",
        "test-office",
    )
    assert (found.city, found.year, found.dated) == ("測試市政府", 107, date(2018, 12, 31))


def test_the_same_plan_gives_the_same_report():
    assert report() == report()


# Order and numbers

COMPUTED = ["目標達成情形", "績效綜合分析", "未達目標項目檢討"]


@pytest.mark.parametrize(
    ("titles", "order"),
    [
        ([], COMPUTED),
        (["前言"], ["前言", *COMPUTED]),
        (["前言", "成果"], ["前言", *COMPUTED, "成果"]),
        (["成果", "展望"], [*COMPUTED, "成果", "展望"]),
        (["緣起", "成果"], ["緣起", *COMPUTED, "成果"]),
        (
            ["前言", "未達目標項目檢討", "成果"],
            ["前言", "目標達成情形", "績效綜合分析", "未達目標項目檢討", "成果"],
        ),
        (
            ["績效綜合分析：", "成果", "目標達成情形"],
            ["未達目標項目檢討", "績效綜合分析：", "成果", "目標達成情形"],
        ),
        (
            ["目標達成情形", "目標達成情形"],
            ["績效綜合分析", "未達目標項目檢討", "目標達成情形", "目標達成情形"],
        ),
    ],
)
def test_staff_sections_and_computed_parts_in_order(titles, order):
    found = report(sections(*titles))
    assert [part.title for part in found.parts] == order


def test_parts_are_numbered_in_order():
    assert headings(report(sections("前言", "成果"))) == [
        "壹、前言",
        "貳、目標達成情形",
        "參、績效綜合分析",
        "肆、未達目標項目檢討",
        "伍、成果",
    ]


def test_twelve_parts_are_numbered_past_ten():
    found = report(sections("前言", *"甲乙丙丁戊己庚辛"))
    assert [part.marker for part in found.parts][-4:] == ["玖、", "拾、", "拾壹、", "拾貳、"]


@pytest.mark.parametrize(
    ("title", "printed"),
    [(None, "未達目標項目檢討：無"), ("未達目標項目檢討：", "未達目標項目檢討：無")],
)
def test_nothing_missed_is_said_in_the_heading(title, printed):
    found = report(*MET, sections(*([title] if title else [])))
    assert [part.title for part in found.parts if part.kind == "reviews"] == [printed]
    assert found.reviews == ()


def test_a_computed_part_twice_is_computed_once():
    found = report(sections("目標達成情形", "目標達成情形"))
    assert [part.kind for part in found.parts] == ["summary", "reviews", "tables", "section"]


def test_sections_are_numbered_by_their_level():
    found = report(("sections", [nested(7)]))
    markers, section = [], found.parts[-1]
    while section:
        markers.append((section.marker, getattr(section, "level", 1)))
        section = section.sections[0] if section.sections else None
    assert markers == [
        ("肆、", 1), ("一、", 2), ("(一)", 3), ("1、", 4), ("(1)", 5), ("(1)", 5), ("(1)", 5),
    ]  # fmt: skip


def test_items_are_numbered_below_their_heading():
    child = {"title": "節", "body": "#. 一項\n##. 細項\n##. 細項\n說明\n#. 二項\n##. 細項"}
    found = report(("sections", [{"title": "成果", "body": "文", "sections": [child]}]))
    part = found.parts[-1]
    assert part.paragraphs == (Paragraph("文"),)
    assert [(p.marker, p.text, p.depth) for p in part.sections[0].paragraphs] == [
        ("(一)", "一項", 1), ("1、", "細項", 2), ("2、", "細項", 2), ("", "說明", 0),
        ("(二)", "二項", 1), ("1、", "細項", 2),
    ]  # fmt: skip


def test_the_contents_name_parts_tables_and_two_levels_of_sections():
    found = report(("sections", [{"title": "前言"}, nested(4)]))
    assert [(level, text) for level, _, text in found.contents] == [
        (1, "壹、前言"),
        (1, "貳、目標達成情形"),
        (2, "一、業務面向"),
        (1, "參、績效綜合分析"),
        (1, "肆、未達目標項目檢討"),
        (1, "伍、節"),
        (2, "一、節"),
        (3, "(一)節"),
    ]


def test_every_anchor_is_its_own():
    found = report(("sections", [{"title": "前言"}, nested(4)]))
    anchors = [anchor for _, anchor, _ in found.contents]
    anchors += [row.anchor for table in found.tables for goal in table.goals
                for row in goal.indicators]  # fmt: skip
    anchors += [one.anchor for one in (*found.annex, *found.reviews)]
    assert len(anchors) == len(set(anchors)) == 15


# Tables


def test_a_table_prints_goals_and_indicators():
    table = report().tables[0]
    assert (table.marker, table.title) == ("一、", "業務面向")
    assert [(goal.marker, goal.title, goal.weight) for goal in table.goals] == [
        ("一、", "提升訓練成效", "60%"),
        ("二、", "服務滿意", "40%"),
    ]
    rows = [row for goal in table.goals for row in goal.indicators]
    parts = ("marker", "title", "weight", "target", "actual", "achievement", "status_word")
    assert [[getattr(row, part) for part in parts] for row in rows] == [
        ["一、", "及格率", "40%", "83%", "65%", "78.31%", "未達標"],
        ["二、", "興建訓練中心", "20%", "70%", "70%", "100%", "達標"],
        ["一、", "平均等候日數", "40%", "≤8", "7.3", "100%", "達標"],
    ]
    assert [row.analysis for row in rows] == [(Paragraph("受訓 80 人。"),), (), ()]


def test_what_is_not_reported_prints_a_dash_and_why():
    row = report((f"{DIRECT}.actual", None)).tables[0].goals[1].indicators[0]
    assert (row.actual, row.achievement, row.status_word, row.reason) == (
        "—",
        "—",
        "未填報",
        "尚未填報：達成目標值。",
    )


def test_other_perspectives_print_as_they_are_named():
    names = ["創新", "顧客{{ x }}", "財務\n面向", "學習%", "<b>"]
    found = report(("perspectives", [{"name": name, "goals": []} for name in names]))
    assert [(table.marker, table.title, table.goals) for table in found.tables] == [
        (f"{number}、", name, ()) for number, name in zip("一二三四五", names, strict=True)
    ]
    assert found.summary.sentence == (
        "107年度總計0項衡量指標，達標0項，未達標0項，未填報0項。已得0分，已失0分，尚可得0分。"
    )


def test_three_hundred_indicators_are_numbered_through():
    direct = changed()["perspectives"][0]["goals"][1]["indicators"][0]
    direct = {key: value for key, value in direct.items() if key != "id"} | {"weight": "1"}
    goals = [{"title": "目標", "weight": "100", "indicators": [direct] * 100}] * 3
    found = report(("perspectives", [{"name": "面向", "goals": goals}]))
    assert [row.number for row in found.annex] == [str(n) for n in range(1, 301)]
    assert found.tables[0].goals[2].indicators[99].marker == "100、"


# Reviews


def test_a_missed_target_is_reviewed():
    assert report((CAUSE, "#. 開班較晚\n#. 師資 {{ 受訓人數 }} 人")).reviews == (
        MissedReview(
            anchor="m1",
            marker="一、",
            title="及格率",
            target="83%",
            actual="65%",
            achievement="78.31%",
            cause=(Paragraph("開班較晚", "一、", 1), Paragraph("師資 80 人", "二、", 1)),
            action=(Paragraph("提早開班"),),
            responsible="訓練科",
            due="108年6月30日",
        ),
    )


def test_a_review_that_is_not_written_prints_dashes():
    (found,) = report((REVIEW, MISSING)).reviews
    assert (found.cause, found.action, found.responsible, found.due) == (
        (Paragraph("—"),),
        (Paragraph("—"),),
        "—",
        "—",
    )


def test_a_review_of_a_target_that_was_met_is_left_out():
    assert report(*MET).reviews == ()


@pytest.mark.parametrize(
    ("day", "printed"),
    [
        (date(2019, 6, 30), "108年6月30日"),
        (date(1912, 1, 1), "1年1月1日"),
        (date(1911, 10, 10), "民國前1年10月10日"),
    ],
)
def test_dates_are_of_the_republic(day, printed):
    assert roc_date(day) == printed


# Summary


def notes(*changes):
    return report(*changes).summary.notes


def test_the_summary_counts_and_adds_up():
    found = report().summary
    assert found.sentence == ("107年度總計3項衡量指標，達標2項(66.67%)，未達標1項。總分91.33分。")
    assert found.notes == ()
    assert (found.total, found.lost, found.winnable, found.complete) == (
        "91.33",
        "8.67",
        "0.00",
        True,
    )
    bars = [(bar.title, bar.weight, bar.score, bar.lost) for bar in found.by_perspective]
    assert bars == [("業務面向", "100", "91.33", "8.67")]
    assert [(bar.title, bar.achievement, bar.status) for bar in found.by_indicator] == [
        ("及格率", "78.31%", "missed"),
        ("興建訓練中心", "100%", "met"),
        ("平均等候日數", "100%", "met"),
    ]


def test_what_is_not_reported_is_no_total():
    found = report((f"{DIRECT}.actual", None)).summary
    assert found.sentence == (
        "107年度總計3項衡量指標，達標1項(33.33%)，未達標1項，未填報1項。"
        "已得51.33分，已失8.67分，尚可得40分。"
    )
    assert found.notes == ("尚有指標未填報，以上不是全年總分。",)


def test_weights_that_are_not_100_are_noted():
    lighter = [(f"{DIRECT}.weight", "39.5"), ("perspectives.0.goals.1.weight", "39.5")]
    assert notes(*lighter) == ("全部指標的權重合計為99.5，不是100，以上不是全年總分。",)
    assert "權重合計為99.5。" in "".join(report(*lighter).rules)


def test_rounded_parts_that_do_not_add_up_are_noted():
    one = {
        "title": "指標", "weight": "50", "unit": "件", "decimals": 2, "direction": "higher",
        "target": "80", "method": "direct", "actual": "35",
    }  # fmt: skip
    goal = {"title": "目標", "weight": "100", "indicators": [one, one]}
    found = report(("perspectives", [{"name": "面向", "goals": [goal]}]))
    # 35/80 = 43.75 %, 50 × 43.75 % = 21.875, printed 21.88; twice is 43.75, not 43.76.
    assert found.summary.total == "43.75"
    assert found.summary.notes == ("細項經四捨五入，合計可能有差。",)


# Annex


def test_the_rules_are_those_the_plan_uses():
    assert report().rules == (
        "達成目標值四捨五入至各指標訂定的小數位數（逢五進位，負數亦然），以下都用這個印出的數字計算。",
        "單位為百分比的指標，公式的結果以百分比表示；公式中100%等於1。",
        "完成工作項目的指標，達成目標值是依序完成的最後一個工作項目的累計百分比；"
        "前面有未完成的項目時，後面的不計。",
        "愈高愈好的指標：達成度=實際÷目標。",
        "愈低愈好的指標（目標前有≤）：實際不超過目標時，達成度為100%；超過時，達成度=目標÷實際。",
        "達成度以0%至100%為限。",
        "得分=權重×達成度，計算時不先四捨五入；總分是各項得分的合計，最後才四捨五入至小數二位。"
        "權重合計為100。",
    )


def test_the_annex_holds_what_a_score_is_made_of():
    found = report().annex[0]
    assert (found.number, found.title, found.weight, found.target) == (
        "1",
        "及格率",
        "40%",
        "83%",
    )
    assert (found.formula, found.calculation) == (
        "及格人數/SUM(受訓人數)*100%",
        "52/80*100%=65%",
    )
    assert [(line.symbol, line.value, line.rows) for line in found.inputs] == [
        ("及格人數", "52", ()),
        ("受訓人數", "80", (("第1期", "50"), ("第2期", "30"))),
    ]
    assert report().annex[1].milestones == (
        ("規劃", "25%", "已完成"),
        ("發包", "70%", "已完成"),
        ("完工", "100%", "未填報"),
    )


ACTUALS = [
    ("higher", "linear", "80", "72"), ("higher", "linear", "3", "1"), ("higher", "linear", "7",
    "-1"),
    ("lower", "linear", "8", "9"), ("lower", "linear", "7", "9"), ("lower", "linear", "8", "20"),
    ("lower", "ratio", "8", "9"), ("lower", "ratio", "7", "1234"), ("equal", "linear", "7", "9"),
    ("equal", "linear", "-7", "-9"), ("equal", "linear", "7", "30"), ("higher", "linear", "8", "9"),
    ("lower", "linear", "8", "-2"), ("lower", "ratio", "8", "2"), ("equal", "ratio", "1234.5",
    "1200"),
]  # fmt: skip


@pytest.mark.parametrize(("direction", "policy", "target", "actual"), ACTUALS)
def test_a_score_can_be_redone_from_the_page(direction, policy, target, actual):
    plan = scored(
        ("policy", {"lower": policy}),
        (f"{DIRECT}.direction", direction),
        (f"{DIRECT}.target", target),
        (f"{DIRECT}.actual", actual),
    )
    row, result = build(plan, city="市").annex[2], [*plan.indicators()][2].result
    expression, printed = re.match(r"([^=]+)=(-?[\d.,]+)%", row.achievement).groups()
    assert two_places(100 * worked_out(expression)) == printed == two_places(result.uncapped)
    expression, printed = re.fullmatch(r"(.+)=([\d.]+)", row.score).groups()
    assert two_places(worked_out(expression)) == printed == two_places(result.score)


def worked_out(expression):
    """A printed expression, worked out by somebody who has only the page."""
    text = expression.replace(",", "").replace("×", "*").replace("÷", "/")
    text = re.sub(r"\|([^|]+)\|", r"abs(\1)", text)
    text = re.sub(r"(\d+(?:\.\d+)?)%", r"(\1/100)", text)
    text = re.sub(r"(?<![\d.])\d+(?:\.\d+)?", lambda number: f"Fraction('{number[0]}')", text)
    return eval(text, {"Fraction": Fraction, "abs": abs})


def test_an_unreported_score_says_why():
    found = report((f"{DIRECT}.actual", None)).annex[2]
    assert (found.calculation, found.achievement, found.score) == (
        "",
        "尚未填報：達成目標值。",
        "—",
    )


# Texts and figures


def test_problems_are_told_with_their_place():
    _, problems = build_with_problems(
        scored(
            (CAUSE, "{{ 原因 }}"),
            (f"{FORMULA}.analysis", "{{ 人數 }}"),
            ("sections.0.sections.0.body", "{{ guests }}"),
        ),
        city="市",
    )
    assert {(one.place, one.problem.reference, one.problem.is_empty) for one in problems} == {
        ("及格率", "原因", False),
        ("及格率", "人數", False),
        ("緣起", "guests", True),
    }


def test_figures_as_a_table_for_spreadsheets():
    figures = [
        {"key": "tours", "label": "=HYPERLINK(1)", "unit": "＝場", "value": "-91.50",
         "source": "甲,\"乙\"", "previous": "80"},
        {"key": "guests", "label": "人數", "value": None},
    ]  # fmt: skip
    assert figures_csv(scored(("figures", figures)).record) == (
        "key,label,unit,value,previous,source\r\n"
        'tours,\'=HYPERLINK(1),\'＝場,-91.50,80,"甲,""乙"""\r\n'
        "guests,人數,,,,\r\n"
    )


@pytest.mark.parametrize(("items", "levels"), [(3, {1, 2, 3}), (150, {1, 2})])
def test_contents_leave_out_the_level_that_makes_them_too_long(items, levels):
    section = SectionRecord(
        "成果", "", (SectionRecord("其他", "", (SectionRecord("項", "文"),) * items),)
    )
    record = PlanRecord("ab", "機關", 107, (), sections=(section,))
    contents = build(score_plan(record), city="市").contents
    assert {level for level, _, _ in contents} == levels


def test_nobody_is_said_to_have_missed_nothing_while_something_is_not_reported():
    document = changed((f"{DIRECT}.actual", None))
    titles = [
        part.title for part in build(score_plan(read_plan(as_bytes(document))), city="市").parts
    ]
    assert "未達目標項目檢討：無" not in titles
