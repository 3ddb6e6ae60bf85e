"""Documents that are fine, and that they come back as they were."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings

from indicators import actions
from indicators.interchange.plan_reading import read_plan
from indicators.interchange.plan_writing import write_plan
from indicators.interim_queries import load_document
from indicators.models import Agency, Plan
from indicators.queries import find_plan, load_plan
from tests.indicators import strategies
from tests.indicators.documents import (
    DIRECT,
    FORMULA,
    MILESTONES,
    MISSING,
    as_bytes,
    base,
    changed,
    nested,
)

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "taichung-secretariat-107.json"
INPUT, LIST = f"{FORMULA}.inputs.0", f"{FORMULA}.inputs.1"

VALID = [
    [],
    # what may be left out, and what may be null
    [("policy", MISSING)],
    [("policy", {})],
    [("policy", {"lower": "linear"})],
    [("figures", MISSING), ("sections", MISSING)],
    [("figures", []), ("sections", [])],
    [("perspectives", [])],
    [("perspectives", [{"name": "空面向", "goals": []}])],
    [(f"{FORMULA}.{key}", MISSING) for key in ("id", "owner", "previous", "review", "measure")],
    [(f"{FORMULA}.previous", {})],
    [(f"{FORMULA}.previous.actual", None)],
    [(f"{FORMULA}.owner", "")],
    [(f"{FORMULA}.unit", "")],
    [(f"{FORMULA}.measure", ""), (f"{FORMULA}.analysis", "")],
    [(f"{FORMULA}.review.cause", ""), (f"{FORMULA}.review.responsible", "")],
    [(f"{INPUT}.value", None)],
    [(f"{INPUT}.value", MISSING)],
    [(f"{LIST}.rows", [])],
    [(f"{LIST}.rows.0.value", None), (f"{LIST}.rows.1.value", MISSING)],
    [(f"{FORMULA}.inputs", MISSING), (f"{FORMULA}.formula", "357/410*100%")],
    [(f"{FORMULA}.inputs", []), (f"{FORMULA}.formula", "1")],
    [(f"{DIRECT}.actual", None)],
    [(f"{DIRECT}.actual", MISSING)],
    [(f"{MILESTONES}.milestones.0.done", MISSING), (f"{MILESTONES}.milestones.1.done", None)],
    [(f"{MILESTONES}.milestones", [{"title": "唯一階段", "percent": "0"}])],
    [("figures.0.value", MISSING), ("figures.0.previous", MISSING)],
    [("sections.0.body", MISSING), ("sections.0.sections", MISSING)],
    # limits
    [("year", 1)],
    [("year", 999)],
    [("agency.code", "ab")],
    [("agency.code", "-" * 40)],
    [("agency.name", "字" * 200)],
    [("sections.0.body", "字" * 100_000)],
    [("sections.0", nested(20))],
    [(f"{FORMULA}.id", "0_"), ("figures.0.key", "_" * 40)],
    [(f"{FORMULA}.decimals", 6)],
    [(f"{FORMULA}.formula", "1" + "+1" * 999)],
    [(f"{FORMULA}.formula", "(" * 100 + "1" + ")" * 100)],
    [(f"{MILESTONES}.milestones.2.percent", "100.000")],
    [(f"{MILESTONES}.milestones.0.percent", "-0.0")],
    # numbers
    [(f"{DIRECT}.actual", "-123456789012345678901234567890")],
    [(f"{DIRECT}.actual", "0.00000000000000000000000000001")],
    [(f"{DIRECT}.actual", "-0")],
    [(f"{DIRECT}.target", "0")],
    [(f"{DIRECT}.target", "-0.0")],
    [(f"{DIRECT}.direction", "equal"), (f"{DIRECT}.target", "-8.50")],
    [(f"{DIRECT}.weight", "40.000"), ("perspectives.0.goals.1.weight", "40.0")],
    # texts
    [("agency.name", "堃喆峯𡘙局")],
    [("sections.0.body", "{{7*7}} {% load %} <script>alert(1)</script> %(x)s %s {0} 100%")],
    [
        ("sections.0.title", "第一行\n第二行\t欄"),
        ("sections.0.body", "甲\r\n乙\r丙\u2028丁\u202e戊"),
    ],
    [(f"{FORMULA}.analysis", "成果良好😀")],
    [("perspectives.0.name", "%(name)s {{ x }} %")],
    [(f"{LIST}.rows.0.label", "甲.乙[丙]"), (f"{LIST}.rows.1.label", "甲.乙[丙]")],
    [(f"{INPUT}.symbol", "sum"), (f"{FORMULA}.formula", "sum/SUM(受訓人數)")],
    [(f"{INPUT}.symbol", "字" * 200), (f"{FORMULA}.formula", "字" * 200)],
]


@pytest.mark.parametrize("changes", VALID, ids=range(len(VALID)))
def test_a_valid_document_comes_back_through_its_text(changes):
    record = read_plan(as_bytes(changed(*changes)))
    text = write_plan(record)
    assert read_plan(text.encode()) == record
    assert write_plan(read_plan(text.encode())) == text


@pytest.mark.django_db
@pytest.mark.parametrize("changes", VALID, ids=range(len(VALID)))
def test_a_valid_document_comes_back_through_the_commands(import_plan, command, changes, tmp_path):
    document = changed(*changes)
    assert import_plan(document).code == 0
    exported = tmp_path / "out.json"
    place = document["agency"]["code"], str(document["year"])
    assert command("export_plan", "--format", "json", "-o", str(exported), "--", *place).code == 0
    assert exported.read_text(encoding="utf-8") == write_plan(read_plan(as_bytes(document)))


@pytest.mark.parametrize("start", [b"\xef\xbb\xbf", b"\n\t ", b""])
def test_a_byte_order_mark_and_blanks_are_no_part_of_the_document(start):
    assert read_plan(start + as_bytes(base()) + b"\r\n") == read_plan(as_bytes(base()))


def test_escaped_and_plain_text_read_the_same():
    plain = json.dumps(changed(("agency.name", "𡘙局")), ensure_ascii=False).encode()
    assert read_plan(plain) == read_plan(json.dumps(json.loads(plain)).encode())


WRITTEN = {
    "83.0": "83.0",
    "0.50": "0.50",
    "-0": "-0",
    "-0.00": "-0.00",
    "0": "0",
    "000": "0",
    "007": "7",  # the one thing that is not kept: zeros before the first digit
    "123456789012345678901234567890": "123456789012345678901234567890",
    "1234567890123456.78901234567890": "1234567890123456.78901234567890",
    "0." + "0" * 29: "0." + "0" * 29,
}


@pytest.mark.django_db
@pytest.mark.parametrize(("written", "exported"), WRITTEN.items())
def test_a_number_is_exported_as_it_was_written(import_plan, written, exported):
    document = changed((f"{DIRECT}.actual", written), ("figures.0.value", written))
    assert import_plan(document).code == 0
    record = load_plan(Plan.objects.select_related("agency").get())
    document = json.loads(write_plan(record))
    direct = document["perspectives"][0]["goals"][1]["indicators"][0]
    assert (direct["actual"], document["figures"][0]["value"]) == (exported, exported)


@given(strategies.plans)
@settings(max_examples=60)
def test_any_plan_comes_back_through_its_text(record):
    assert read_plan(write_plan(record).encode()) == record


@pytest.mark.django_db(transaction=True)
@given(strategies.plans)
@settings(max_examples=15, suppress_health_check=list(HealthCheck))
def test_any_plan_comes_back_through_the_database(record):
    with transaction.atomic():
        actions.replace_plan(record, by=None, now=timezone.now())
        found = load_document(find_plan(record.agency_code, record.year))
        transaction.set_rollback(True)  # nothing of it is kept for the next one
    assert write_plan(found) == write_plan(record)
    assert without_keys(found) == record


def without_keys(record):
    return replace(
        record,
        pk=None,
        perspectives=tuple(
            replace(
                perspective,
                goals=tuple(
                    replace(goal, indicators=tuple(replace(i, pk=None) for i in goal.indicators))
                    for goal in perspective.goals
                ),
            )
            for perspective in record.perspectives
        ),
    )


@pytest.mark.django_db
def test_the_107_report_is_exported_byte_for_byte(command, tmp_path):
    assert command("import_plan", str(FIXTURE)).code == 0
    exported = tmp_path / "out.json"
    command("export_plan", "tc-secretariat", "107", "--format", "json", "-o", str(exported))
    assert exported.read_bytes() == FIXTURE.read_bytes()


@pytest.mark.django_db
def test_the_107_report_is_imported_without_a_warning(command):
    assert command("import_plan", str(FIXTURE)).err == ""


# Replacing


@pytest.mark.django_db
def test_a_draft_is_replaced_whole_and_keeps_its_key(import_plan, row_counts):
    import_plan(base())
    plan, once = Plan.objects.get().pk, row_counts()
    import_plan(base())
    again = once | {"AuditEvent": once["AuditEvent"] + 1}
    assert (Plan.objects.get().pk, row_counts()) == (plan, again)
    import_plan(changed(("perspectives", []), ("figures", MISSING), ("sections", MISSING)))
    assert Plan.objects.get().pk == plan
    kept = {name: count for name, count in row_counts().items() if name in once and count}
    assert {name for name in kept if once[name]} >= {"Agency", "Plan", "Unit"}
    assert [name for name in ("Indicator", "Goal", "Figure", "ReportSection") if name in kept] == []


@pytest.mark.django_db
@pytest.mark.parametrize("options", [[], ["--dry-run"]])
@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("submitted", "已送出"),
        ("returned", "退回補正"),
        ("approved", "核定"),
        ("reviewed", "複核"),
        ("published", "公告"),
    ],
)
def test_a_plan_past_its_draft_is_refused(import_plan, row_counts, options, status, word):
    import_plan(base())
    Plan.objects.update(status=status)
    before = row_counts(), write_plan(load_plan(Plan.objects.select_related("agency").get()))
    ended = import_plan(changed(("agency.name", "新名局"), ("perspectives", [])), *options)
    after = row_counts(), write_plan(load_plan(Plan.objects.select_related("agency").get()))
    assert (ended.code, ended.out, ended.err) == (
        1,
        "",
        f"測試局 107 年度計畫的狀態是「{word}」，只有填報中的計畫可以用文件取代。\n",
    )
    assert after == before


@pytest.mark.django_db
def test_a_dry_run_says_the_same_and_writes_nothing(import_plan, row_counts):
    before = row_counts()
    dry = import_plan(changed((f"{DIRECT}.weight", "39"), ("perspectives.0.goals.1.weight", "39")),
                      "--dry-run")  # fmt: skip
    assert row_counts() == before
    real = import_plan(changed((f"{DIRECT}.weight", "39"), ("perspectives.0.goals.1.weight", "39")))
    assert (dry.code, dry.err) == (real.code, real.err) == (0, real.err)
    assert dry.out.replace("檢查完成，未寫入。", "已匯入。") == real.out


@pytest.mark.django_db
def test_an_agency_is_called_what_its_latest_plan_calls_it(import_plan):
    import_plan(changed(("agency.name", "舊局")))
    import_plan(changed(("agency.name", "新局"), ("year", 108)))
    import_plan(changed(("agency.name", "老局"), ("year", 106)))
    assert Agency.objects.get().name == "新局"
    names = Plan.objects.order_by("year").values_list("year", "agency_name")
    assert list(names) == [(106, "老局"), (107, "舊局"), (108, "新局")]


@pytest.mark.django_db
@pytest.mark.parametrize("times", [1, 30])
def test_a_plan_is_loaded_with_the_same_number_of_queries(
    import_plan, django_assert_num_queries, times
):
    one = base()["perspectives"][0]
    goals = [json.loads(json.dumps(goal)) for _ in range(times) for goal in one["goals"]]
    for indicator in (indicator for goal in goals for indicator in goal["indicators"]):
        indicator.pop("id", None)
    import_plan(changed(("perspectives", [{"name": "業務面向", "goals": goals}])))
    plan = find_plan("test-office", 107)
    with django_assert_num_queries(8):
        load_plan(plan)


# Warnings

WARNINGS = [
    ([], []),
    (
        [(f"{DIRECT}.weight", "39.5"), ("perspectives.0.goals.1.weight", "39.5")],
        ["注意 $：全部指標的權重合計是 99.5，核定前應為 100。"],
    ),
    (
        [(f"{INPUT}.value", "52"), (f"{LIST}.rows.0.value", "0"), (f"{LIST}.rows.1.value", "0")],
        [
            "注意 $.perspectives[0].goals[0].indicators[0].formula："
            "無法計算：除數「SUM(受訓人數)」等於 0，請檢查公式與基礎資料。"
        ],
    ),
    (
        [(f"{FORMULA}.formula", "及格人數/SUM(受訓人數)*100")],
        [
            "注意 $.perspectives[0].goals[0].indicators[0].formula："
            "單位是百分比的公式不必再乘以 100，否則結果會大 100 倍。"
        ],
    ),
    ([(f"{FORMULA}.unit", "分"), (f"{FORMULA}.formula", "SUM(受訓人數)*100")], []),
    ([(f"{INPUT}.value", None), (f"{FORMULA}.formula", "及格人數/0")], []),
    (
        [("sections.0.body", "{{7*7}} {{ 沒有 }} {{ guests }} {% load %}")],
        [
            "注意 「前言」：{{ 7*7 }} 沒有對應的資料，報告會原樣印出。",
            "注意 「前言」：{{ 沒有 }} 沒有對應的資料，報告會原樣印出。",
        ],
    ),
    (
        [("perspectives.0.name", "成果😀"), ("sections.0.sections.0.title", "樂\ue000😀")],
        [
            "注意 $.perspectives[0].name：報告字型缺少「😀」（U+1F600），請改用其他字。",
            "注意 $.sections[0].sections[0].title："
            "報告字型缺少「\\ue000」（U+E000），請改用其他字。",
            "注意 $.sections[0].sections[0].title：報告字型缺少「😀」（U+1F600），請改用其他字。",
        ],
    ),
    ([("agency.name", "堃喆峯𡘙局")], []),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("changes", "lines"), WARNINGS, ids=range(len(WARNINGS)))
def test_what_is_odd_is_imported_with_a_warning(import_plan, row_counts, changes, lines):
    ended = import_plan(changed(*changes))
    assert (ended.code, ended.errors) == (0, lines)
    assert Plan.objects.count() == 1


@pytest.mark.django_db
def test_missing_fonts_do_not_keep_a_plan_out(import_plan, monkeypatch, tmp_path):
    monkeypatch.setenv("REPORT_FONT_DIR", str(tmp_path))
    ended = import_plan(base())
    assert (ended.code, len(ended.errors)) == (0, 1)
    assert Plan.objects.count() == 1


# Amount


@pytest.mark.django_db
def test_a_thousand_indicators_are_imported(import_plan):
    direct = base()["perspectives"][0]["goals"][1]["indicators"][0]
    one = {key: value for key, value in direct.items() if key != "id"} | {"weight": "0.1"}
    goals = [{"title": "目標", "weight": "10", "indicators": [one] * 100} for _ in range(10)]
    ended = import_plan(changed(("perspectives", [{"name": "面向", "goals": goals}])))
    assert ended.out.splitlines()[1:3] == [
        "總分 100.00　已失 0.00　尚可得 0.00",
        "指標 1000 項：達標 1000、未達標 0、未填報 0",
    ]


@pytest.mark.django_db
def test_a_document_of_twenty_megabytes_is_read():
    section = {"title": "節", "body": "文" * 100_000}
    document = changed(("sections", [section] * 69))
    data = json.dumps(document, ensure_ascii=False).encode()
    assert 20_000_000 < len(data) <= 20 * 1024 * 1024
    assert len(read_plan(data).sections) == 69


@pytest.mark.django_db
def test_thirty_digits_survive_the_database(import_plan):
    figure = {"key": "amount", "label": "金額", "value": "123456789012.345678901234567890"}
    import_plan(changed(("figures", [figure])))
    stored = load_plan(Plan.objects.select_related("agency").get()).figures[0].value
    assert str(stored) == "123456789012.345678901234567890"
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM indicators_figure")
        assert cursor.fetchone() == ("123456789012.345678901234567890",)
