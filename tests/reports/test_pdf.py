"""The PDF: conformance, structure, sameness, what it may fetch, and the patches it needs."""

import hashlib
import inspect
import io
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import page
import pikepdf
import pydyf
import pytest
import weasyprint
from weasyprint.draw import text as drawing
from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline

from indicators.records import PerspectiveRecord, PlanRecord
from indicators.scorecards.scored import score_plan
from reports import fonts, pdf, rendering, weasyprint_lines, weasyprint_patches
from reports.assembly import build
from reports.pdf import Attachment
from tests.reports.sample_report import HOSTILE, TITLE, report

FILES = (
    Attachment("plan.json", b'{"a": 1}', "application/json", "計畫文件", "Source"),
    Attachment("scorecard.json", b'{"b": 2}', "application/json", "計分表", "Data"),
    Attachment("figures.csv", "值\r\n".encode(), "text/csv", "業務數據", "Data"),
)


def render(html, attachments=()):
    return pdf.render(
        html,
        styles="",
        faces=fonts.subset(html),
        dated=date(2018, 12, 31),
        attachments=attachments,
    )


def small(body, head=""):
    return (
        f'<html lang="zh-Hant-TW"><head><title>題</title>{head}<style>'
        'html { font-family: "Report Kai" } body { margin: 0; text-align: justify } '
        "@page { size: 210mm 99mm }"
        f"</style></head><body>{body}</body></html>"
    )


@pytest.fixture(scope="module")
def data():
    return rendering.pdf_document(report(), FILES)


@pytest.fixture
def document(data):
    with pikepdf.open(io.BytesIO(data)) as opened:
        yield opened


def text_of(data, tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(data)
    done = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True)
    return done.stdout.decode()


# Conformance ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "profile", [page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1]
)
def test_report_conforms(data, profile):
    failures = page.validate_pdf_bytes(data, profile=profile).failures
    assert [(failure.rule_id, failure.message) for failure in failures] == []


def test_report_says_that_it_conforms(document):
    with document.open_metadata() as metadata:
        claims = {key: metadata.get(key) for key in ("pdfaid:part", "pdfaid:conformance")}
        assert claims == {"pdfaid:part": "3", "pdfaid:conformance": "A"}
        assert metadata.get("pdfuaid:part") == "1"


def test_stream_that_ends_in_a_carriage_return_still_conforms():
    """One deflated stream in 256 ends so; its length must not seem to take in the line end."""
    content = next(
        text.encode()
        for text in map(str, range(10_000, 99_999))
        if pydyf_stream(text.encode()).endswith(b"\r")
    )
    data = render(small("<p>一</p>"), [Attachment("a.csv", content, "text/csv", "數", "Data")])
    assert page.is_pdf_compliant_bytes(data, profile=page.ValidationProfile.PDF_A_3A)


def pydyf_stream(content):
    weasyprint_patches.install()
    data = pydyf.Stream([content], compress=True).data
    return data.split(b"stream\n", 1)[1].removesuffix(b"\r\nendstream")


# Content ----------------------------------------------------------------------------------------


def test_title_language_author_and_dates_come_from_the_report(document):
    info = document.docinfo
    assert str(document.Root.Lang) == "zh-Hant-TW"
    assert str(info["/Title"]) == TITLE
    assert str(info["/Author"]) == "臺中市政府秘書處"
    assert str(info["/CreationDate"]) == "D:20181231"


def test_attachments_are_inside_with_their_relationships(document):
    found = {
        str(spec.UF): (
            str(spec.AFRelationship),
            str(spec.EF.F.Subtype),
            str(spec.Desc),
            spec.EF.F.read_bytes(),
        )
        for spec in document.Root.AF
    }
    assert len(document.Root.AF) == 3
    assert found == {
        file.name: (f"/{file.relationship}", f"/{file.mime}", file.description, file.content)
        for file in FILES
    }


def test_bookmarks_are_the_headings_of_three_levels(document):
    with document.open_outline() as outline:
        tree = [(item.title, [child.title for child in item.children]) for item in outline.root]
        deepest = [child.title for child in outline.root[4].children[0].children]
    assert tree == [
        ("壹、前言", []),
        ("貳、目標達成情形", ["一、業務面向"]),
        ("參、績效綜合分析", []),
        ("肆、未達目標項目檢討", ["一、電子領標達成率"]),
        ("伍、推動成果具體事項", ["一、其他業務"]),
        ("附錄、計分方式與驗算", ["一、計分方式", "二、逐項驗算"]),
    ]
    assert deepest == ["(一)城市外交"]


