"""Tables as files, read back as another program reads them."""

import csv
import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import unquote

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from odfdo import Document
from python_calamine import CalamineWorkbook

from indicators import actions, models
from indicators.interchange.table_writing import CONTENT_TYPES, as_bytes
from indicators.records import IndicatorRecord
from indicators.scoring.types import Input
from indicators.tables import Table
from indicators.views.exports import TABLES
from tests.conftest import NOW
from tests.indicators.test_pages import counted, plan_of, spec

FORMATS = tuple(CONTENT_TYPES)
HOSTILE = [
    "=HYPERLINK(1)",
    "+1",
    "-1+1",
    "@SUM(A1)",
    " =1",
    "\t=1",
    "\r\n=1",
    "\u3000=1",
    "＝1",
    "＋1",
    "－1",
    "＠1",
    "https://x.example/",
    "internal:Sheet2!A1",
    "{=1}",
    "_x0041_",
    "1",
    "007",
    "<b>&amp;</b>",
]


def table(*cells, notes=(), title="表") -> Table:
    heads = tuple(f"欄{number}" for number in range(1, len(cells) + 1))
    return Table(title=title, heads=heads, rows=(cells,), notes=notes)


def in_csv(made: Table) -> list[list[str]]:
    text = as_bytes(made, "csv").decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def in_workbook(made: Table, format: str) -> list[list]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_bytes(made, format)))
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


def in_ods(made: Table) -> list[list]:
    document = Document(io.BytesIO(as_bytes(made, "ods")))
    return [list(row) for row in document.body.get_table(0).get_values()]


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return packed.read(name).decode()


# What each kind of cell becomes -------------------------------------------------------------------

CELLS = ("志工", Decimal("18.70"), 107, date(2018, 12, 31), None, Decimal("-5"))


def test_csv_has_heads_cells_and_notes():
    text = as_bytes(table(*CELLS, notes=("範例資料",)), "csv").decode()
    assert text == (
        "\ufeff欄1,欄2,欄3,欄4,欄5,欄6\r\n志工,18.70,107,2018-12-31,,-5\r\n\r\n範例資料\r\n"
    )


@pytest.mark.parametrize("format", ["xlsx", "ods"])
def test_workbook_has_heads_typed_cells_and_notes(format):
    heads, cells, gap, note = in_workbook(table(*CELLS, notes=("範例資料",)), format)
    assert heads == ["欄1", "欄2", "欄3", "欄4", "欄5", "欄6"]
    assert cells == ["志工", 18.7, 107.0, date(2018, 12, 31), "", -5.0]
    assert (gap, note) == ([""] * 6, ["範例資料", *[""] * 5])


def test_ods_keeps_a_number_s_decimals():
    assert in_ods(table(Decimal("18.70")))[1] == [Decimal("18.70")]
    assert '<number:number number:decimal-places="2"' in part(
        as_bytes(table(Decimal("18.70")), "ods"), "content.xml"
    )


def test_xlsx_shows_a_number_with_its_own_decimals_and_an_integer_as_it_is():
    cells = Decimal("18.70"), Decimal(5), Decimal("0.500")
    styles = part(as_bytes(table(*cells, 107), "xlsx"), "xl/styles.xml")
    shown = set(re.findall(r'formatCode="([^"]+)"', styles))
    assert shown == {"#,##0.00", "#,##0", "#,##0.000"}
    assert '<xf numFmtId="1"' in styles  # 0


@pytest.mark.parametrize("format", ["xlsx", "ods"])
@pytest.mark.parametrize("number", ["1234567890123456", "0.1234567890123456", "-12345678.90123456"])
def test_number_with_more_digits_than_a_spreadsheet_keeps_is_text(format, number):
    assert in_workbook(table(Decimal(number)), format)[1] == [number]


@pytest.mark.parametrize("format", ["xlsx", "ods"])
def test_number_of_fifteen_digits_stays_a_number(format):
    assert in_workbook(table(Decimal("123456789012.345")), format)[1] == [123456789012.345]


