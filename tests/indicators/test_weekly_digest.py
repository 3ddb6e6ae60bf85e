"""The weekly digest: who gets it, what it says, and once a week."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators import models
from indicators.holders import RoleHeld, Seat
from indicators.notice_queries import PlanWeek
from indicators.notices import weekly_letters
from indicators.records import IndicatorRecord, Policy
from indicators.scorecards.week import Pending, week
from indicators.scoring.types import Method
from indicators.workdays import Workdays
from tests.indicators.test_letters import reachable
from tests.indicators.test_pages import plan_of, spec
from tests.indicators.work_scenes import give_back, person, submit

FRIDAY = date(2020, 1, 31)  # the second working day after the Lunar New Year of 109
UNIT_ONE = (Seat(1, "王承辦"), Seat(4, "張代理", 2, "林同仁"))
WHOLE_AGENCY = (Seat(3, "全機關"),)
MONDAY = date(2020, 1, 27)
pytestmark = pytest.mark.django_db


def made(number: int, actual: str | None, **changes) -> IndicatorRecord:
    """Twenty-five points, of which `actual` percent are earned."""
    value = None if actual is None else Decimal(actual)
    values = {"method": Method.DIRECT, "inputs": (), "formula": "", "actual": value}
    values |= {"weight": Decimal(25), "target": Decimal(100)}
    return IndicatorRecord(spec(number, **values), **changes)


def of(*items: IndicatorRecord, steps=None, **plan) -> PlanWeek:
    record = plan_of(*items)
    for name, value in plan.items():
        object.__setattr__(record, name, value)
    held = (
        RoleHeld("clerk", 1, 1, "王承辦"),
        RoleHeld("clerk", 1, 2, "林同仁", deputies=((4, "張代理"),)),
        RoleHeld("clerk", None, 3, "全機關"),
    )
    return PlanWeek(record, date(2020, 1, 25), FRIDAY, steps or {}, held, {"一科": 1, "二科": 2})


# What it says of a plan ---------------------------------------------------------------------------


def test_points_and_lights_are_those_of_the_scorecard():
    """25 × (100 + 89 + 50)% = 59.75 earned, 0 + 2.75 + 12.5 lost, 25 not reported."""
    found = week(of(made(1, "100"), made(2, "89"), made(3, "50"), made(4, None)), Workdays())
    assert (found.earned, found.lost, found.winnable) == ("59.75", "15.25", "25.00")
    assert (found.open_lost, found.is_complete) == ("15.25", False)
    assert found.lights == (("綠燈", 1), ("黃燈", 1), ("紅燈", 1), ("未亮燈", 1))


def test_lights_follow_the_plan_s_own_thresholds():
    policy = Policy(green=Decimal(85), yellow=Decimal(40))
    found = week(of(made(1, "89"), made(2, "50"), policy=policy), Workdays())
    assert found.lights == (("綠燈", 1), ("黃燈", 1), ("紅燈", 0), ("未亮燈", 0))


def test_steps_of_the_week_are_counted_and_the_usual_ones_said_at_zero():
    found = week(of(made(1, "1"), steps={"submit": 4, "close": 1}), Workdays())
    assert found.steps == (("送出", 4), ("退回補正", 0), ("核定", 0), ("關帳送研考會", 1))


def test_late_and_coming_entries_come_with_whom_they_lie():
    eve = date(2020, 1, 22)
    found = week(
        of(
            made(1, None, due=date(2020, 2, 7), owner="一科"),
            made(2, None, due=date(2020, 2, 8), owner="一科"),  # the eighth day
            made(3, None, due=FRIDAY, owner="二科"),
            made(4, "1", due=eve, owner="一科", status="returned"),
            made(5, "1", due=eve, owner="一科", status="submitted"),
            made(6, "1", due=eve, owner="一科", status="approved"),
            made(7, None, owner="一科"),
        ),
        Workdays(),
    )
    assert found.late == (Pending("指標 4", "一科", eve, 2, UNIT_ONE),)
    assert found.coming == (
        Pending("指標 3", "二科", FRIDAY, 0, WHOLE_AGENCY),
        Pending("指標 1", "一科", date(2020, 2, 7), 0, UNIT_ONE),
    )


def test_a_plan_that_left_the_agency_has_nothing_late():
    found = week(of(made(1, None, due=date(2020, 1, 22)), status="approved"), Workdays())
    assert (found.late, found.coming, found.state) == ((), (), "核定")


# To whom and when ---------------------------------------------------------------------------------


@pytest.fixture
def plan(secretariat):
    models.Plan.objects.update(due=date(2021, 12, 31))
    return secretariat


@pytest.fixture
def row(plan):
    found = plan.indicators.get(lineage="failed-tender-rate")
    models.Indicator.objects.filter(pk=found.pk).update(due=date(2020, 1, 22))
    return found


@pytest.fixture
def unit(plan):
    return plan.agency.units.get(name="採購管理科")


@pytest.fixture
def clerk(plan, unit):
    return asking(person("王承辦", "clerk", plan.agency, unit), "clerk@example.gov.tw")


@pytest.fixture
def send(command):
    return lambda day, *options: command("send_weekly_digest", "--date", f"{day}", *options)


def asking(user, address: str):
    models.MailChoice.objects.create(user=user, weekly=True)
    return reachable(user, address)


def test_the_digest_reads_like_this(row, clerk, plan, unit, send, settings):
    settings.PORTAL_URL = "https://kpi.example.gov.tw"
    boss = person("李主管", "supervisor", plan.agency, unit)
    submit(row, clerk)
    give_back(row, boss, "請核對")
    for number, step in enumerate(models.Step.objects.order_by("pk")):
        at = timezone.make_aware(datetime(2020, 1, 24 + number, 23, 59))  # 1/24 is the week before
        models.Step.objects.filter(pk=step.pk).update(at=at)
    assert send(FRIDAY).out == "寄出 1 封；0 人先前已寄過。\n"
    (letter,) = mail.outbox
    assert letter.subject == "【施政績效】每週摘要：1月25日至1月31日"
    assert (
        letter.body
        == """\