def test_pages_say_which_of_how_many_from_the_first_after_the_contents(data, document, tmp_path):
    pages = text_of(data, tmp_path).split("\f")[:-1]
    body = len(pages) - 2  # cover, contents
    numbers = [f"第 {number} 頁，共 {body} 頁" for number in range(1, body + 1)]
    assert all(number in page for number, page in zip(numbers, pages[2:], strict=True))
    assert "頁，共" not in pages[0] + pages[1]
    labels = document.Root.PageLabels.Nums
    assert [labels[0], str(labels[1].S), labels[2], str(labels[3].S)] == [0, "/r", 2, "/D"]


def test_text_can_be_read_out(data, tmp_path):
    text = text_of(data, tmp_path)
    words = [*"堃喆峯𡘙", "≤120", "(65-59)/59*100%=10.2%", "未填報：招標案件數尚未填報。"]
    assert [word for word in words if word not in text] == []


def test_running_header_is_the_title(data, tmp_path):
    pages = text_of(data, tmp_path).split("\f")
    assert [TITLE in page for page in pages[1:-1]] == [True] * (len(pages) - 2)


def test_table_header_repeats_on_each_page_of_a_long_table(data, tmp_path):
    pages = text_of(data, tmp_path).split("\f")
    assert sum("衡量指標" in page and "原訂" in page for page in pages[2:5]) >= 2


def test_report_is_small(data):
    assert len(data) < 1_000_000


def test_only_the_subset_is_embedded(document):
    names = {
        str(font.BaseFont).partition("+")[2]
        for font in document.objects
        if isinstance(font, pikepdf.Dictionary) and font.get("/Type") == "/Font"
    }
    assert names == {"Report-Kai", "Report-Kai-Ext"}


def test_nothing_is_logged(caplog):
    weasyprint_patches._style_sheet.cache_clear()
    rendering.pdf_document(report(), FILES)
    assert [record.getMessage() for record in caplog.records] == []


# Sameness ---------------------------------------------------------------------------------------


def test_same_report_is_the_same_bytes(data):
    assert rendering.pdf_document(report(), FILES) == data


def test_same_report_is_the_same_bytes_in_another_process(data):
    script = (
        "import django; django.setup(); import hashlib\n"
        "from reports.rendering import pdf_document\n"
        "from tests.reports.sample_report import report\n"
        "from tests.reports.test_pdf import FILES\n"
        "print(hashlib.sha256(pdf_document(report(), FILES)).hexdigest())"
    )
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONHASHSEED": "7"}
    done = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True)
    assert done.stdout.strip() == hashlib.sha256(data).hexdigest(), done.stderr


# What it may fetch ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "html",
    [
        small("<img src='http://example.invalid/a.png' alt='a'/>"),
        small("<img src='file:///etc/hostname' alt='a'/>"),
        small("<img src='data:image/gif;base64,R0lGOD' alt='a'/>"),
        small("", "<link rel='stylesheet' href='http://example.invalid/a.css'/>"),
        small("", "<style>@import url('file:///etc/hostname');</style>"),
        small("<p style='background: url(http://example.invalid/b.png)'>一</p>"),
        small("<svg><image href='file:///etc/hostname'/></svg>"),
        small("<object data='file:///etc/hostname'></object>"),
        small("", "<link rel='attachment' href='file:///etc/hostname'/>"),
        small("", "<style>@font-face { font-family: x; src: url(report-font:9) }</style>"),
    ],
)
def test_nothing_but_the_reports_font_can_be_fetched(html):
    with pytest.raises(pdf.ForbiddenFetch):
        render(html)


def test_hostile_staff_text_is_printed_as_text(tmp_path):
    text = text_of(rendering.pdf_document(report(text=HOSTILE)), tmp_path).replace("\n", "")
    assert "<script>alert(1)</script>" in text
    assert "{{ report.title }}" in text