def test_moment_is_one_in_taipei():
    made = table(datetime(2018, 12, 31, 16, 5, 59, 999, tzinfo=UTC))
    assert in_csv(made)[1] == ["2019-01-01 00:05"]
    for format in ("xlsx", "ods"):
        assert in_workbook(made, format)[1] == [datetime(2019, 1, 1, 0, 5, 59)]


@pytest.mark.parametrize("format", FORMATS)
def test_date_before_all_spreadsheets_is_kept(format):
    content = as_bytes(table(date(1850, 3, 1)), format)
    name = {"xlsx": "xl/sharedStrings.xml", "ods": "content.xml"}.get(format)
    assert "1850-03-01" in (part(content, name) if name else content.decode())


# Text stays text ----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_typed_as_text_in_workbooks(text):
    plain = text.replace("\r\n", "\n")
    assert in_workbook(table(text), "xlsx")[1:] == [[plain]]
    assert in_ods(table(text))[1] == [plain]


@pytest.mark.parametrize("text", HOSTILE)
def test_workbook_has_no_formula_and_no_link(text):
    made = Table(text, (text,), ((text,),), (text,))
    sheet = part(as_bytes(made, "xlsx"), "xl/worksheets/sheet1.xml")
    assert [tag for tag in ("<f>", "<f ", "hyperlink", 't="str"') if tag in sheet] == []
    content = part(as_bytes(made, "ods"), "content.xml")
    assert [tag for tag in ("table:formula", "text:a") if f"{tag} " in content] == []


@pytest.mark.parametrize("text", HOSTILE[:12])
def test_csv_text_that_a_spreadsheet_would_run_is_prefixed(text):
    made = Table("表", (text,), ((text,),), (text,))
    plain = text.replace("\r\n", "\n")
    assert in_csv(made) == [["'" + plain], ["'" + plain], [], ["'" + plain]]


@pytest.mark.parametrize("format", FORMATS)
def test_characters_that_no_xml_has_are_left_out(format):
    content = as_bytes(table("志\x00\x0b\x1f\ufffe\ud800工"), format)
    name = {"xlsx": "xl/sharedStrings.xml", "ods": "content.xml"}.get(format)
    assert "志工" in (part(content, name) if name else content.decode())


def test_text_too_long_for_a_cell_of_excel_says_so():
    (cell,) = in_workbook(table("字" * 40_000), "xlsx")[1]
    assert len(cell) == 32_767
    assert cell.endswith("字…（儲存格放不下，全文請看 CSV 或 ODS）")
    assert in_ods(table("字" * 40_000))[1] == ["字" * 40_000]


words = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Cn"]) | st.sampled_from("\n\t =+-@"), max_size=30
)
numbers = st.decimals("-999999999", "999999999", places=3)


@given(st.lists(words | numbers | st.dates(date(1900, 3, 1)) | st.none(), min_size=1, max_size=4))
def test_any_cells_come_back_from_ods(cells):
    expected = [cell if cell != "" else None for cell in cells]
    found = [cell if cell != "" else None for cell in in_ods(table(*cells))[1]]
    assert found == expected


@given(words, words)
def test_any_text_comes_back_from_xlsx(title, text):
    assert in_workbook(table("x", text, title=title), "xlsx")[1] == ["x", text]


# The file -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", FORMATS)
def test_equal_tables_give_equal_bytes(format, monkeypatch):
    before = as_bytes(table(*CELLS), format)
    monkeypatch.setattr("time.time", lambda: 1_900_000_000.0)
    assert as_bytes(table(*CELLS), format) == before


@pytest.mark.parametrize("format", ["xlsx", "ods"])
@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("計分表", "計分表"),
        ("甲/乙:[1]*?", "甲 乙  1"),
        ("'", "1"),
        ("", "1"),
        ("長" * 40, "長" * 31),
        ("𡘙" * 20, "𡘙" * 15),
    ],
)
def test_sheet_is_called_as_spreadsheets_allow(format, title, name):
    content = as_bytes(table("x", title=title), format)
    assert CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names == [name]


@pytest.mark.parametrize("format", FORMATS)
def test_table_without_rows_is_a_file_with_heads(format):
    made = Table("表", ("甲", "乙"), ())
    found = in_csv(made) if format == "csv" else in_workbook(made, format)
    assert found == [["甲", "乙"]]


