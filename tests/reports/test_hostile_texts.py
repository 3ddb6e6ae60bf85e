"""Whatever staff type is text: it prints as it is, or the report says why it can't be made."""

import lxml.html
import pytest

from tests.indicators.conftest import command, import_plan  # noqa: F401  fixtures
from tests.indicators.documents import FORMULA, changed

TEXT = "{{7*7}} {% load static %} <script>alert(1)</script> %(x)s %s {0} &lt; ${y} </style>"
PLACES = [
    "agency.name", "perspectives.0.name", "perspectives.0.goals.0.title", f"{FORMULA}.title",
    f"{FORMULA}.measure", f"{FORMULA}.analysis", f"{FORMULA}.review.cause",
    f"{FORMULA}.review.responsible", f"{FORMULA}.inputs.0.label", f"{FORMULA}.inputs.0.unit",
    f"{FORMULA}.inputs.1.rows.0.label", "sections.0.title", "sections.0.body",
]  # fmt: skip


@pytest.fixture
def render(import_plan, command, tmp_path):  # noqa: F811
    def run(document):
        assert import_plan(document).code == 0
        target = tmp_path / "report.html"
        ended = command("render_report", "test-office", "107", "--format", "html", "-o", target)
        return ended, target

    return run


@pytest.mark.django_db
@pytest.mark.parametrize("place", PLACES)
def test_marks_of_other_languages_print_as_they_are(render, place):
    ended, target = render(changed((place, TEXT)))
    assert (ended.code, ended.err) == (0, "")
    page = lxml.html.document_fromstring(target.read_text(encoding="utf-8"))
    assert (TEXT in page.body.text_content(), page.findall(".//script")) == (True, [])


@pytest.mark.django_db
def test_a_character_that_no_font_has_stops_the_report_with_a_sentence(render):
    ended, target = render(changed((f"{FORMULA}.analysis", "成果良好😀")))
    assert (ended.code, ended.out, target.exists()) == (1, "", False)
    assert ended.err == "報告字型缺少這些字：😀（U+1F600）。請改用其他字，或以文字說明。\n"


@pytest.mark.django_db
def test_rare_characters_are_printed(render):
    ended, target = render(changed(("agency.name", "堃喆峯𡘙局")))
    assert (ended.code, "堃喆峯𡘙局" in target.read_text(encoding="utf-8")) == (0, True)
