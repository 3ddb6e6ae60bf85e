"""The 107 report as data, against the text it was taken from.

Only white space is ignored when texts are compared: the source was taken from
a PDF, its spaces and line breaks follow the page.
"""

import copy
import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import lxml.html
import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "tests" / "data" / "taichung-secretariat-107.txt"
FIXTURE = ROOT / "fixtures" / "taichung-secretariat-107.json"

# What the report leaves out, and why.
EXCEPTIONS = {
    # The source's title names another office than its text does: the report
    # prints the agency's name, 臺中市政府秘書處.
    "臺中市秘書處",
}

NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
REFERENCE = re.compile(r"\{\{\s*(.*?)\s*\}\}")
HEADING = re.compile(r"#|[壹貳參肆伍]、|[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)")
SENTENCE = re.compile(r"[^。；：]+[。；：]?")
BLOCKS = "article caption div dd dt footer h1 h2 h3 h4 h5 h6 header li p section td th tr"


# The source


def source_lines():
    """Headings, paragraphs and table cells, without markup, rejoined across page breaks."""
    lines, may_run_on = [], False
    for raw in SOURCE.read_text(encoding="utf-8").split("\n"):
        if not raw.strip():
            continue
        text = without_markup(raw)
        if may_run_on and not is_new(raw):
            lines[-1] += text
        else:
            lines.extend(cell.strip() for cell in text.split("\t") if cell.strip())
        may_run_on = not is_heading(raw) and "\t" not in raw and not lines[-1].endswith("。")
    return lines


def without_markup(raw):
    """The LaTeX of one formula, the marks of headings and list items, paragraph tags."""
    text = raw.replace("$", "").replace(r"\%", "%")
    return re.sub(r"^#+ |^- |</?p>", "", text).rstrip()


def is_heading(raw):
    return bool(HEADING.match(raw))


def is_new(raw):
    return is_heading(raw) or raw.startswith("- ") or "\t" in raw


def sentences(lines):
    found = [squeezed(sentence) for line in lines for sentence in SENTENCE.findall(line)]
    return Counter(sentence for sentence in found if sentence not in EXCEPTIONS)


def part(first, after=None):
    """One part of the source in a piece, from its heading to the next part's."""
    text = squeezed("".join(source_lines()))
    return text[text.index(first) : text.index(after) if after else None]


def squeezed(text):
    return re.sub(r"\s+", "", text)


# The document


def document():
    return json.loads(FIXTURE.read_text(encoding="utf-8"))


def indicators(plan):
    return [
        indicator
        for perspective in plan["perspectives"]
        for goal in perspective["goals"]
        for indicator in goal["indicators"]
    ]


def sections(nodes):
    for node in nodes:
        yield node
        yield from sections(node.get("sections", []))


def texts(plan):
    yield from (indicator["analysis"] for indicator in indicators(plan))
    yield from (node["body"] for node in sections(plan["sections"]) if "body" in node)


def entered_numbers(plan):
    """Every number that is entered as data: figures, inputs and targets."""
    yield from (figure["value"] for figure in plan["figures"])
    for indicator in indicators(plan):
        yield indicator["target"]
        for entry in indicator["inputs"]:
            yield from (row["value"] for row in entry.get("rows", [entry]))


def grouped(value):
    return f"{Decimal(value):,}"


def changed(plan, place, value):
    """A copy of the plan with one value replaced.

    A place is (figure,), (indicator, "target"), (indicator, input) or (indicator, input, row).
    """
    plan = copy.deepcopy(plan)
    name, *inside = place
    if not inside:
        named(plan["figures"], "key", name)["value"] = value
        return plan
    indicator = named(indicators(plan), "id", name)
    if inside == ["target"]:
        indicator["target"] = value
        return plan
    entry = named(indicator["inputs"], "symbol", inside[0])
    for label in inside[1:]:
        entry = named(entry["rows"], "label", label)
    entry["value"] = value
    return plan


def named(entries, key, name):
    return next(entry for entry in entries if entry[key] == name)


# The report


@pytest.fixture
def rendered(db, tmp_path):
    """A function from a plan document to the text of its report."""

    def render(plan):
        source, target = tmp_path / "plan.json", tmp_path / "report.html"
        source.write_text(json.dumps(plan, ensure_ascii=False), encoding="utf-8")
        call_command("import_plan", str(source))
        call_command(
            "render_report", "tc-secretariat", "107", "--format", "html", "-o", str(target)
        )
        return body_text(target.read_text(encoding="utf-8"))

    return render


