"""My work: what each role finds there, in what order, and with how many queries."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from indicators import actions, models
from indicators.records import IndicatorRecord
from indicators.scorecards.my_work import MyWork, my_work
from indicators.scorecards.words import Tag
from indicators.scorecards.work_items import CityPlan, Place
from indicators.scorecards.work_order import in_order, urgency, waiting
from indicators.templatetags.kpi_format import days_left, people
from indicators.work_queries import PlanState, load_desk
from indicators.workdays import Deadline, Workdays
from tests.conftest import NOW
from tests.indicators.test_pages import plan_of, spec, text
from tests.indicators.work_scenes import (
    acting,
    counted,
    give_back,
    person,
    prove,
    record,
    submit,
)

DAY = timezone.localdate()
PLAN = PlanState(1, 1, "tc-a", "甲機關", 107, "draft")


def work(user: models.User) -> MyWork:
    return my_work(load_desk(acting(user, DAY), DAY), DAY)


def titles(items) -> list[str]:
    return [item.title for item in items]


@pytest.fixture
def row(secretariat):
    return secretariat.indicators.get(lineage="failed-tender-rate")


@pytest.fixture
def unit(secretariat):
    return secretariat.agency.units.get(name="採購管理科")


@pytest.fixture
def clerk(secretariat, unit):
    """Of the unit that has two of the eleven indicators' tenders: 採購管理科."""
    return person("王承辦", "clerk", secretariat.agency, unit)


@pytest.fixture
def boss(secretariat, unit):
    return person("李主管", "supervisor", secretariat.agency, unit)


def due(row: models.Indicator, days: int) -> None:
    models.Indicator.objects.filter(pk=row.pk).update(due=DAY + timedelta(days=days))


def left(days: int) -> int:
    """Working days; which days these are is in test_workdays."""
    return Workdays().left(DAY, DAY + timedelta(days=days))


def words(days: int) -> str:
    return days_left(Workdays().deadline(DAY + timedelta(days=days), DAY))


# Order --------------------------------------------------------------------------------------------


def test_nearest_deadline_is_first_and_none_is_last():
    days = {"none": None, "late": date(2019, 1, 1), "soon": date(2019, 1, 9)}
    today = date(2019, 1, 8)
    pairs = [(urgency(Workdays().deadline(day, today), PLAN), name) for name, day in days.items()]
    assert in_order(pairs) == ("late", "soon", "none")


def test_of_the_same_deadline_the_returned_one_is_first_then_the_order_of_the_plan():
    day = Deadline(date(2019, 1, 8), 0)
    pairs = [
        (urgency(day, PLAN, (1, 0, 0)), "third"),
        (urgency(day, PLAN, (0, 5, 0)), "second"),
        (urgency(day, PLAN, (9, 9, 9), is_returned=True), "first"),
    ]
    assert in_order(pairs) == ("first", "second", "third")


def test_of_the_same_deadline_the_earlier_year_is_first():
    later = PlanState(2, 1, "tc-a", "甲機關", 108, "draft")
    day = Deadline(date(2019, 1, 8), 0)
    pairs = [(urgency(day, later), 108), (urgency(day, PLAN), 107)]
    assert in_order(pairs) == (107, 108)


def test_plan_that_waits_longest_for_the_city_is_first():
    tag = Tag("ok", "核定")
    old = CityPlan(Place("a", "甲", 107), tag, False, NOW - timedelta(days=9))
    new = CityPlan(Place("b", "乙", 107), tag, False, NOW)
    unknown = CityPlan(Place("c", "丙", 107), tag, False, None)
    assert sorted([new, old, unknown], key=waiting) == [unknown, old, new]


# Clerk --------------------------------------------------------------------------------------------


def test_clerk_finds_the_indicators_of_their_unit_and_no_other(secretariat, clerk, unit):
    page = work(clerk)
    own = secretariat.indicators.filter(owner=unit).values_list("title", flat=True)
    assert sorted([page.next.title, *titles(page.due)]) == sorted(own)
    assert page.units == ("採購管理科",)


def test_clerk_begins_with_the_nearest_deadline(row, clerk):
    due(row, 3)
    page = work(clerk)
    assert (page.next.title, page.next.deadline.left) == ("流廢標下降率", left(3))
    assert "流廢標下降率" not in titles(page.due)