def test_character_that_no_font_holds_fails_with_its_name():
    with pytest.raises(fonts.MissingCharacters, match="𫝀（U\\+2B740）"):
        rendering.pdf_document(report(text="市長𫝀"))


def test_without_the_fonts_nothing_is_rendered(monkeypatch, tmp_path):
    """With no font at all WeasyPrint ends the process."""
    monkeypatch.setenv("REPORT_FONT_DIR", str(tmp_path))
    with pytest.raises(fonts.FontsUnavailable):
        rendering.pdf_document(report())


# What the patches rely on: each fails when a new WeasyPrint or pydyf changes it -------------------


def test_replaced_functions_exist_with_the_same_parameters():
    pairs = [
        (weasyprint_lines.split_first_line, weasyprint_lines._split_first_line),
        (weasyprint_lines._draw_first_line, weasyprint_lines._draw_line),
    ]
    for original, ours in pairs:
        assert list(inspect.signature(original).parameters) == list(
            inspect.signature(ours).parameters
        )
    weasyprint_patches.install()
    assert inline.split_first_line is weasyprint_lines._split_first_line
    assert inline.justify_line is weasyprint_lines._justify_line
    assert drawing.draw_first_line is weasyprint_lines._draw_line


def test_weasyprint_is_the_version_the_patches_were_written_for():
    assert weasyprint.VERSION.split(".")[0] == "70"
    assert pydyf.VERSION.startswith("0.13")


def test_our_lines_are_as_wide_and_high_as_pangos(monkeypatch):
    """The same words, letter by letter, by the ordinary way and by ours."""
    html = small("<p>第1期：受訓70人(87%) Darryl Plecas，未達≤120。</p>")
    ours = boxes_of(html)
    monkeypatch.setattr(weasyprint_lines, "_ours", lambda *args: False)
    assert boxes_of(html) == ours


def boxes_of(html):
    return [(box.text, round(box.width, 1), round(box.height, 1)) for box in lines_of(html)[0]]


def lines_of(html):
    """The first page's text boxes, and the right edge of the page's content."""
    weasyprint_patches.install()
    faces = fonts.subset(html)
    document = weasyprint_patches.laid_out(
        html, styles="", faces=faces, fetcher=weasyprint_patches.fetcher_of(faces)
    )
    box = document.pages[0]._page_box
    lines = [line for line in box.descendants() if isinstance(line, boxes.TextBox)]
    return lines, round(box.content_box_x() + box.width)


def test_justified_chinese_line_fills_its_width():
    lines, right_edge = lines_of(small("<p>" + "本處積極辦理各項業務(107年)。" * 12 + "</p>"))
    assert len(lines) > 3
    assert {round(line.position_x + line.width) for line in lines[:-1]} == {right_edge}


def test_page_references_are_made_once_a_page():
    weasyprint_patches.install()
    made = pydyf.PDF()
    made.add_page(pydyf.Dictionary())
    first = made.page_references
    assert made.page_references is first
    made.add_page(pydyf.Dictionary())
    assert len(made.page_references) == 2


def test_streams_are_compressed_once():
    weasyprint_patches.install()
    stream = pydyf.Stream([b"a" * 1000], compress=True)
    assert stream.data is stream.data
    assert b"/FlateDecode" in stream.data


def test_fonttools_is_not_imported_for_a_report():
    script = (
        "import sys; from datetime import date; from reports import fonts, pdf\n"
        "pdf.render('<html lang=\"zh\"><title>x</title><body>x</body></html>', styles='',"
        " faces=fonts.subset('x'), dated=date(2018, 12, 31))\n"
        "print([name for name in sys.modules if name.startswith('fontTools')])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_threads_get_the_bytes_that_one_alone_gets():
    alone = rendering.pdf_document(report())
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda _: rendering.pdf_document(report()), range(4)))
    assert together == [alone] * 4


@pytest.mark.parametrize("perspectives", [(), (PerspectiveRecord("業務面向", ()),)])
def test_plan_without_indicators_is_a_valid_pdf_too(perspectives):
    plan = score_plan(PlanRecord("ab", "機關", 107, perspectives))
    data = rendering.pdf_document(build(plan, city="市"))
    assert page.validate_pdf_bytes(data, profile=page.ValidationProfile.PDF_UA_1).failures == []