def body_text(html):
    body = lxml.html.document_fromstring(html).body
    for element in list(body.iter("style", "svg", "nav", "script")):
        element.drop_tree()
    for element in body.iter(*BLOCKS.split(), "br"):
        element.text = "\n" + (element.text or "")
        element.tail = "\n" + (element.tail or "")
    return body.text_content()


# The report says what the source says


@pytest.mark.django_db
def test_report_has_every_sentence_of_the_source(rendered):
    report = squeezed(rendered(document()))
    expected = sentences(source_lines())
    assert len(expected) == 238
    assert [text for text, times in expected.items() if report.count(text) < times] == []


@pytest.mark.django_db
def test_report_has_every_number_of_the_source(rendered):
    expected = Counter(NUMBER.findall("\n".join(source_lines())))
    assert expected.total() == 391
    assert expected - Counter(NUMBER.findall(rendered(document()))) == Counter()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "after"),
    [("壹、前言", "貳、目標達成情形"), ("伍、推動成果具體事項：", None)],
    ids=["foreword", "results"],
)
def test_report_prints_a_part_word_for_word(rendered, first, after):
    assert part(first, after) in squeezed(rendered(document()))


@pytest.mark.django_db
def test_report_leaves_no_reference_unresolved(rendered):
    assert "{{" not in rendered(document())


# The document holds each number once


def test_document_has_eleven_indicators():
    assert len(indicators(document())) == 11


def test_document_has_thirty_two_items_nineteen_of_them_with_their_own():
    _by_goal, other = document()["sections"][1]["sections"]
    items = other["sections"]
    with_own = [item for item in items if re.search(r"^#\. ", item["body"], re.MULTILINE)]
    assert (len(items), len(with_own)) == (32, 19)


def test_document_refers_to_every_figure():
    plan = document()
    named = {name for text in texts(plan) for name in REFERENCE.findall(text)}
    assert [figure["key"] for figure in plan["figures"] if figure["key"] not in named] == []


def test_document_types_no_entered_number_of_three_digits():
    plan = document()
    numbers = {n for n in entered_numbers(plan) if sum(map(str.isdigit, n)) >= 3}
    forbidden = numbers | {grouped(n) for n in numbers}
    # ×100% belongs to a calculation's wording, it is not data.
    typed = [REFERENCE.sub(" ", text).replace("*100%", "") for text in texts(plan)]
    assert forbidden.intersection(NUMBER.findall("\n".join(typed))) == set()


# A changed number changes every place that shows it