def test_plan_s_deadline_counts_where_an_indicator_has_none(secretariat, row, clerk):
    models.Plan.objects.update(due=DAY + timedelta(days=9))
    assert work(clerk).next.deadline.left == left(9)


def test_task_says_which_interim_values_are_over_and_not_entered(row, clerk):
    models.Indicator.objects.filter(pk=row.pk).update(period="quarter")
    row.inputs.filter(symbol="流廢標件數").update(gather="sum")
    due(row, 3)
    assert str(work(clerk).next.notes[0]) == "第 1 季等 4 季的期中數值尚未填報。"
    for period in (1, 2, 4):
        models.InterimValue.objects.create(
            indicator=row, symbol="流廢標件數", period=period, value=1, recorded_at=NOW
        )
    assert [str(note) for note in work(clerk).next.notes] == [
        "第 3 季的期中數值尚未填報。",
        "數值已填妥，尚缺 2 項佐證資料。",
    ]
    row.inputs.filter(symbol="流廢標件數").update(gather="average_given")
    assert len(work(clerk).next.notes) == 1


def test_task_says_what_lacks(row, clerk):
    due(row, 3)
    assert [str(note) for note in work(clerk).next.notes] == ["數值已填妥，尚缺 2 項佐證資料。"]
    row.inputs.update(value=None)
    models.Measurement.objects.filter(indicator=row).update(analysis="")
    task = work(clerk).next
    assert [str(note) for note in task.notes] == [
        "尚未填報：流廢標列管件數（流廢標件數）、公告金額以上之工程採購招標案件數（招標案件數）。"
    ]
    assert (task.is_begun, task.tag.word) == (False, "未填報")


def test_task_that_lacks_nothing_says_so(row, clerk):
    due(row, 3)
    prove(row, clerk)
    assert [str(note) for note in work(clerk).next.notes] == [
        "數值、佐證資料與分析都已填妥，核對後即可送出。"
    ]


def test_missed_target_without_review_is_said(row, clerk):
    due(row, 3)
    prove(row, clerk)
    record(row, clerk, "流廢標件數", "400")
    assert [str(note) for note in work(clerk).next.notes] == ["未達目標，檢討還沒有寫完。"]


def test_returned_comes_with_reason_remarks_and_who(row, clerk, boss, secretariat):
    due(secretariat.indicators.get(title="電子領標達成率"), 1)
    submit(row, clerk)
    give_back(row, boss, "請核對\n列管表", **{"input:流廢標件數": "與列管表不符"})
    task = work(clerk).returned[0]
    assert task.returned.reason == "請核對\n列管表"
    assert task.returned.remarks == (("流廢標列管件數", "與列管表不符"),)
    assert (task.returned.by, task.returned.at) == ("李主管", NOW)
    assert (task.tag.word, task.title) == ("退回補正", "流廢標下降率")


def test_draft_that_is_not_saved_is_mentioned_to_its_owner_alone(row, clerk, unit, secretariat):
    due(row, 3)
    other = person("陳承辦", "clerk", secretariat.agency, unit)
    actions.keep_draft(row=row, content="{}", revision=0, actor=acting(clerk, DAY), now=NOW)
    assert work(clerk).next.draft_at == NOW
    assert work(other).next.draft_at is None


def test_submitted_lies_with_the_supervisors_by_name(row, clerk, boss, secretariat):
    person("局長", "supervisor", secretariat.agency)
    submit(row, clerk)
    sent = work(clerk).sent[0]
    assert (sent.title, people(sent.with_whom), sent.by, sent.at) == (
        "流廢標下降率",
        "李主管",
        "王承辦",
        NOW,
    )
    assert str(sent.result) == "實際 9.3%，得 15.00 分。"


def test_submitted_lies_with_the_agency_s_supervisor_where_the_unit_has_none(
    row, clerk, secretariat
):
    submit(row, clerk)
    assert work(clerk).sent[0].with_whom == ()
    person("局長", "supervisor", secretariat.agency)
    assert people(work(clerk).sent[0].with_whom) == "局長"


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [(0, 0, "林代理（代理李主管）"), (-2, -1, "李主管"), (1, 2, "李主管")],
)
def test_what_lies_with_somebody_away_names_the_deputy_of_today_alone(
    first, last, shown, row, clerk, boss, users, secretariat
):
    deputy = person("林代理", "plan_manager", secretariat.agency)
    models.Deputyship.objects.create(
        absent=boss,
        deputy=deputy,
        first_day=DAY + timedelta(first),
        last_day=DAY + timedelta(last),
    )
    submit(row, clerk)
    assert people(work(clerk).sent[0].with_whom) == shown
    obstacles = work(users["plan_manager"]).closings[0].obstacles
    assert [people(one.with_whom) for one in obstacles if one.tag.word == "已送出"] == [shown]