# The address --------------------------------------------------------------------------------------


def address(name="scorecard", format="csv", agency="tc-secretariat", year=107) -> str:
    return reverse("export", args=[agency, year, name, format])


@pytest.mark.parametrize("format", FORMATS)
def test_export_is_a_download_with_a_chinese_name(format, clerk_client):
    response = clerk_client.get(address(format=format))
    assert response.status_code == 200
    assert response.headers["Content-Type"] == CONTENT_TYPES[format]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    kind, _, name = response.headers["Content-Disposition"].partition("; filename*=utf-8''")
    assert (kind, unquote(name)) == ("attachment", f"臺中市政府秘書處 107 計分表.{format}")


@pytest.mark.parametrize(
    "path",
    ["nothing.csv", "scorecard.pdf", "scorecard.CSV", "scorecard.csv.csv", "scorecard", ".csv"],
)
def test_unknown_export_is_a_404(path, clerk_client):
    assert clerk_client.get(f"/tc-secretariat/107/export/{path}").status_code == 404


def test_export_only_reads(clerk_client):
    assert clerk_client.post(address()).status_code == 405


def test_foreign_export_is_a_404(secretariat, other_agency, make_user, sign_in):
    assert sign_in(make_user("supervisor", other_agency)).get(address()).status_code == 404


def test_scorecard_links_to_its_files(clerk_client):
    page = clerk_client.get("/tc-secretariat/107/").content.decode()
    assert [address(format=format) in page for format in FORMATS] == [True] * 3


@pytest.mark.parametrize("format", FORMATS)
def test_export_takes_the_same_queries_whatever_the_plan_s_size(format, db, make_user, sign_in):
    plan = actions.replace_plan(plan_of(IndicatorRecord(spec(1))), by=None, now=NOW)
    client = sign_in(make_user("supervisor", plan.agency))
    path = address(format=format, agency="tc-made", year=108)
    first = counted(client, path)
    many = [IndicatorRecord(spec(n)) for n in range(30)]
    actions.replace_plan(plan_of(*many), by=None, now=NOW)
    assert counted(client, path) == first


@pytest.mark.parametrize("name", sorted(set(TABLES) - {"interim", "trend"}))
def test_export_of_a_plan_takes_the_same_queries_for_two_and_thirty_indicators(
    name, db, make_user, sign_in
):
    """Those of one indicator have no size but its months and years, as their pages' tests do."""
    two = [IndicatorRecord(spec(n)) for n in range(2)]
    plan = actions.replace_plan(plan_of(*two), by=None, now=NOW)
    models.Indicator.objects.update(status="submitted")
    client = sign_in(make_user("supervisor", plan.agency))
    path = address(name=name, format="csv", agency="tc-made", year=108)
    first = counted(client, path)
    models.Indicator.objects.update(status="draft")
    many = [IndicatorRecord(spec(n)) for n in range(30)]
    actions.replace_plan(plan_of(*many), by=None, now=NOW)
    models.Indicator.objects.update(status="submitted")
    assert counted(client, path) == first


# The scorecard's table ----------------------------------------------------------------------------


def rows_of(response) -> list[list[str]]:
    text = response.content.decode().removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_scorecard_table_has_a_row_for_each_indicator(clerk_client):
    heads, *rows = rows_of(clerk_client.get(address()))
    line = dict(zip(heads, next(row for row in rows if "流廢標下降率" in row[2]), strict=True))
    assert line == {
        "面向": "業務面向",
        "策略績效目標": line["策略績效目標"],
        "衡量指標": line["衡量指標"],
        "單位": "%",
        "權重": "15",
        "方向": "愈低愈好",
        "目標": "11.5",
        "實際": "9.3",
        "達成度（%）": "100.00",
        "得分": "15.00",
        "結果": "達標",
        "燈號": "綠燈",
        "填報進度": "填報中",
        "計算": "147/1,586*100%=9.3%",
        "未填報的原因": "",
        "去年目標": line["去年目標"],
        "去年實際": line["去年實際"],
        "負責單位": line["負責單位"],
    }
    assert len(rows) == 11 + 3
    assert rows[-2:] == [
        ["臺中市政府秘書處 107 年度"],
        ["已得 100.00 分，已失 0.00 分，尚可得 0.00 分"],
    ]


