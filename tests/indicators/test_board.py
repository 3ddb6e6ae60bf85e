"""The completeness board: what each row says, who may do what from it, and where one lands."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone

from indicators import actions, models
from indicators.actions import reminders
from indicators.board_queries import load_board
from indicators.entries import roc
from indicators.records import IndicatorRecord
from indicators.scorecards.board import Shade, board, table
from indicators.templatetags.kpi_format import sentence
from indicators.workdays import Workdays
from tests.conftest import NOW
from tests.indicators.test_pages import plan_of, spec, text
from tests.indicators.work_scenes import acting, counted, give_back, person, record, submit

DAY = timezone.localdate(NOW)
PATH = "/tc-secretariat/107/board/"


@pytest.fixture
def row(secretariat):
    return secretariat.indicators.get(lineage="failed-tender-rate")


@pytest.fixture
def unit(secretariat):
    return secretariat.agency.units.get(name="採購管理科")


@pytest.fixture
def clerk(secretariat, unit):
    return person("王承辦", "clerk", secretariat.agency, unit)


@pytest.fixture
def boss(secretariat, unit):
    return person("李主管", "supervisor", secretariat.agency, unit)


@pytest.fixture
def manager(secretariat):
    return person("陳研考", "plan_manager", secretariat.agency)


def shown(plan, user, show="", day=DAY):
    fresh = models.Plan.objects.select_related("agency").get(pk=plan.pk)
    return board(load_board(fresh, day), acting(user, day), day, show)


def line(page, row):
    lines = [line for unit in page.shown for line in unit.rows]
    return next(line for line in lines if line.pk == row.pk)


def of_unit(page, name):
    return next(unit for unit in page.units if unit.name == name)


def due(row, day):
    models.Indicator.objects.filter(pk=row.pk).update(due=day)


def people(line):
    return [(seat.person, seat.absent) for seat in line.with_whom]


# Rows ---------------------------------------------------------------------------------------------


def test_a_row_moves_from_the_clerk_to_the_supervisor_to_the_manager(
    row, clerk, boss, manager, secretariat
):
    assert people(line(shown(secretariat, manager), row)) == [("王承辦", "")]
    submit(row, clerk)
    found = line(shown(secretariat, manager), row)
    assert (found.tag.word, people(found)) == ("已送出", [("李主管", "")])
    give_back(row, boss, "請核對")
    found = line(shown(secretariat, manager), row)
    assert (found.tag.word, people(found)) == ("退回補正", [("王承辦", "")])
    models.Indicator.objects.filter(pk=row.pk).update(status="approved")
    found = line(shown(secretariat, manager), row)
    assert (people(found), found.is_open, found.can_remind) == ([("陳研考", "")], False, False)


def test_a_deputy_stands_in_for_who_is_away_and_only_on_these_days(
    row, clerk, manager, secretariat
):
    deputy = person("林代理", "clerk", secretariat.agency)
    models.Deputyship.objects.create(absent=clerk, deputy=deputy, first_day=DAY, last_day=DAY)
    assert people(line(shown(secretariat, manager), row)) == [("林代理", "王承辦")]
    tomorrow = shown(secretariat, manager, day=DAY + timedelta(days=1))
    assert people(line(tomorrow, row)) == [("王承辦", "")]


def test_a_deputy_without_a_role_in_the_agency_does_not_stand_in(row, clerk, manager, secretariat):
    stranger = models.User.objects.create(username="外人")
    models.Deputyship.objects.create(absent=clerk, deputy=stranger, first_day=DAY, last_day=DAY)
    assert people(line(shown(secretariat, manager), row)) == [("王承辦", "")]


def test_nobody_there_is_said(row, manager, secretariat):
    found = line(shown(secretariat, manager), row)
    assert (people(found), found.nobody, found.can_remind) == ([], "還沒有承辦人", False)


def test_a_unit_without_a_clerk_is_with_those_of_the_whole_agency(row, manager, secretariat):
    person("全處承辦", "clerk", secretariat.agency)
    assert people(line(shown(secretariat, manager), row)) == [("全處承辦", "")]


def test_days_left_are_working_days_of_the_agency(row, clerk, manager, secretariat):
    due(row, date(2020, 1, 31))
    eve = date(2020, 1, 20)  # Monday; New Year is from 23 to 29 January
    assert line(shown(secretariat, manager, day=eve), row).deadline.left == 4  # 21, 22, 30, 31
    models.CalendarDay.objects.create(
        agency=secretariat.agency, day=date(2020, 1, 30), is_workday=False
    )
    assert line(shown(secretariat, manager, day=eve), row).deadline.left == 3


def test_only_what_is_still_to_be_submitted_is_late(row, clerk, manager, secretariat):
    due(row, date(2020, 1, 15))
    page = shown(secretariat, manager, day=date(2020, 1, 17))
    found = line(page, row)
    assert (found.is_late, found.deadline.left) == (True, -2)
    assert of_unit(page, "採購管理科").late == Shade(1, "x1")
    submit(row, clerk)
    found = line(shown(secretariat, manager, day=date(2020, 1, 17)), row)
    assert (found.is_late, found.deadline.day, found.deadline.left) == (
        False,
        date(2020, 1, 15),
        None,
    )


def test_the_last_activity_is_work_not_supervision(row, clerk, manager, secretariat):
    assert line(shown(secretariat, manager), row).activity is None
    record(row, clerk, row.inputs.order_by("position")[0].symbol, "5")
    due(row, None)
    models.User.objects.update(email="x@example.gov.tw")
    reminders.remind(
        plan_id=row.plan_id,
        indicator_id=row.pk,
        actor=acting(manager),
        now=NOW + timedelta(minutes=1),
    )
    found = line(shown(secretariat, manager), row)
    assert (found.did, found.activity.by, found.activity.at) == ("儲存填報", "王承辦", NOW)
    assert (found.reminded.by, found.reminded.to) == ("陳研考", ("王承辦",))


def test_evidence_is_activity_of_its_indicator(row, clerk, manager, secretariat):
    actions.cite_document(
        indicator_id=row.pk,
        about=row.inputs.order_by("position")[0].symbol,
        number="中市秘採字第1號",
        dated=DAY,
        actor=acting(clerk),
        now=NOW,
    )
    found = line(shown(secretariat, manager), row)
    assert (found.did, found.activity.by) == ("引用文號", "王承辦")


# Units --------------------------------------------------------------------------------------------


def test_counts_of_a_unit_in_words_and_shades(secretariat, unit, row, clerk, boss, manager):
    """Three indicators of 採購管理科: one approved, one submitted, one that is begun."""
    first, second, third = secretariat.indicators.filter(owner=unit).order_by("pk")
    models.Indicator.objects.filter(pk=first.pk).update(status="approved")
    models.Indicator.objects.filter(pk=second.pk).update(status="submitted")
    page = shown(secretariat, manager)
    found = of_unit(page, "採購管理科")
    words = [tag.word for tag in page.tags]
    assert words == ["未填報", "填報中", "退回補正", "已送出", "核定"]
    third_of_it = Shade(1, "2")  # a third is in the second of five shades
    none = Shade(0, "0")
    assert found.shades == (none, third_of_it, none, third_of_it, third_of_it)
    assert (page.total, page.totals) == (11, (0, 9, 0, 1, 1, 0))
    assert sentence(page.headline) == "11 項中 1 項核定、1 項已送出，沒有逾期"
    due(third, DAY - timedelta(days=1))
    page = shown(secretariat, manager)
    assert sentence(page.headline) == "11 項中 1 項核定、1 項已送出，1 項逾期"


def test_work_statistics_are_a_row_of_their_unit(secretariat, unit, clerk, manager):
    models.Figure.objects.filter(plan=secretariat).update(owner=None)
    some = list(secretariat.figures.order_by("pk")[:4])
    models.Figure.objects.filter(pk__in=[f.pk for f in some]).update(owner=unit)
    models.Figure.objects.filter(pk=some[0].pk).update(value=None)
    found = of_unit(shown(secretariat, manager), "採購管理科")
    last = found.rows[-1]
    assert (found.figures, found.total) == ((3, 4), 3)
    assert (last.pk, last.title, sentence(last.note)) == (
        None,
        "業務數據",
        "4 個數字，已填 3 個。",
    )
    assert people(last) == [("王承辦", "")]
    models.Figure.objects.filter(pk=some[0].pk).update(value=Decimal(1))
    last = of_unit(shown(secretariat, manager), "採購管理科").rows[-1]
    assert (last.tag.word, last.is_open) == ("已填齊", False)


def test_filters_keep_the_counts_and_shorten_the_list(secretariat, row, clerk, manager):
    due(row, DAY - timedelta(days=3))
    page = shown(secretariat, manager, "late")
    assert [line.title for unit in page.shown for line in unit.rows] == ["流廢標下降率"]
    assert page.total == 11
    models.Indicator.objects.filter(plan=secretariat).update(status="approved")
    page = shown(secretariat, manager, "open")
    assert {line.pk for unit in page.shown for line in unit.rows} <= {None}
    assert shown(secretariat, manager, "nonsense").show == ""


def test_table_has_a_row_for_each_line(secretariat, row, clerk, manager):
    due(row, date(2020, 1, 15))
    found = table(shown(secretariat, manager, "late", day=date(2020, 1, 17)))
    assert found.rows == (
        (
            "採購管理科",
            "流廢標下降率",
            "填報中",
            date(2020, 1, 15),
            -2,
            None,
            None,
            None,
            "王承辦",
            None,
        ),
    )
    assert len(found.heads) == len(found.rows[0])
    assert found.notes == ("11 項中 0 項核定、0 項已送出，1 項逾期",)


# The page -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3, 30])
def test_page_takes_the_same_queries(number, db, sign_in):
    items = [IndicatorRecord(spec(n), owner="企劃科") for n in range(number)]
    plan = actions.replace_plan(plan_of(*items), by=None, now=NOW)
    unit = plan.agency.units.get()
    boss = person("李主管", "plan_manager", plan.agency)
    clerk = person("王承辦", "clerk", plan.agency, unit)
    for row in plan.indicators.order_by("pk")[::2]:
        models.Indicator.objects.filter(pk=row.pk).update(status="submitted")
        models.Step.objects.create(plan=plan, indicator=row, name="submit", by=clerk, at=NOW)
    for row in plan.indicators.order_by("pk"):
        models.Reminder.objects.create(
            plan=plan, indicator=row, kind="fill", to=clerk, by=boss, at=NOW, day=DAY
        )
    assert counted(sign_in(boss), "/tc-made/108/board/") == 16


def test_page_of_a_plan_without_indicators_says_what_comes_next(db, sign_in):
    plan = actions.replace_plan(plan_of(), by=None, now=NOW)
    page = text(sign_in(person("陳研考", "plan_manager", plan.agency)).get("/tc-made/108/board/"))
    assert "這份計畫還沒有指標" in page
    assert "還沒有可以追蹤的項目" in page


def test_a_clerk_sees_the_board_and_has_no_button(row, clerk, sign_in):
    page = sign_in(clerk).get(PATH)
    assert "流廢標下降率" in text(page)
    for word in ("提醒未完成", "延期", "改派"):
        assert word not in text(page)


def test_a_plan_at_the_city_says_where_it_is(secretariat, manager, sign_in):
    models.Indicator.objects.filter(plan=secretariat).update(status="approved")
    models.Plan.objects.filter(pk=secretariat.pk).update(status="reviewed")
    page = text(sign_in(manager).get(PATH))
    assert "11 項中 11 項核定、0 項已送出，沒有逾期" in page
    assert "延期" not in page


# Reminding ----------------------------------------------------------------------------------------


def remind(client, path, callbacks, **data):
    with callbacks(execute=True):
        return client.post(PATH + path, data)


def test_one_click_reminds_and_comes_back_to_the_row(
    row, clerk, manager, sign_in, django_capture_on_commit_callbacks
):
    models.User.objects.filter(pk=clerk.pk).update(email="wang@example.gov.tw")
    client = sign_in(manager)
    answer = remind(client, f"{row.pk}/remind/", django_capture_on_commit_callbacks, show="late")
    assert answer.url == f"{PATH}?show=late#indicator-{row.pk}"
    assert [letter.to for letter in mail.outbox] == [["wang@example.gov.tw"]]
    page = client.get(PATH)
    assert "已寄信提醒王承辦。" in text(page)
    assert f"{timezone.localtime().month}月" in text(page)
    again = remind(client, f"{row.pk}/remind/", django_capture_on_commit_callbacks)
    assert again.url == f"{PATH}#indicator-{row.pk}"
    assert "今天已經提醒過王承辦，不再重寄。" in text(client.get(PATH))
    assert len(mail.outbox) == 1


def test_who_has_no_address_is_named_in_the_row(row, clerk, manager, sign_in):
    client = sign_in(manager)
    client.post(f"{PATH}{row.pk}/remind/")
    body = client.get(PATH).content.decode()
    cell = body.split(f'id="indicator-{row.pk}"')[1].split("</tr>")[0]
    assert "王承辦沒有電子郵件地址，請另行通知。" in cell
    assert body.count("請另行通知") == 1


def test_a_sentence_about_a_row_that_is_not_listed_stands_on_top(row, clerk, manager, sign_in):
    client = sign_in(manager)
    client.post(f"{PATH}{row.pk}/remind/")
    assert "請另行通知" in text(client.get(f"{PATH}?show=late"))


def test_a_unit_s_button_reminds_of_all(
    row, unit, clerk, manager, sign_in, django_capture_on_commit_callbacks
):
    models.User.objects.filter(pk=clerk.pk).update(email="wang@example.gov.tw")
    client = sign_in(manager)
    answer = remind(client, f"units/{unit.pk}/remind/", django_capture_on_commit_callbacks)
    assert answer.url == f"{PATH}#unit-{unit.pk}"
    assert models.Reminder.objects.filter(to=clerk).count() >= 3
    assert len(mail.outbox) == 1


def test_reminding_where_nobody_is_says_so(row, manager, sign_in):
    client = sign_in(manager)
    client.post(f"{PATH}{row.pk}/remind/")
    assert "目前沒有別人負責" in text(client.get(PATH))
    client.post(f"{PATH}units/0/remind/")
    assert models.Reminder.objects.count() == 0


def test_reminding_what_is_not_there_is_not_found(manager, sign_in):
    assert sign_in(manager).post(f"{PATH}999999/remind/").status_code == 404


# Deadline, unit, deputy ---------------------------------------------------------------------------


def extend(client, row, day, reason="等統計資料"):
    typed = roc(day) if isinstance(day, date) else day
    return client.post(f"{PATH}{row.pk}/due/", {"due": typed, "reason": reason})


def test_a_deadline_is_extended_with_its_reason(row, manager, sign_in):
    due(row, DAY)
    client, later = sign_in(manager), Workdays().shift(DAY, 3)
    answer = extend(client, row, later)
    assert answer.url == f"{PATH}#indicator-{row.pk}"
    assert models.Indicator.objects.get(pk=row.pk).due == later
    event = models.AuditEvent.objects.get(action="assign")
    assert event.content()["reason"] == "等統計資料"
    page = text(client.get(PATH))
    assert "期限已延到" in page
    assert "不是工作天" not in page


def test_beyond_the_plan_s_deadline_only_where_that_is_confirmed(
    row, secretariat, manager, sign_in
):
    plan_due, later = DAY + timedelta(days=5), DAY + timedelta(days=9)
    models.Plan.objects.filter(pk=secretariat.pk).update(due=plan_due)
    client = sign_in(manager)
    asked = text(client.get(f"{PATH}{row.pk}/due/"))
    assert f"這項指標在整份計畫的期限 {roc(plan_due)} 之後才到期" in asked
    page = extend(client, row, later)
    assert "新期限晚於整份計畫的期限；確定時請勾選" in text(page)
    assert models.Indicator.objects.get(pk=row.pk).due is None
    assert "晚於計畫期限" not in text(client.get(PATH))
    data = {"due": roc(later), "reason": "等統計資料", "beyond": "on"}
    client.post(f"{PATH}{row.pk}/due/", data)
    assert models.Indicator.objects.get(pk=row.pk).due == later
    assert line(shown(secretariat, manager), row).is_beyond
    assert text(client.get(PATH)).count("晚於計畫期限") == 1


def test_an_extension_up_to_the_plan_s_deadline_needs_no_confirmation(
    row, secretariat, manager, sign_in
):
    plan_due = DAY + timedelta(days=9)
    models.Plan.objects.filter(pk=secretariat.pk).update(due=plan_due)
    due(row, DAY + timedelta(days=1))
    extend(sign_in(manager), row, plan_due)
    assert models.Indicator.objects.get(pk=row.pk).due == plan_due
    assert not line(shown(secretariat, manager), row).is_beyond


def test_a_day_off_is_taken_and_said(row, manager, sign_in):
    free = next(
        DAY + timedelta(days=n)
        for n in range(1, 9)
        if not Workdays().is_workday(DAY + timedelta(days=n))
    )
    client = sign_in(manager)
    extend(client, row, free)
    assert models.Indicator.objects.get(pk=row.pk).due == free
    assert "不是工作天，前一個工作天是" in text(client.get(PATH))


@pytest.mark.parametrize(
    ("day", "reason", "sentence"),
    [
        (DAY - timedelta(days=1), "因", "新期限已經過去，請填今天或以後的日期。"),
        (DAY + timedelta(days=2), "因", "新期限應晚於目前的期限"),
        (DAY + timedelta(days=2000), "因", "請核對年份。"),
        ("", "因", "請填寫新期限。"),
        ("明天", "因", "請用民國年月日填寫，例如 108/1/5。"),
        (DAY + timedelta(days=9), " ", "請寫明原因。"),
    ],
)
def test_what_is_no_extension_is_said_at_the_field(day, reason, sentence, row, manager, sign_in):
    due(row, DAY + timedelta(days=5))
    page = extend(sign_in(manager), row, day, reason)
    assert page.status_code == 200
    assert sentence in text(page)
    assert models.Indicator.objects.get(pk=row.pk).due == DAY + timedelta(days=5)


def test_another_unit_takes_over_with_the_reason(row, secretariat, manager, sign_in):
    other = secretariat.agency.units.get(name="人事室")
    client = sign_in(manager)
    answer = client.post(f"{PATH}{row.pk}/owner/", {"owner": other.pk, "reason": "業務移撥"})
    assert answer.url == f"{PATH}#indicator-{row.pk}"
    assert models.Indicator.objects.get(pk=row.pk).owner == other
    assert models.AuditEvent.objects.get(action="assign").content()["reason"] == "業務移撥"
    assert "已改由人事室負責。" in text(client.get(PATH))


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"owner": "", "reason": "因"}, "請選擇科室。"),
        ({"owner": "own", "reason": "因"}, "這個選項已經不在，請重新選擇。"),
        ({"owner": "foreign", "reason": "因"}, "這個選項已經不在，請重新選擇。"),
        ({"owner": "other", "reason": ""}, "請寫明原因。"),
    ],
)
def test_what_is_no_reassignment_is_said(
    wanted, sentence, row, secretariat, other_agency, manager, sign_in
):
    foreign = models.Unit.objects.create(agency=other_agency, name="別科")
    keys = {
        "own": row.owner_id,
        "foreign": foreign.pk,
        "other": secretariat.agency.units.get(name="人事室").pk,
    }
    data = {**wanted, "owner": keys.get(wanted["owner"], "")}
    page = sign_in(manager).post(f"{PATH}{row.pk}/owner/", data)
    assert page.status_code == 200
    assert sentence in text(page)
    assert models.Indicator.objects.get(pk=row.pk).owner_id == row.owner_id


def test_a_deputy_is_named_for_who_has_it(row, clerk, secretariat, manager, sign_in):
    deputy = person("林代理", "clerk", secretariat.agency)
    client = sign_in(manager)
    assert "王承辦" in text(client.get(f"{PATH}{row.pk}/deputy/"))
    days = {"first_day": roc(DAY), "last_day": roc(DAY + timedelta(days=7))}
    answer = client.post(
        f"{PATH}{row.pk}/deputy/", {"absent": clerk.pk, "deputy": deputy.pk, **days}
    )
    assert answer.url == f"{PATH}#indicator-{row.pk}"
    assert models.Deputyship.objects.get().absent == clerk
    assert models.AuditEvent.objects.filter(action="name").count() == 1
    assert "林代理（代理王承辦）" in text(client.get(PATH))


def test_a_deputy_who_does_not_fit_is_refused_at_the_field(row, clerk, manager, sign_in):
    days = {"first_day": roc(DAY), "last_day": roc(DAY)}
    page = sign_in(manager).post(
        f"{PATH}{row.pk}/deputy/", {"absent": clerk.pk, "deputy": clerk.pk, **days}
    )
    assert "代理人請選另一個人。" in text(page)
    assert not models.Deputyship.objects.exists()


@pytest.mark.parametrize("name", ["due", "owner", "deputy"])
def test_another_plan_s_indicator_is_not_found(name, manager, sign_in):
    other = actions.replace_plan(plan_of(IndicatorRecord(spec(1))), by=None, now=NOW)
    path = f"{PATH}{other.indicators.get().pk}/{name}/"
    assert sign_in(manager).get(path).status_code == 404


def test_what_somebody_else_changed_meanwhile_is_asked_about(row, secretariat, manager, sign_in):
    client, was = sign_in(manager), DAY + timedelta(days=5)
    due(row, DAY + timedelta(days=6))
    data = {"due": roc(DAY + timedelta(days=9)), "reason": "因", "was": was.isoformat()}
    page = client.post(f"{PATH}{row.pk}/due/", data)
    assert "剛才有人改過這一項，請看目前的內容再決定。" in text(page)
    assert models.Indicator.objects.get(pk=row.pk).due == DAY + timedelta(days=6)
    assert f'value="{(DAY + timedelta(days=6)).isoformat()}"' in page.content.decode()
    other = secretariat.agency.units.get(name="人事室")
    data = {"owner": other.pk, "reason": "因", "was": "0"}
    page = client.post(f"{PATH}{row.pk}/owner/", data)
    assert "剛才有人改過這一項，請看目前的內容再決定。" in text(page)
    assert models.Indicator.objects.get(pk=row.pk).owner_id == row.owner_id
