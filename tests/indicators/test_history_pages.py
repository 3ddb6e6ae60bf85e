"""The history on its pages and in its file: what is said, filtered, turned over and exported."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from indicators import actions, history, models
from indicators.event_queries import EventFilter, Labels, event_page
from indicators.interchange.cells import as_text
from indicators.scorecards.event_changes import Change, changes_of
from indicators.scorecards.event_words import action_word
from indicators.scorecards.field_words import Names, field_word
from tests.conftest import NOW
from tests.indicators.test_pages import text
from tests.indicators.work_scenes import counted, give_back, person, record, submit

PATH = "/tc-secretariat/107/history/"
CSV = "/tc-secretariat/107/history.csv"
NAMES = Names({"受訓": "受訓人數"}, ["規劃", "發包"])


@pytest.fixture
def row(secretariat):
    return secretariat.indicators.get(lineage="failed-tender-rate")


@pytest.fixture
def clerk(secretariat):
    return person("王承辦", "clerk", secretariat.agency)


@pytest.fixture
def boss(secretariat):
    return person("李主管", "supervisor", secretariat.agency)


@pytest.fixture
def journey(row, clerk, boss):
    """Recorded, submitted, returned: with the import four events."""
    record(row, clerk, "流廢標件數", "151")
    submit(row, clerk)
    give_back(row, boss, "請核對\n列管表")


def note(plan, number: int, *, by=None, at=NOW, **others) -> None:
    """So many events, one after the other."""
    entries = [
        history.Entry(
            plan=plan,
            action="record",
            kind="plan",
            obj_id=None,
            label=f"事件{index}。",
            by=by,
            now=at,
            **others,
        )
        for index in range(number)
    ]
    with transaction.atomic():
        history.record_many(entries)


# Words --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("input:受訓", "受訓人數"),
        ("input:不在了", "不在了"),
        ("stage:2", "第 2 項　發包"),
        ("stage:9", "第 9 項　"),
        ("evidence:受訓", "受訓人數的佐證資料"),
        ("evidence:", "佐證資料"),  # of an indicator without inputs
        ("evidence", "佐證資料"),
        ("review:cause", "未達原因"),
        ("actual", "實際值"),
        ("something-new", "something-new"),
    ],
)
def test_field_is_called_by_its_own_name(name, word):
    assert field_word(name, NAMES) == word


@pytest.mark.parametrize(
    ("action", "word"),
    [("submit", "送出"), ("import", "匯入計畫"), ("sign-in", "登入"), ("unheard-of", "unheard-of")],
)
def test_action_is_called_by_its_word(action, word):
    assert action_word(action) == word


def changed(before: dict, after: dict, kind: str = "indicator") -> list[Change]:
    return list(changes_of({"before": before, "after": after, "kind": kind}, NAMES))


def test_number_keeps_its_digits_and_gets_separators():
    found = changed({"input:受訓": "1586.70"}, {"input:受訓": None})
    assert found == [Change("受訓人數", "1,586.70", None)]


def test_list_shows_only_the_rows_that_differ():
    before = {"input:受訓": [["一", "70"], ["二", "60"], ["三", "5"]]}
    after = {"input:受訓": [["一", "71"], ["二", "60"], ["四", None]]}
    assert changed(before, after) == [
        Change("受訓人數：一", "70", "71"),
        Change("受訓人數：三", "5", None),
        Change("受訓人數：四", None, None),
    ]


def test_rows_of_the_same_label_are_told_apart():
    before = {"input:受訓": [["一", "1"], ["一", "2"]]}
    after = {"input:受訓": [["一", "1"], ["一", "3"]]}
    assert changed(before, after) == [Change("受訓人數：一 (2)", "2", "3")]


def test_stage_status_date_and_yes_are_words():
    assert changed({"stage:1": [None, None]}, {"stage:1": [True, "2019-01-05"]}) == [
        Change("第 1 項　規劃", "未填報", "已完成，108/1/5")
    ]
    assert changed({"status": "draft"}, {"status": "submitted"}) == [
        Change("狀態", "填報中", "已送出")
    ]
    assert changed({"status": "approved"}, {"status": "published"}, "plan") == [
        Change("狀態", "核定", "公告")
    ]
    assert changed({"review:due": None}, {"review:due": "2019-06-30"}) == [
        Change("改善的完成期限", None, date(2019, 6, 30))
    ]
    assert changed({"active": True}, {"active": False}, "account") == [
        Change("帳號可用", "是", "否")
    ]
    assert changed({}, {"expires_at": "2019-01-05T04:00:00.000000Z"}, "account") == [
        Change("有效到", None, datetime(2019, 1, 5, 4, tzinfo=UTC))
    ]


def test_text_that_looks_like_a_date_stays_text():
    assert changed({"analysis": ""}, {"analysis": "2019-01-05"}) == [
        Change("達成情形分析", None, "2019-01-05")
    ]


def test_field_that_was_and_is_empty_is_no_change():
    assert changed({}, {"document_sha256": ""}, "plan") == []


# The page -----------------------------------------------------------------------------------------


def test_page_says_who_did_what_when_why_and_both_values(journey, row, clerk, sign_in):
    page = text(sign_in(clerk).get(PATH))
    moment = timezone.localtime(NOW)
    stamp = f"{moment.year - 1911}年{moment.month}月{moment.day}日 {moment:%H:%M}"
    assert f"儲存填報 流廢標下降率 王承辦 {stamp} 第 2 筆" in page.replace("　", " ")
    assert "流廢標列管件數 147 151" in page
    assert "退回補正 流廢標下降率 李主管" in page.replace("　", " ")
    assert "請核對 列管表" in page
    assert "狀態 已送出 退回補正" in page
    assert page.index("第 4 筆") < page.index("第 1 筆")
    assert "伺服器指令" in page


def test_page_says_for_whom_a_deputy_acted(secretariat, row, clerk, boss, sign_in):
    days = {"first_day": NOW.date(), "last_day": NOW.date()}
    models.Deputyship.objects.create(absent=clerk, deputy=boss, **days)
    record(row, boss, "流廢標件數", "151")
    assert "李主管 代理 王承辦" in text(sign_in(boss).get(PATH))


def test_name_is_the_one_of_that_day(journey, clerk, boss, sign_in):
    clerk.first_name = "王新名"
    clerk.save()
    page = text(sign_in(boss).get(PATH))
    assert "王承辦" in page


def test_long_text_is_shortened_with_the_whole_at_hand(row, clerk, sign_in):
    record(row, clerk, "流廢標件數", "147", analysis="長" * 500)
    body = sign_in(clerk).get(PATH).content.decode()
    assert "<summary>" + "長" * 59 + "…</summary>" in body
    assert "長" * 500 in body


def test_text_is_shown_as_text(secretariat, row, clerk, sign_in):
    record(row, clerk, "流廢標件數", "147", analysis="<script>alert(1)</script>")
    assert b"<script>alert" not in sign_in(clerk).get(PATH).content


def test_page_shows_the_chain(journey, secretariat, clerk, sign_in):
    (head,) = history.heads(secretariat.pk)
    page = sign_in(clerk).get(PATH)
    assert "筆數 4" in text(page)
    assert head.hash in page.content.decode()
    assert "verify_history" in text(page)


def test_page_of_an_indicator_has_its_events_and_its_evidence_s(
    journey, secretariat, row, clerk, sign_in
):
    other = secretariat.indicators.get(title="電子領標達成率")
    submit(other, clerk)
    evidence = models.Evidence.objects.filter(indicator=row).order_by("pk")[0]
    entry = history.Entry(
        plan=secretariat,
        action="cite",
        kind="evidence",
        obj_id=evidence.pk,
        label="中市秘採字第1號",
        by=clerk,
        now=NOW,
    )
    with transaction.atomic():
        history.record_many([entry])
    page = text(sign_in(clerk).get(f"/tc-secretariat/107/indicators/{row.pk}/history/"))
    assert "流廢標下降率的歷程" in page
    assert "引用文號" in page
    assert "電子領標達成率" not in page
    assert "匯入計畫" not in page.split("變更")[1]


# Filters ------------------------------------------------------------------------------------------


def shown(client, query: str) -> list[int]:
    """The numbers of the events on the page."""
    return [line.sequence for line in client.get(PATH + query).context["lines"]]


def test_filter_by_person_action_and_indicator(journey, secretariat, row, clerk, boss, sign_in):
    client = sign_in(clerk)
    assert shown(client, f"?person={clerk.pk}") == [3, 2]
    assert shown(client, "?person=0") == [1]
    assert shown(client, "?action=return") == [4]
    assert shown(client, f"?indicator={row.pk}") == [4, 3, 2]
    other = secretariat.indicators.get(title="電子領標達成率").pk
    assert shown(client, f"?indicator={other}") == []
    assert shown(client, f"?person={clerk.pk}&action=submit") == [3]


def test_filter_by_days_of_taipei(secretariat, clerk, sign_in):
    at = datetime(2019, 1, 4, 16, 30, tzinfo=UTC)  # 00:30 on the 5th in Taipei
    note(secretariat, 1, by=clerk, at=at)
    client = sign_in(clerk)
    assert shown(client, "?since=108/1/5&until=108/1/5") == [2]
    assert shown(client, "?until=108/1/4") == []
    assert shown(client, "?since=2019-01-06&until=108%E5%B9%B41%E6%9C%886%E6%97%A5") == []
    assert shown(client, "?until=9999/12/31&since=1/1/1") == [2, 1]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?since=abc", "請用民國年月日填寫"),
        ("?until=108/2/30", "沒有「108/2/30」這一天"),
        ("?since=108/2/1&until=108/1/1", "「到」比「從」早"),
        ("?person=99999999999999999999", "清單裡沒有這個選項"),
        ("?action=%00", "清單裡沒有這個選項"),
        ("?indicator=x", "清單裡沒有這個選項"),
    ],
)
def test_bad_filter_is_a_sentence(query, sentence, secretariat, clerk, sign_in):
    client = sign_in(clerk)
    page = client.get(PATH + query)
    assert page.status_code == 200
    assert text(page).count(sentence) == 2
    assert client.get(CSV + query).headers["Location"].startswith(PATH + "?")


@pytest.mark.parametrize("query", ["?before=x", "?after=-1", "?before=" + "9" * 30])
def test_bad_place_in_the_pages_is_no_crash(query, secretariat, clerk, sign_in):
    assert sign_in(clerk).get(PATH + query).status_code == 200


def test_filter_without_a_match_says_so(secretariat, clerk, sign_in):
    assert "沒有符合條件的變更" in text(sign_in(clerk).get(PATH + "?since=200/1/1"))


# Pages of fifty -----------------------------------------------------------------------------------


def test_pages_of_fifty_go_back_and_forth(secretariat, clerk, sign_in):
    note(secretariat, 109, by=clerk)  # with the import 110
    client = sign_in(clerk)
    assert shown(client, "") == list(range(110, 60, -1))
    page = client.get(PATH)
    assert 'href="?before=61"' in page.content.decode()
    assert shown(client, "?before=61") == list(range(60, 10, -1))
    assert shown(client, "?before=11") == list(range(10, 0, -1))
    assert shown(client, "?after=10") == list(range(60, 10, -1))
    assert shown(client, "?after=60") == list(range(110, 60, -1))


def test_turning_pages_keeps_the_filter(secretariat, clerk, sign_in):
    note(secretariat, 60, by=clerk)
    body = sign_in(clerk).get(f"{PATH}?person={clerk.pk}").content.decode()
    assert f'href="?person={clerk.pk}&amp;before=12"' in body


def test_ends_of_the_chain_have_no_further_page(secretariat):
    chain = f"plan-{secretariat.pk}"
    note(secretariat, 99)  # with the import 100: two whole pages
    first = event_page(chain, EventFilter())
    last = event_page(chain, EventFilter(), before=51)
    assert (first.older, first.newer) == (51, None)
    assert (last.older, last.newer) == (None, 50)
    assert event_page(chain, EventFilter(), after=50).newer is None


@pytest.mark.parametrize("number", [1, 3, 50])
def test_page_takes_the_same_queries_whatever_it_shows(number, secretariat, row, clerk, sign_in):
    for index in range(number):
        models.Indicator.objects.filter(pk=row.pk).update(status="draft")
        record(row, clerk, "流廢標件數", str(200 + index))
    assert counted(sign_in(clerk), PATH) == 12


# CSV ----------------------------------------------------------------------------------------------


def rows_of(response) -> list[dict[str, str]]:
    body = b"".join(response.streaming_content)
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


def test_csv_has_a_row_for_each_field(journey, row, clerk, sign_in):
    response = sign_in(clerk).get(CSV)
    assert response.headers["Content-Disposition"] == (
        'attachment; filename="tc-secretariat-107-history.csv"'
    )
    rows = rows_of(response)
    assert [line["編號"] for line in rows] == ["4", "3", "2", "1"]
    saved = rows[2]
    assert (saved["動作"], saved["對象"], saved["項目"]) == (
        "儲存填報",
        "流廢標下降率",
        "流廢標列管件數",
    )
    assert (saved["變更前"], saved["變更後"], saved["人員"]) == ("147", "151", "王承辦")
    assert saved["時間"] == f"{timezone.localtime(NOW):%Y-%m-%d %H:%M:%S}"
    assert rows[0]["原因"] == "請核對\n列管表"
    assert len(saved["雜湊"]) == 64


def test_csv_holds_what_the_filter_leaves_and_all_pages_of_it(secretariat, clerk, sign_in):
    note(secretariat, 120, by=clerk)
    client = sign_in(clerk)
    assert len(rows_of(client.get(f"{CSV}?person={clerk.pk}&before=9"))) == 120
    assert len(rows_of(client.get(f"{CSV}?person=0"))) == 1


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "\t"])
def test_csv_cell_that_a_spreadsheet_would_run_is_text(start, row, clerk, sign_in):
    record(row, clerk, "流廢標件數", "147", analysis=f"{start}HYPERLINK(1)")
    (line,) = rows_of(sign_in(clerk).get(CSV + "?action=record"))
    assert line["變更後"] == f"'{start}HYPERLINK(1)"


def test_csv_leaves_a_negative_number_a_number(row, clerk, sign_in):
    record(row, clerk, "流廢標件數", "-1500.5")
    (line,) = rows_of(sign_in(clerk).get(CSV + "?action=record"))
    assert line["變更後"] == "-1,500.5"


def test_cells_that_run_nothing_stay_as_they_are():
    assert [as_text(cell) for cell in ("", "王", "1")] == ["", "王", "1"]


def test_csv_streams_in_the_reader_s_language(journey, clerk, sign_in):
    client = sign_in(clerk)
    client.cookies["django_language"] = "en"
    response = client.get(CSV)
    assert response.streaming
    chunks = iter(response.streaming_content)
    next(chunks)
    assert get_language() == "zh-hant"  # nothing leaks out of a file that is half read
    rest = b"".join(chunks).decode()
    assert "Submitted" in rest
    assert "已送出" not in rest


# Versions, accounts, access -----------------------------------------------------------------------


def test_earlier_version_s_history_is_kept_at_hand(journey, secretariat, clerk, sign_in):
    old = secretariat.pk
    secretariat.pk, secretariat.version, secretariat.correction_reason = None, 2, "更正"
    secretariat.save()
    client = sign_in(clerk)
    assert "還沒有變更" in text(client.get(PATH))
    assert shown(client, "?version=1") == [4, 3, 2, 1]
    assert client.get(PATH + "?version=1").context["plan"].pk == old
    assert client.get(PATH + "?version=3").status_code == 404
    assert len(rows_of(client.get(CSV + "?version=1"))) == 4
    assert client.get(PATH + "?version=%00").status_code == 200


@pytest.mark.parametrize("role", ["administrator", "auditor"])
def test_accounts_history_opens_for_who_keeps_the_system(role, secretariat, users, sign_in):
    client = sign_in(users[role])
    assert "登入" in text(client.get("/history/accounts/"))
    note(None, 2, by=users[role], after={"address": "10.0.0.1"})
    page = text(client.get("/history/accounts/"))
    assert "來源位址 — 10.0.0.1" in page
    assert len(rows_of(client.get("/history/accounts.csv"))) == 3
    assert client.get("/history/accounts.csv?since=x").status_code == 302


def test_accounts_history_is_refused_to_everybody_else(secretariat, users, sign_in):
    for role in ("clerk", "supervisor", "plan_manager", "reviewer"):
        page = sign_in(users[role]).get("/history/accounts/")
        assert page.status_code == 403
        assert "管理員、稽核" in text(page)


@pytest.mark.parametrize("path", [PATH, CSV])
def test_foreign_and_unknown_plans_are_a_404(path, secretariat, other_agency, make_user, sign_in):
    client = sign_in(make_user("clerk", other_agency))
    assert client.get(path).status_code == 404
    assert client.get(path.replace("107", "99")).status_code == 404


def test_indicator_of_another_plan_is_a_404(secretariat, seed_record, clerk, sign_in):
    other = actions.replace_plan(replace(seed_record, year=106), by=None, now=NOW)
    pk = other.indicators.order_by("pk")[0].pk
    assert sign_in(clerk).get(f"/tc-secretariat/107/indicators/{pk}/history/").status_code == 404


@pytest.mark.parametrize("path", [PATH, CSV, "/history/accounts/", "/history/accounts.csv"])
def test_history_is_only_read(path, users, sign_in):
    assert sign_in(users["administrator"]).post(path).status_code == 405


def test_labels_of_nothing_are_empty():
    assert (Labels().inputs, Labels().stages) == ({}, {})


def test_menu_marks_the_page_and_leads_keepers_to_the_accounts(users, sign_in):
    body = sign_in(users["auditor"]).get(PATH).content.decode()
    assert f'<a href="{PATH}" aria-current="page">歷程</a>' in body
    assert "/history/accounts/" in body
    assert "/my-work/" not in body
    body = sign_in(users["clerk"]).get("/my-work/").content.decode()
    assert '<a href="/my-work/" aria-current="page">我的工作</a>' in body
    assert "/history/accounts/" not in body
    assert "/people/" not in body