def test_scorecard_table_of_what_is_missed_missing_and_hostile(db, make_user, sign_in):
    missing = replace(spec(2), title="=1+1", formula="乙*100%", inputs=())
    items = [IndicatorRecord(spec(1, target=Decimal(100))), IndicatorRecord(missing)]
    made = replace(plan_of(*items), sample_note="數字為虛構")
    plan = actions.replace_plan(made, by=None, now=NOW)
    client = sign_in(make_user("supervisor", plan.agency))
    heads, *rows = rows_of(client.get(address(agency="tc-made", year=108)))
    first, second = (dict(zip(heads, row, strict=True)) for row in rows[:2])
    assert [first[h] for h in ("實際", "達成度（%）", "得分", "結果", "燈號")] == [
        *("70.0", "70.00", "0.70", "未達標", "黃燈")
    ]
    assert second["衡量指標"] == "'=1+1"
    assert [second[h] for h in ("實際", "達成度（%）", "得分", "結果", "燈號", "填報進度")] == [
        *("", "", "", "未填報", "未亮燈", "未填報")
    ]
    assert second["未填報的原因"] != ""
    assert rows[-1] == ["範例資料：數字為虛構"]


def test_scorecard_table_says_of_a_half_filled_entry_that_it_is_begun(db, make_user, sign_in):
    half = replace(spec(1), inputs=(Input("甲", Decimal(7)), Input("乙", None)), formula="甲/乙")
    plan = actions.replace_plan(plan_of(IndicatorRecord(half)), by=None, now=NOW)
    client = sign_in(make_user("supervisor", plan.agency))
    heads, row = rows_of(client.get(address(agency="tc-made", year=108)))[:2]
    found = dict(zip(heads, row, strict=True))
    assert [found[h] for h in ("實際", "結果", "填報進度")] == ["", "未填報", "填報中"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("board", "填報進度"),
        ("dashboard", "儀表板"),
        ("glance", "年度一覽"),
        ("review", "待審核"),
        ("scorecard", "計分表"),
        ("what-if", "試算"),
    ],
)
def test_name_of_a_file_says_agency_and_year_once(name, words, secretariat, users, sign_in):
    answer = sign_in(users["supervisor"]).get(address(name))
    named = unquote(answer["Content-Disposition"].partition("utf-8''")[2])
    assert named == f"臺中市政府秘書處 107 {words}.csv"


@pytest.mark.parametrize("name", ["dashboard", "glance", "review", "scorecard", "what-if"])
def test_every_table_of_a_plan_opens_in_every_format(name, secretariat, users, sign_in):
    client = sign_in(users["supervisor"])
    for format in FORMATS:
        address = reverse("export", args=["tc-secretariat", 107, name, format])
        assert client.get(address).status_code == 200


def test_what_if_is_exported_as_the_address_moves_it(secretariat, users, sign_in):
    """200 of 1,586 is 12.6 % against at most 11.5: 1 − 1.1/11.5 = 90.43 %."""
    pk = secretariat.indicators.get(lineage="failed-tender-rate").pk
    address = reverse("export", args=["tc-secretariat", 107, "what-if", "csv"])
    client = sign_in(users["supervisor"])
    assert "90.43" in client.get(f"{address}?i{pk}.1=200").content.decode()
    assert "90.43" not in client.get(address).content.decode()


def test_trend_is_exported_for_the_indicator_that_is_named(secretariat, users, sign_in):
    row = secretariat.indicators.get(lineage="failed-tender-rate")
    address = reverse("export", args=["tc-secretariat", 107, "trend", "csv"])
    client = sign_in(users["supervisor"])
    assert "9.3" in client.get(f"{address}?indicator={row.pk}").content.decode()
    for pk in ("", "x", "9" * 30, str(row.pk + 1000)):
        assert client.get(f"{address}?indicator={pk}").status_code == 404
