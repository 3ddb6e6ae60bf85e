"""Interim values in plan documents: as they are written, what is refused, what a draft keeps."""

from __future__ import annotations

import copy
import json
from decimal import Decimal

import pytest

from indicators import models
from indicators.actions.interims import record_interim
from indicators.interchange.json_tree import DocumentError
from indicators.interchange.plan_reading import read_plan
from indicators.interchange.plan_writing import write_plan
from indicators.interim_queries import load_document
from indicators.interims import InterimEdit
from indicators.queries import find_plan, load_plan
from indicators.records import InterimRecord
from indicators.scoring.interim import ACTUAL, Gather, Path
from indicators.scoring.periods import Period
from tests.conftest import NOW, SEED
from tests.indicators import work_scenes as scenes
from tests.indicators.documents import (
    DIRECT,
    FORMULA,
    MILESTONES,
    MISSING,
    as_bytes,
    base,
    changed,
    json_path,
)

PASSED = {"symbol": "及格人數", "gather": "sum", "values": {"1": "20", "3": "12.50", "12": "0"}}
BY_MONTH = {"period": "month", "path": "level", "inputs": [PASSED]}
BY_QUARTER = {
    "period": "quarter",
    "path": "even",
    "gather": "average_given",
    "values": {"2": "7.0", "4": "-0"},
}
NOTE = "各月數值為月報。"
OF_FORMULA, OF_DIRECT = f"{FORMULA}.interim", f"{DIRECT}.interim"
VALUES = f"{OF_FORMULA}.inputs.0.values"


def followed(*changes):
    """The valid document with interim values of two indicators, 5 in all, and settings of one."""
    interims = [
        (OF_FORMULA, copy.deepcopy(BY_MONTH)),
        (f"{MILESTONES}.interim", {"period": "quarter", "path": "level"}),
        (OF_DIRECT, copy.deepcopy(BY_QUARTER)),
    ]
    return changed(("interim_note", NOTE), *interims, *changes)


# As they are written ------------------------------------------------------------------------------


def test_values_and_settings_are_read():
    record = read_plan(as_bytes(followed()))
    rate, centre, days = record.indicators()
    assert record.interim_note == NOTE
    assert rate.interim == InterimRecord(
        Period.MONTH,
        Path.LEVEL,
        {"及格人數": Gather.SUM},
        {
            ("及格人數", 1): Decimal(20),
            ("及格人數", 3): Decimal("12.5"),
            ("及格人數", 12): Decimal(0),
        },
    )
    assert centre.interim == InterimRecord(Period.QUARTER, Path.LEVEL)
    assert days.interim == InterimRecord(
        Period.QUARTER,
        Path.EVEN,
        {ACTUAL: Gather.AVERAGE_GIVEN},
        {(ACTUAL, 2): Decimal(7), (ACTUAL, 4): Decimal(0)},
    )


def test_document_comes_back_as_it_was_written():
    document = followed()
    back = json.loads(write_plan(read_plan(as_bytes(document))))
    written = back["perspectives"][0]["goals"]
    assert written[0]["indicators"][0]["interim"] == BY_MONTH
    assert written[0]["indicators"][1]["interim"] == {"period": "quarter", "path": "level"}
    assert written[1]["indicators"][0]["interim"] == BY_QUARTER
    assert back["interim_note"] == NOTE


@pytest.mark.django_db
def test_document_comes_back_through_the_commands(import_plan, command, tmp_path):
    exported = tmp_path / "out.json"
    place = "test-office", "107"
    assert import_plan(followed()).code == 0
    assert command("export_plan", *place, "-o", str(exported)).code == 0
    once = exported.read_bytes()
    assert once.decode() == write_plan(read_plan(as_bytes(followed())))
    assert import_plan(once).code == 0
    assert command("export_plan", *place, "-o", str(exported)).code == 0
    assert exported.read_bytes() == once


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (f"{OF_FORMULA}", {}),
        (f"{OF_FORMULA}", {"path": "even"}),
        (f"{OF_FORMULA}", {"inputs": []}),
        ("interim_note", ""),
    ],
)
def test_what_says_nothing_is_not_written(path, value):
    assert read_plan(as_bytes(changed((path, value)))) == read_plan(as_bytes(base()))


@pytest.mark.parametrize("value", [None, MISSING])
def test_null_and_absent_are_not_entered(value):
    record = read_plan(as_bytes(followed((f"{VALUES}.3", value))))
    (rate, *_) = record.indicators()
    assert rate.interim and set(rate.interim.values) == {("及格人數", 1), ("及格人數", 12)}