CHANGES = [
    pytest.param(
        ("basic-class-pass-rate", "受訓人數", "第1期"),
        "1070",
        {
            "第1期:受訓70人": "第1期:受訓1,070人",
            "受訓總人數410人": "受訓總人數1,410人",
            "87%(357/410*100%=87%)": "25%(357/1,410*100%=25%)",
            "受訓人數410人": "受訓人數1,410人",
            "及格率為87%": "及格率為25%",
        },
        id="a row of a list",
    ),
    pytest.param(
        ("basic-class-pass-rate", "取得證照人數", "第6期"),
        "45",
        {
            "取得證照51人": "取得證照45人",
            "取得證照人數357人": "取得證照人數351人",
            "87%(357/410*100%=87%)": "86%(351/410*100%=86%)",
            "取得採購基礎證照357人": "取得採購基礎證照351人",
            "及格率為87%": "及格率為86%",
        },
        id="a row of the other list",
    ),
    pytest.param(
        ("volunteer-growth", "本年志工"),
        "77",
        {
            "107年志工人數計65人": "107年志工人數計77人",
            "[(65-59)/59*100%]=10.2%": "[(77-59)/59*100%]=30.5%",
            "達成目標值10.2%": "達成目標值30.5%",
            "107年志工成長率達10.2%": "107年志工成長率達30.5%",
        },
        id="an input of a growth rate",
    ),
    pytest.param(
        ("e-tender-rate", "電子領標件數"),
        "16",
        {
            "電子領標計32件，(32/32*100%=100%)，達成度100%": (
                "電子領標計16件，(16/32*100%=50%)，達成度50%"
            ),
            "電子領標實際達成目標值100%": "電子領標實際達成目標值50%",
            "達標11項(100%)，未達標0項。總分100分": "達標10項(90.91%)，未達標1項。總分95分",
        },
        id="an input that turns a met target into a missed one",
    ),
    pytest.param(
        ("failed-tender-rate", "流廢標件數"),
        "911",
        {
            "流廢標列管件數147件，佔": "流廢標列管件數911件，佔",
            "9.3%(147/1,586*100%=9.3%)": "57.4%(911/1,586*100%=57.4%)",
            "流廢標列管件數147件，流廢標比率9.3%": "流廢標列管件數911件，流廢標比率57.4%",
        },
        id="an input where lower is better",
    ),
    pytest.param(
        ("office-safety-defects", "已改善件數"),
        "593",
        {
            "部分列管案計107件": "部分列管案計617件",
            "其中83件均已確認": "其中593件均已確認",
            "列管案件計107件": "列管案件計617件",
            "已完成改善計83件": "已完成改善計593件",
        },
        id="an input of a sum",
    ),
    pytest.param(
        ("statutory-quota", "員工總人數"),
        "412",
        {
            "員工總人數為229人": "員工總人數為412人",
            "應進用身心障礙人數為6人": "應進用身心障礙人數為12人",
            "超額進用7人": "超額進用1人",
        },
        id="an input of a formula in the text",
    ),
    pytest.param(
        ("current-budget-execution", "應付未付數"),
        "10890000",
        {
            "(332,252,672+20,890,000+83,755,328)/436,898,000=100%": (
                "(332,252,672+10,890,000+83,755,328)/436,898,000=98%"
            ),
        },
        id="a budget amount",
    ),
    pytest.param(
        ("volunteer-growth", "target"),
        "9",
        {"志工人數增加比例達8%之目標": "志工人數增加比例達9%之目標"},
        id="a target in another part",
    ),
    pytest.param(
        ("office-safety-defects", "target"),
        "130",
        {"≤120": "≤130", "低於107年度目標值120件": "低於107年度目標值130件"},
        id="a target where lower is better",
    ),
    pytest.param(
        ("capital-budget-execution", "target"),
        "79",
        {"資本門預算執行率原訂目標值為80%": "資本門預算執行率原訂目標值為79%"},
        id="a target in its analysis",
    ),
    pytest.param(
        ("civil_servants_before",),
        "7101",
        {"(原101人扣除留職停薪3人)": "(原7,101人扣除留職停薪3人)"},
        id="a figure in two analyses",
    ),
    pytest.param(
        ("equotation_rate",),
        "987654.30",
        {"達成率為18.70%，已達": "達成率為987,654.30%，已達"},
        id="a figure with a trailing zero",
    ),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("place", "value", "places"), CHANGES)
def test_changed_number_changes_every_place_that_shows_it(rendered, place, value, places):
    report = squeezed(rendered(changed(document(), place, value)))
    source = squeezed("".join(source_lines()))
    assert [old for old in places if old not in source] == []
    assert [old for old in places if old in report] == []
    assert [new for new in places.values() if new not in report] == []


@pytest.mark.django_db
def test_changed_classes_each_stand_in_their_own_line(rendered):
    plan = document()
    for number in range(1, 7):
        row = f"第{number}期"
        plan = changed(plan, ("basic-class-pass-rate", "受訓人數", row), f"100{number}")
        plan = changed(plan, ("basic-class-pass-rate", "取得證照人數", row), f"90{number}")
    report = squeezed(rendered(plan))
    lines = [
        f"({ordinal})第{number}期:受訓1,00{number}人；取得證照90{number}人。"
        for number, ordinal in enumerate("一二三四五六", 1)
    ]
    assert [line for line in lines if line not in report] == []


@pytest.mark.django_db
def test_changed_figures_all_stand_where_they_are_referred_to(rendered):
    plan = document()
    for number, figure in enumerate(plan["figures"], 7_654_001):
        figure["value"] = str(number)
    report = squeezed(rendered(plan))
    shown = {figure["key"]: grouped(figure["value"]) for figure in plan["figures"]}
    pieces = [piece for text in texts(plan) for piece in pieces_with(shown, text)]
    assert [piece for piece in pieces if piece not in report] == []


def pieces_with(shown, text):
    """A text with its figures filled in, cut where another reference or an item begins."""
    filled = REFERENCE.sub(lambda found: shown.get(found[1], "{{"), text)
    return [squeezed(piece) for piece in re.split(r"\{\{|\n|^#+\. |(?<=\n)#+\. ", filled)]