def test_deputy_without_a_role_in_the_agency_is_not_named(row, clerk, boss, other_agency):
    outsider = person("外機關", "clerk", other_agency)
    days = {"first_day": DAY, "last_day": DAY}
    models.Deputyship.objects.create(absent=boss, deputy=outsider, **days)
    submit(row, clerk)
    assert people(work(clerk).sent[0].with_whom) == "李主管"


def test_approved_is_nobody_s_work(row, clerk, boss):
    submit(row, clerk)
    actions.approve(revisions={row.pk: 0}, actor=acting(boss), now=NOW)
    page = work(clerk)
    assert "流廢標下降率" not in [page.next.title, *titles(page.due), *titles(page.sent)]


def test_figures_of_the_unit_that_are_empty_are_one_task(secretariat, clerk, unit):
    keys = secretariat.figures.order_by("position").values_list("pk", flat=True)[:3]
    secretariat.figures.filter(pk__in=list(keys)).update(owner=unit)
    assert "業務數據" not in titles(work(clerk).due)
    secretariat.figures.filter(pk=keys[0]).update(value=None)
    task = next(task for task in work(clerk).due if task.pk is None)
    assert str(task.notes[0]) == "3 個數字，已填 2 個。"


def test_deputy_finds_the_tasks_of_the_absent_with_their_name(row, clerk, secretariat, make_user):
    due(row, 3)
    deputy = make_user("plan_manager", secretariat.agency, name="deputy")
    days = {"first_day": DAY, "last_day": DAY}
    models.Deputyship.objects.create(absent=clerk, deputy=deputy, **days)
    page = work(deputy)
    assert (page.next.title, page.next.absent) == ("流廢標下降率", "王承辦")
    assert [(d.person, d.is_mine) for d in page.deputies] == [("王承辦", False)]
    assert [(d.person, d.is_mine) for d in work(clerk).deputies] == [("測試者", True)]


# Supervisor, plan manager, city -------------------------------------------------------------------


def test_supervisor_finds_what_waits_for_approval(row, clerk, boss):
    submit(row, clerk)
    page = work(boss)
    assert [(a.title, a.by, a.unit) for a in page.approvals] == [
        ("流廢標下降率", "王承辦", "採購管理科")
    ]
    assert page.next is None
    assert page.queues == ()


def test_several_approvals_of_a_plan_have_a_queue(secretariat, row, clerk, boss):
    submit(row, clerk)
    submit(secretariat.indicators.get(title="電子領標達成率"), clerk)
    assert work(boss).queues == (Place("tc-secretariat", "臺中市政府秘書處", 107),)


def test_supervisor_of_another_unit_finds_nothing(row, clerk, secretariat):
    submit(row, clerk)
    other = secretariat.agency.units.get(name="人事室")
    assert work(person("趙主管", "supervisor", secretariat.agency, other)).is_empty


def test_supervisor_finds_what_is_overdue_and_with_whom(row, clerk, boss):
    due(row, -4)
    late = work(boss).late
    assert [(i.title, i.deadline.left, people(i.with_whom)) for i in late] == [
        ("流廢標下降率", left(-4), "王承辦")
    ]


def test_who_is_clerk_and_supervisor_finds_each_item_once(row, clerk, secretariat):
    models.Role.objects.create(user=clerk, name="supervisor", agency=secretariat.agency)
    due(row, -4)
    page = work(clerk)
    assert page.next.title == "流廢標下降率"
    assert "流廢標下降率" not in titles(page.late)
    submit(row, clerk)
    page = work(clerk)
    assert (titles(page.sent), titles(page.approvals)) == (["流廢標下降率"], [])
    assert page.sent[0].with_whom == ()  # with somebody else, of whom there is none