@pytest.mark.django_db
def test_value_that_was_taken_back_is_not_written(import_plan):
    import_plan(followed())
    models.InterimValue.objects.filter(symbol="及格人數", period=3).update(value=None)
    plan = find_plan("test-office", 107)
    expected = read_plan(as_bytes(followed((f"{VALUES}.3", MISSING))))
    assert write_plan(load_document(plan)) == write_plan(expected)


@pytest.mark.django_db
@pytest.mark.parametrize("times", [1, 30])
def test_document_is_loaded_with_the_same_number_of_queries(
    import_plan, django_assert_num_queries, times
):
    goal = followed()["perspectives"][0]["goals"][1]
    goal["indicators"][0].pop("id")
    import_plan(changed(("perspectives", [{"name": "面向", "goals": [goal] * times}])))
    plan = find_plan("test-office", 107)
    with django_assert_num_queries(11):
        assert load_document(plan).has_interims()


# What is refused ----------------------------------------------------------------------------------

FAULTS = [
    (f"{OF_FORMULA}.period", "week", None, "這裡只能是 month、quarter。"),
    (f"{OF_FORMULA}.path", "up", None, "這裡只能是 even、level。"),
    (f"{OF_FORMULA}.inputs.0.gather", "", None,
     "這裡只能是 sum、last、average、average_given。"),
    (f"{OF_FORMULA}.inputs.0.gather", MISSING, f"{OF_FORMULA}.inputs.0", "缺少「gather」。"),
    (f"{OF_FORMULA}.inputs.0.symbol", "受訓", None, "這項指標沒有「受訓」這筆基礎資料。"),
    (f"{OF_FORMULA}.inputs.0.symbol", "受訓人數", None,
     "「受訓人數」是清單，清單不能分期填報。"),
    (f"{OF_FORMULA}.inputs.0.symbol", "", None, "名稱不可空白。"),
    (f"{OF_FORMULA}.inputs.+", {"symbol": "及格人數", "gather": "last"},
     f"{OF_FORMULA}.inputs.1.symbol", "兩筆基礎資料同用「及格人數」。"),
    (f"{OF_FORMULA}.period", MISSING, OF_FORMULA, "缺少「period」。"),
    (f"{OF_FORMULA}.gather", "sum", None,
     "「gather」不屬於計算方式 formula，請刪除或改用 direct。"),
    (f"{VALUES}.3", 12, f"{VALUES}['3']", '這裡應該是加引號的數字，例如 "12.5"。'),
    (f"{VALUES}.3", "1e3", f"{VALUES}['3']", "「1e3」不是數字：只能有負號、數字與一個小數點。"),
    (f"{VALUES}.3", "1" * 31, f"{VALUES}['3']", "數字超過 30 位。"),
    (f"{VALUES}", ["20"], None, "這裡應該是物件 {…}。"),
    (f"{OF_DIRECT}.gather", MISSING, OF_DIRECT, "缺少「gather」。"),
    (f"{OF_DIRECT}.inputs", [], None,
     "「inputs」不屬於計算方式 direct，請刪除或改用 formula。"),
    (f"{MILESTONES}.interim.values", {"1": "1"}, None,
     "「values」不屬於計算方式 milestones，請刪除或改用 direct。"),
    (f"{OF_FORMULA}", [], None, "這裡應該是物件 {…}。"),
    ("interim_note", "字" * 1001, None, "文字超過 1000 字。"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "place", "sentence"), FAULTS, ids=range(len(FAULTS)))
def test_fault_is_told_once_in_its_place(path, value, place, sentence):
    with pytest.raises(DocumentError) as refused:
        read_plan(as_bytes(followed((path, value))))
    assert str(refused.value) == f"{json_path(place or path)}：{sentence}"


@pytest.mark.parametrize(
    ("path", "number"),
    [(VALUES, "13"), (VALUES, "0"), (VALUES, "01"), (f"{OF_DIRECT}.values", "5")],
)
def test_period_that_the_year_does_not_have_is_a_fault(path, number):
    with pytest.raises(DocumentError) as refused:
        read_plan(as_bytes(followed((path, {number: "1"}))))
    assert str(refused.value) == f"{json_path(path)}['{number}']：不認得「{number}」這個鍵。"