王承辦，您好：

這是109年1月25日至1月31日的每週摘要。

━━ 臺中市政府秘書處 107 年度 ━━
計畫狀態：填報中
總分 100.00
燈號：綠燈 11，黃燈 0，紅燈 0，未亮燈 0
這七天：送出 0，退回補正 1，核定 0

逾期（1 項）
 ・流廢標下降率　1月22日到期，逾期 2 個工作天；採購管理科　王承辦

計分表：https://kpi.example.gov.tw/tc-secretariat/107/

您選了每週摘要才會收到這封信；要改收信地址或不再收：
https://kpi.example.gov.tw/account/mail/
"""
    )


def test_only_who_asked_and_can_be_reached_gets_it(plan, clerk, make_user, send):
    reachable(make_user("supervisor", plan.agency, name="never-asked"), "a@example.gov.tw")
    refused = reachable(make_user("supervisor", plan.agency, name="refused"), "b@example.gov.tw")
    models.MailChoice.objects.create(user=refused, weekly=False)
    asking(make_user("supervisor", plan.agency, name="no-address"), "")
    disabled = asking(make_user("supervisor", plan.agency, name="disabled"), "c@example.gov.tw")
    models.User.objects.filter(pk=disabled.pk).update(is_active=False)
    asking(models.User.objects.create(username="no-role"), "d@example.gov.tw")
    send(FRIDAY)
    assert [letter.to for letter in mail.outbox] == [["clerk@example.gov.tw"]]


def test_nobody_reads_of_another_agency(plan, other_agency, make_user, send):
    asking(make_user("supervisor", other_agency, name="elsewhere"), "else@example.gov.tw")
    send(FRIDAY)
    assert mail.outbox == []


def test_the_city_reads_a_line_of_each_agency(row, plan, make_user, send):
    models.Plan.objects.update(sample_note="範例")
    asking(make_user("auditor"), "city@example.gov.tw")
    send(FRIDAY)
    assert (
        "━━ 各機關 ━━\n"
        "臺中市政府秘書處 107 年度（範例資料）　填報中，逾期 1 項\n"
        "   總分 100.00\n"
        "   http://"
    ) in mail.outbox[0].body
    assert "流廢標下降率" not in mail.outbox[0].body


def test_a_published_plan_is_left_out_once_its_week_is_over(plan, clerk, make_user, send):
    by = make_user("reviewer")
    at = timezone.make_aware(datetime(2020, 1, 31, 9))
    models.Step.objects.create(plan=plan, name="publish", by=by, at=at)
    models.Plan.objects.update(status="published")
    send(FRIDAY)
    assert "這七天：送出 0，退回補正 0，核定 0，公告 1" in mail.outbox[0].body
    send(date(2020, 2, 7))
    assert len(mail.outbox) == 1


def test_it_comes_once_a_week_whichever_day_it_is_sent(plan, clerk, send):
    send(FRIDAY)
    assert send(date(2020, 2, 2)).out == "寄出 0 封；1 人先前已寄過。\n"  # the Sunday
    assert models.Notice.objects.get().day == MONDAY
    send(date(2020, 2, 3))
    assert len(mail.outbox) == 2


def test_a_dry_run_prints_and_leaves_no_trace(plan, clerk, send, row_counts):
    before = row_counts()
    assert "每週摘要：1月25日至1月31日" in send(FRIDAY, "--dry-run").out
    assert (row_counts(), mail.outbox) == (before, [])


def test_it_takes_the_same_queries_for_three_overdue_entries(plan, row, clerk):
    def counted() -> int:
        with CaptureQueriesContext(connection) as queries:
            list(weekly_letters(FRIDAY))
        return len(queries)

    first = counted()
    models.Indicator.objects.update(due=date(2020, 1, 22))
    assert counted() == first