def test_plan_manager_finds_what_keeps_the_plan_open_and_with_whom(row, clerk, boss, users):
    due(row, -1)
    closing = work(users["plan_manager"]).closings[0]
    assert sum(item.count for item in closing.obstacles) == 11
    first = next(item for item in closing.obstacles if item.unit == "採購管理科")
    assert (first.tag.word, first.late, people(first.with_whom)) == ("填報中", 1, "王承辦")
    assert (closing.is_ready, closing.is_weight_off) == (False, False)


def test_plan_manager_of_an_approved_plan_may_close_it(secretariat, users):
    models.Indicator.objects.update(status="approved")
    closing = work(users["plan_manager"]).closings[0]
    assert (closing.is_ready, closing.obstacles) == (True, ())


def test_city_reviewer_finds_plans_that_wait(secretariat, users):
    assert work(users["reviewer"]).city_plans == ()
    models.Plan.objects.update(status="approved")
    plan = work(users["reviewer"]).city_plans[0]
    assert (plan.place.year, plan.is_reviewed) == (107, False)
    models.Plan.objects.update(status="reviewed")
    assert work(users["reviewer"]).city_plans[0].is_reviewed


def test_closed_plan_is_no_work_for_the_agency_but_its_progress_shows(secretariat, clerk):
    models.Plan.objects.update(status="approved")
    page = work(clerk)
    assert page.is_empty
    assert [(p.total, p.tag.word) for p in page.progress] == [(11, "核定")]


def test_replaced_version_is_nobody_s_work(secretariat, row, clerk):
    secretariat.pk, secretariat.version, secretariat.correction_reason = None, 2, "更正"
    secretariat.save()
    assert work(clerk).is_empty


def test_progress_counts_every_indicator_once(secretariat, row, clerk, boss, users):
    submit(row, clerk)
    assert [(tag.word, count) for tag, count in work(clerk).progress[0].counts] == [
        ("核定", 0),
        ("已送出", 1),
        ("退回補正", 0),
        ("填報中", 10),
        ("未填報", 0),
    ]
    assert len(work(clerk).progress[0].strip) == 11


# Earlier years -----------------------------------------------------------------------------------


@pytest.fixture
def next_year(secretariat, seed_record):
    """The agency works on 108 already, of which nothing is due yet either."""
    return actions.replace_plan(replace(seed_record, year=108), by=None, now=NOW)


def test_drafts_of_an_earlier_year_without_a_deadline_stand_apart(next_year, unit, clerk):
    page = work(clerk)
    shown = [page.next, *page.due]
    assert {task.place.year for task in shown} == {108}
    assert titles(page.earlier.tasks) == titles(shown)
    assert {task.place.year for task in page.earlier.tasks} == {107}
    assert [(plan.place.year, plan.total) for plan in page.progress] == [(108, 11)]
    assert [(plan.place.year, plan.total) for plan in page.earlier.progress] == [(107, 11)]


def test_what_is_due_or_came_back_of_an_earlier_year_stands_with_the_rest(
    next_year, row, clerk, boss
):
    other = row.plan.indicators.filter(owner=row.owner).exclude(pk=row.pk).order_by("pk")[0]
    due(row, 3)
    submit(other, clerk)
    give_back(other, boss, "請核對")
    page = work(clerk)
    assert (page.next.place.year, page.next.title) == (107, row.title)
    assert [(task.place.year, task.title) for task in page.returned] == [(107, other.title)]
    assert {row.pk, other.pk} & {task.pk for task in page.earlier.tasks} == set()


def test_plan_of_an_earlier_year_is_closed_below(next_year, users):
    page = work(users["plan_manager"])
    assert [plan.place.year for plan in page.closings] == [108]
    assert [plan.place.year for plan in page.earlier.closings] == [107]
    assert not page.is_all_earlier


@pytest.mark.parametrize("change", [{"due": DAY}, {"status": "approved"}])
def test_plan_of_an_earlier_year_that_is_due_or_ready_is_closed_above(
    change, next_year, row, users
):
    models.Indicator.objects.filter(plan=row.plan).update(**change)
    if "due" in change:
        models.Plan.objects.filter(pk=row.plan_id).update(**change)
    page = work(users["plan_manager"])
    assert sorted(plan.place.year for plan in page.closings) == [107, 108]
    assert page.earlier.closings == ()


def test_only_plan_of_an_agency_is_never_an_earlier_one(row, clerk):
    assert work(clerk).earlier.tasks == ()