def test_two_values_of_one_period_are_a_fault():
    text = json.dumps(followed()).replace('"3": "12.50"', '"3": "12.50", "3": "12.50"')
    with pytest.raises(DocumentError) as refused:
        read_plan(text.encode())
    assert str(refused.value) == f"{json_path(VALUES)}['3']：「3」出現不只一次。"


def test_unknown_method_says_nothing_of_how_it_is_followed():
    with pytest.raises(DocumentError) as refused:
        read_plan(as_bytes(followed((f"{FORMULA}.method", "sum"))))
    assert [fault.place for fault in refused.value.faults] == [json_path(f"{FORMULA}.method")]


@pytest.mark.django_db
def test_fault_writes_nothing(import_plan, row_counts):
    before = row_counts()
    ended = import_plan(followed((f"{VALUES}.3", "x"), (f"{OF_DIRECT}.values.2", 7)))
    assert (ended.code, len(ended.errors), row_counts()) == (1, 2, before)


# Over a draft -------------------------------------------------------------------------------------


def summary(ended):
    return [line for line in ended.out.splitlines() if "期中數值" in line]


def stored():
    """By title, symbol and period."""
    rows = models.InterimValue.objects.select_related("indicator").order_by("pk")
    return {(row.indicator.title, row.symbol, row.period): str(row.value) for row in rows}


ALL = {
    ("及格率", "及格人數", 1): "20",
    ("及格率", "及格人數", 3): "12.50",
    ("及格率", "及格人數", 12): "0",
    ("平均等候日數", "", 2): "7.0",
    ("平均等候日數", "", 4): "-0",
}
OF_RATE = {cell: value for cell, value in ALL.items() if cell[0] == "及格率"}
OF_DAYS = {cell: value for cell, value in ALL.items() if cell[0] != "及格率"}


@pytest.mark.django_db
def test_plan_without_interim_values_says_nothing_of_them(import_plan):
    assert summary(import_plan(base())) == []


@pytest.mark.django_db
def test_what_the_document_says_replaces(import_plan):
    first = import_plan(followed())
    assert summary(first) == ["期中數值 5 筆：新增 5、變更 0、不變 0；移除 0 筆"]
    # of 5 values: 20 becomes 21, 0 goes, a fifth month comes, quarters are no longer followed
    values = {"1": "21", "3": "12.50", "5": "9"}
    document = followed((VALUES, values), (OF_DIRECT, MISSING), ("interim_note", MISSING))
    dry = import_plan(document, "--dry-run")
    assert stored() == ALL
    real = import_plan(document)
    assert summary(dry) == summary(real) == ["期中數值 3 筆：新增 1、變更 1、不變 1；移除 3 筆"]
    assert list(stored().values()) == ["21", "12.50", "9"]
    assert (real.errors, find_plan("test-office", 107).interim_note) == ([], "")


@pytest.mark.django_db
def test_values_of_months_are_none_of_quarters(import_plan):
    import_plan(followed())
    ended = import_plan(followed((f"{OF_FORMULA}.period", "quarter"), (VALUES, {"1": "20"})))
    assert summary(ended) == ["期中數值 3 筆：新增 1、變更 0、不變 2；移除 3 筆"]


@pytest.mark.django_db
def test_document_that_says_nothing_of_them_keeps_all(import_plan, command, tmp_path):
    import_plan(followed())
    dry, real = import_plan(base(), "--dry-run"), import_plan(base())
    assert (dry.errors, real.errors) == ([], [])
    assert summary(dry) == summary(real) == ["期中數值 5 筆：新增 0、變更 0、不變 5；移除 0 筆"]
    expected = read_plan(as_bytes(followed()))
    assert write_plan(load_document(find_plan("test-office", 107))) == write_plan(expected)


