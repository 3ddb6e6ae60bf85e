"""The stand-alone HTML: nothing outside it, nothing that runs, staff text only as text."""

import base64
import re
from dataclasses import replace
from itertools import pairwise

import lxml.html
import pytest

from reports import rendering
from reports.fonts import MissingCharacters
from reports.templatetags.report_layout import hang
from tests.reports.sample_report import HOSTILE, TITLE, report


@pytest.fixture(scope="module")
def html():
    return rendering.html_document(report())


@pytest.fixture(scope="module")
def tree(html):
    return lxml.html.document_fromstring(html)


def text_of(nodes):
    return [" ".join(" ".join(node.itertext()).split()) for node in nodes]


def test_title_and_language(tree):
    assert tree.get("lang") == "zh-Hant-TW"
    assert tree.findtext(".//title") == TITLE


def test_file_names_nothing_outside_itself(html, tree):
    without_fonts = re.sub(r'url\("data:font/ttf;base64,[A-Za-z0-9+/=]+"\)', "", html)
    assert "http" not in without_fonts
    assert "url(" not in without_fonts
    assert "@import" not in without_fonts
    assert [link for link in tree.xpath("//@href | //@src") if not link.startswith("#")] == []


def test_file_runs_nothing_and_has_no_inline_styles(tree):
    assert tree.xpath("//script | //iframe | //object | //embed | //link") == []
    assert tree.xpath("//@*[starts-with(name(), 'on')] | //@style") == []
    assert len(tree.xpath("//style")) == 1


def test_font_subset_is_inside(html):
    fonts = re.findall(r"base64,([A-Za-z0-9+/=]+)", html)
    assert [base64.b64decode(font)[:4] for font in fonts] == [b"\0\1\0\0"] * 2


def test_hostile_staff_text_makes_no_element():
    plain = lxml.html.document_fromstring(rendering.html_document(report(text="文字")))
    hostile = lxml.html.document_fromstring(rendering.html_document(report(text=HOSTILE)))
    assert [node.tag for node in hostile.iter()] == [node.tag for node in plain.iter()]
    assert hostile.xpath("//@onerror") == []
    assert "{{ report.title }}{% now 'Y' %}" in hostile.text_content()


def test_hostile_title_stays_in_its_attributes():
    tree = lxml.html.document_fromstring(rendering.html_document(report(title='"><script>1')))
    assert tree.xpath("//script") == []
    assert tree.xpath("//article/@data-running") == ['"><script>1']


def test_headings_descend_without_a_gap(tree):
    levels = [int(node.tag[1]) for node in tree.xpath("//h1 | //h2 | //h3 | //h4 | //h5 | //h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert max(after - before for before, after in pairwise(levels)) == 1


def test_every_anchor_of_the_contents_exists_once(tree):
    targets = [link.removeprefix("#") for link in tree.xpath("//nav//@href")]
    assert [len(tree.xpath("//*[@id=$id]", id=target)) for target in targets] == [1] * 9
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert [name for name in ids if not name.startswith("rp-")] == []


def test_classes_are_the_reports_own(tree):
    names = {name for value in tree.xpath("//@class") for name in value.split()}
    assert [name for name in names if not name.startswith("rp-")] == []


def test_indicator_row_says_what_is_missed_and_what_is_not_reported(tree):
    rows = text_of(tree.xpath("//table[contains(@class, 'rp-goals')]//tr"))
    assert rows[1] == "一、強化採購專業智識(75%)"
    assert rows[2].startswith("一、安全缺失件數 (25%) ≤120 107 100% 承辦人")
    assert rows[3].startswith("二、電子領標達成率 (25%) 100% 75% 75% 未達標 一、情形如下：")
    assert rows[4] == "三、流廢標下降率 (25%) ≤120 — — 未填報 未填報：招標案件數尚未填報。"


def test_charts_have_a_name_for_each_bar(tree):
    assert tree.xpath("//figure//*[name()='svg']/*[name()='title']/text()") == [
        "業務面向：權重100，得分68.75，失分6.25，尚可爭取25.00",
        "安全缺失件數：達成度100%，達標",
        "電子領標達成率：達成度75%，未達標",
        "流廢標下降率：達成度—，未填報",
    ]


def test_bars_begin_at_zero_and_what_is_not_reported_has_none(tree):
    svgs = tree.xpath("//figure[2]//*[name()='svg']")
    bars = [svg.xpath("./*[name()='rect' and @height='7']") for svg in svgs]
    assert [[(bar.get("x"), bar.get("width")) for bar in found] for found in bars] == [
        [("0", "100.00")],
        [("0", "75.00")],
        [],
    ]


def test_review_and_its_absence(tree):
    facts = text_of(tree.xpath("//*[@id='rp-m1']/../table//tr"))
    assert facts[0] == "目標與達成 原訂目標值100%，達成目標值75%，達成度75%"
    assert facts[3:] == ["負責單位 採購管理科", "完成期限 108年6月30日"]
    none = lxml.html.document_fromstring(rendering.html_document(replace(report(), reviews=())))
    assert text_of(none.xpath("//*[@id='rp-p4']/..")) == ["肆、未達目標項目檢討"]


def test_annex_gives_all_that_a_score_needs(tree):
    formula, staged = tree.xpath("//section[@class='rp-proof']")
    assert text_of(formula.xpath(".//tr"))[2:] == [
        "公式 電子領標件數/招標件數*100%",
        "基礎資料 電子領標件數＝24件 招標件數＝32件，承辦人游錫堃、陶喆、林峯、𡘙先生"
        "(第1期 70、第2期 70、第3期 70、第4期 70、第5期 70、第6期 70)",
        "計算 24/32*100%=75%",
        "達成度 75÷100=75.00%",
        "得分 25×75%=18.75",
    ]
    stages = "工作項目 25% 需求訪談(已完成) 100% 系統上線(未完成)"
    assert text_of(staged.xpath(".//tr"))[1] == stages


def test_numbered_items_carry_their_structures_markers(tree):
    section = tree.xpath("//*[@id='rp-p5-1-1']/..")[0]
    items = section.xpath("./p[contains(@class, 'rp-i1')]")
    markers = [item.text_content().split("本")[0] for item in items]
    assert markers == [f"{number}、" for number in range(1, 12)]


@pytest.mark.parametrize(
    ("marker", "name"),
    [
        ("", ""),
        ("一、", "rp-hang-200"),
        ("二十一、", "rp-hang-400"),
        ("(一)", "rp-hang-157"),
        ("1、", "rp-hang-150"),
        ("10、", "rp-hang-200"),
        ("(1)", "rp-hang-107"),
    ],
)
def test_hang_is_the_markers_width(marker, name):
    assert hang(marker) == name


def test_every_hang_of_the_templates_has_its_rule():
    rules = set(re.findall(r"\.(rp-hang-\d+)", rendering._style_sheet(rendering.STYLE_SHEET)))
    numbers = ["一", "十一", "二十一", "一百零一", "一百二十一", "1", "10", "100"]
    wanted = {hang(f"{n}、") for n in numbers} | {hang(f"({n})") for n in numbers}
    assert wanted - rules == set()


def test_same_report_is_the_same_file(html):
    assert rendering.html_document(report()) == html


def test_character_that_no_font_holds_fails_with_its_name():
    with pytest.raises(MissingCharacters, match="𫝀（U\\+2B740）"):
        rendering.html_document(report(text="市長𫝀"))