def test_earlier_years_are_folded_while_there_is_other_work(next_year, clerk, users, sign_in):
    page = sign_in(clerk).get("/my-work/")
    count = len(work(clerk).earlier.tasks)
    assert f"較早年度 未訂期限，排在較新年度的工作之後。 {count} 項待填報" in text(page)
    assert '<details class="kp-more kp-after"><summary>' in page.content.decode()
    models.Indicator.objects.filter(plan=next_year).update(status="approved")
    models.Figure.objects.filter(plan=next_year).update(value=1)
    page = sign_in(clerk).get("/my-work/")
    assert '<details class="kp-more kp-after" open><summary>' in page.content.decode()
    assert "目前沒有要處理的工作" not in text(page)


# The page -----------------------------------------------------------------------------------------


def test_page_shows_the_task_with_one_primary_button(row, clerk, sign_in):
    due(row, 3)
    page = sign_in(clerk).get("/my-work/")
    body = page.content.decode()
    assert body.count("btn-primary") == 1
    assert f'href="/tc-secretariat/107/indicators/{row.pk}/entry/">繼續填報</a>' in body
    assert f"以前送出，{words(3)}。" in text(page)


def test_page_tags_what_is_overdue(row, clerk, sign_in):
    due(row, -2)
    assert words(-2) in text(sign_in(clerk).get("/my-work/"))


def test_page_shows_a_reason_as_text(row, clerk, boss, sign_in):
    submit(row, clerk)
    give_back(row, boss, "<b>請核對</b>")
    body = sign_in(clerk).get("/my-work/").content.decode()
    assert "&lt;b&gt;請核對&lt;/b&gt;" in body


def test_page_of_a_supervisor_and_a_manager(row, clerk, boss, users, sign_in):
    submit(row, clerk)
    page = sign_in(boss).get("/my-work/")
    assert "等您核定 1 項 流廢標下降率" in text(page)
    assert page.content.decode().count("btn-primary") == 1
    page = text(sign_in(users["plan_manager"]).get("/my-work/"))
    assert "107 年度計畫關帳" in page
    assert "採購管理科 在李主管處 已送出 1 項" in page


def test_page_with_nothing_to_do_says_so(users, sign_in):
    page = text(sign_in(users["reviewer"]).get("/my-work/"))
    assert "目前沒有要處理的工作" in page
    assert "目前沒有代理他人，也沒有人代理您。" in page


@pytest.mark.parametrize("number", [1, 3, 30, 300])
def test_page_takes_the_same_queries_whatever_there_is_to_do(number, db, make_user, sign_in):
    items = [IndicatorRecord(spec(n, weight=Decimal(1)), owner="企劃科") for n in range(number)]
    plan = actions.replace_plan(plan_of(*items), by=None, now=NOW)
    unit = plan.agency.units.get()
    clerk = person("王承辦", "clerk", plan.agency, unit)
    person("李主管", "supervisor", plan.agency, unit)
    rows = list(plan.indicators.order_by("pk"))
    models.Indicator.objects.filter(pk__in=[r.pk for r in rows[::2]]).update(due=DAY)
    models.Indicator.objects.filter(pk__in=[r.pk for r in rows[1::2]]).update(status="submitted")
    assert counted(sign_in(clerk), "/my-work/") == 26


@pytest.mark.parametrize("number", [1, 3, 30])
def test_page_of_a_supervisor_takes_the_same_queries(number, db, sign_in):
    items = [IndicatorRecord(spec(n), owner="企劃科") for n in range(number)]
    plan = actions.replace_plan(plan_of(*items), by=None, now=NOW)
    models.Indicator.objects.update(status="submitted")
    boss = person("李主管", "supervisor", plan.agency, plan.agency.units.get())
    assert counted(sign_in(boss), "/my-work/") == 26


@pytest.mark.parametrize("number", [1, 3, 30])
def test_page_of_a_plan_manager_takes_the_same_queries(number, db, make_user, sign_in):
    items = [IndicatorRecord(spec(n), owner="企劃科") for n in range(number)]
    for year in (107, 108):
        plan = actions.replace_plan(replace(plan_of(*items), year=year), by=None, now=NOW)
    assert counted(sign_in(make_user("plan_manager", plan.agency)), "/my-work/") == 17


def test_only_get(clerk_client):
    assert clerk_client.post("/my-work/").status_code == 405