MOVED = [
    {"name": "人力面向", "goals": [base()["perspectives"][0]["goals"][1]]},
    {"name": "業務面向", "goals": [base()["perspectives"][0]["goals"][0]]},
]
NO_INPUT = "因為文件沒有同一個項目或單位不同。"
LOSSES = [
    ("another place", [("perspectives", MOVED)],
     ALL, [f"注意 「興建訓練中心」：原有的期中設定不能保留，{NO_INPUT}"]),
    ("another title of the same id", [(f"{FORMULA}.title", "通過率")],
     {("通過率", *cell[1:]): value for cell, value in OF_RATE.items()} | OF_DAYS, []),
    ("no id, the same place and title", [(f"{FORMULA}.id", MISSING)], ALL, []),
    ("no id and another title", [(f"{FORMULA}.id", MISSING), (f"{FORMULA}.title", "通過率")],
     OF_DAYS, [f"注意 「及格率」：原有的 3 筆期中數值不能保留，{NO_INPUT}"]),
    ("another id at the same place", [(f"{FORMULA}.id", "other")],
     OF_DAYS, [f"注意 「及格率」：原有的 3 筆期中數值不能保留，{NO_INPUT}"]),
    ("another unit of the input", [(f"{FORMULA}.inputs.0.unit", "千人")],
     OF_DAYS, [f"注意 「及格率」：「及格人數」原有的 3 筆期中數值不能保留，{NO_INPUT}"]),
    ("the input as a list",
     [(f"{FORMULA}.inputs.0", {"symbol": "及格人數", "unit": "人", "rows": []}),
      (f"{FORMULA}.formula", "SUM(及格人數)/SUM(受訓人數)*100%")],
     OF_DAYS, [f"注意 「及格率」：「及格人數」原有的 3 筆期中數值不能保留，{NO_INPUT}"]),
    ("another unit of the indicator", [(f"{DIRECT}.unit", "小時")],
     OF_RATE, [f"注意 「平均等候日數」：原有的 2 筆期中數值不能保留，{NO_INPUT}"]),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "kept", "warned"),
    [case[1:] for case in LOSSES],
    ids=[case[0] for case in LOSSES],
)
def test_what_no_longer_fits_is_named(import_plan, changes, kept, warned):
    import_plan(followed())
    dry, real = import_plan(changed(*changes), "--dry-run"), import_plan(changed(*changes))
    gone = 5 - len(kept)
    line = f"期中數值 {len(kept)} 筆：新增 0、變更 0、不變 {len(kept)}；移除 {gone} 筆"
    assert summary(dry) == summary(real) == [line]
    assert (dry.errors, real.errors, stored()) == (warned, warned, kept)


@pytest.mark.django_db
def test_who_entered_what_stays_is_kept(import_plan, users):
    import_plan(followed())
    rows = models.InterimValue.objects.filter(symbol="及格人數")
    rows.update(recorded_at=NOW, recorded_by=users["clerk"])
    import_plan(base())
    assert set(rows.values_list("recorded_at", "recorded_by")) == {(NOW, users["clerk"].pk)}
    import_plan(followed((f"{VALUES}.3", "12.5")))  # written otherwise: entered anew
    by = dict(rows.values_list("period", "recorded_by"))
    assert by == {1: users["clerk"].pk, 3: None, 12: users["clerk"].pk}


@pytest.mark.django_db
def test_month_entered_in_the_portal_survives_what_is_discarded(
    secretariat, users, seed_record, command
):
    row = secretariat.indicators.get(lineage="failed-tender-rate")
    models.Indicator.objects.filter(pk=row.pk).update(period="quarter")
    row.inputs.filter(symbol="流廢標件數").update(gather="last", value=None)
    edits = [InterimEdit("cell", "流廢標件數", 1, "", "31.50")]
    record_interim(indicator_id=row.pk, edits=edits, actor=scenes.acting(users["clerk"]), now=NOW)
    assert command("import_plan", str(SEED)).code == 1
    ended = command("import_plan", str(SEED), "--discard-work")
    assert summary(ended) == ["期中數值 1 筆：新增 0、變更 0、不變 1；移除 0 筆"]
    kept = models.InterimValue.objects.get()
    assert (kept.indicator.lineage, kept.indicator.period) == ("failed-tender-rate", "quarter")
    assert (str(kept.value), kept.recorded_by) == ("31.50", users["clerk"])


@pytest.mark.django_db
def test_history_says_how_many_values_an_import_left(import_plan):
    import_plan(followed())
    import_plan(followed((f"{OF_DIRECT}", MISSING), ("interim_note", MISSING)))
    first, second = models.AuditEvent.objects.filter(action="import").order_by("sequence")
    after = first.content()["after"]
    assert (after["interim_note"], after["interim_values"]) == (NOTE, 5)
    assert second.content()["before"] == {"interim_note": NOTE, "interim_values": 5}
    assert second.content()["after"]["interim_values"] == 3


# Elsewhere ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_plan_for_a_page_has_no_interim_values(import_plan):
    import_plan(followed())
    assert not load_plan(find_plan("test-office", 107)).has_interims()
