"""Reminders from the database to the mailbox: to whom, how often, and with whose work."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.core.management import CommandError
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from indicators import models
from indicators.actions.notices import Claim
from indicators.notices import Letter, reminder_letters, send_letters
from tests.conftest import NOW
from tests.indicators.work_scenes import give_back, person, submit

EVE = date(2020, 1, 22)  # the last working day before the Lunar New Year of 109
FIRST = date(2020, 1, 30)  # the first one after it
REFUSING = "tests.indicators.refusing_mail.EmailBackend"
pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(secretariat):
    models.Plan.objects.update(due=date(2021, 12, 31))
    return secretariat


@pytest.fixture
def row(plan):
    found = plan.indicators.get(lineage="failed-tender-rate")
    return due(found, EVE)


@pytest.fixture
def unit(plan):
    return plan.agency.units.get(name="採購管理科")


@pytest.fixture
def clerk(plan, unit):
    return reachable(person("王承辦", "clerk", plan.agency, unit), "clerk@example.gov.tw")


@pytest.fixture
def boss(plan, unit):
    return reachable(person("李主管", "supervisor", plan.agency, unit), "boss@example.gov.tw")


@pytest.fixture
def manager(plan):
    user = person("張研考", "plan_manager", plan.agency)
    return reachable(user, "manager@example.gov.tw")


@pytest.fixture
def send(command):
    """send(day): the command, as if it were that day."""
    return lambda day, *options: command("send_reminders", "--date", f"{day}", *options)


def reachable(user, address: str):
    user.email = address
    user.save(update_fields=["email"])
    return user


def due(row, day: date):
    models.Indicator.objects.filter(pk=row.pk).update(due=day)
    return row


def moved(row, day: date) -> None:
    """Its steps were taken on that day, at nine."""
    at = timezone.make_aware(datetime(day.year, day.month, day.day, 9))
    models.Step.objects.filter(indicator=row).update(at=at)


def readers() -> list[str]:
    return [letter.to[0] for letter in mail.outbox]


def letter_to(user) -> str:
    (found,) = [letter.body for letter in mail.outbox if letter.to == [user.email]]
    return found


# What stands in a letter --------------------------------------------------------------------------


def test_the_clerk_reads_what_is_due_when_and_where(row, clerk, send, settings):
    settings.PORTAL_URL = "https://kpi.example.gov.tw"
    assert send(EVE).out == "寄出 1 封；0 人先前已寄過。\n"
    (letter,) = mail.outbox
    assert letter.subject == "【施政績效】即將到期 1 項"
    assert letter.to == ["clerk@example.gov.tw"]
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"
    assert (
        letter.body
        == f"""\
王承辦，您好：

■ 即將到期
 ・流廢標下降率
   臺中市政府秘書處 107 年度
   1月22日（星期三）到期，就是今天。
   https://kpi.example.gov.tw/tc-secretariat/107/indicators/{row.pk}/entry/

您目前的待辦事項共 3 項：
https://kpi.example.gov.tw/my-work/

這封信由系統自動寄出，請勿回覆。
要改收信地址或不再收提醒：
https://kpi.example.gov.tw/account/mail/
"""
    )


def test_a_deadline_in_the_holidays_says_that_today_is_the_last_working_day(row, clerk, send):
    due(row, date(2020, 1, 27))
    send(EVE)
    assert "1月27日（星期一）到期，今天是期限前最後一個工作天。" in letter_to(clerk)


def test_an_overdue_entry_says_by_how_many_working_days(row, clerk, send):
    send(FIRST)
    assert "1月22日到期，已逾期 1 個工作天。" in letter_to(clerk)


def test_a_returned_entry_says_by_whom_and_since_when(row, clerk, boss, send):
    submit(row, clerk)
    give_back(row, boss, "請核對")
    moved(row, date(2020, 1, 16))
    send(date(2020, 1, 20))  # two working days later, and two before the deadline: told once
    assert "■ 退回補正" not in letter_to(clerk)
    mail.outbox.clear()
    due(row, date(2021, 12, 31))
    send(date(2020, 1, 30))  # 17, 20, 21, 22, 30: the fifth
    assert "李主管於1月16日退回，已 5 個工作天。" in letter_to(clerk)


def test_an_approval_waits_for_the_supervisor_and_not_for_the_clerk(row, clerk, boss, send):
    submit(row, clerk)
    moved(row, date(2020, 1, 20))
    send(EVE)
    assert mail.outbox == []
    send(FIRST)
    assert readers() == ["boss@example.gov.tw"]
    assert "王承辦於1月20日送出，已等 3 個工作天。" in letter_to(boss)
    assert f"/indicators/{row.pk}/review/" in letter_to(boss)


def test_what_is_approved_is_told_to_nobody(row, clerk, boss, manager, send):
    models.Indicator.objects.filter(pk=row.pk).update(status="approved")
    for day in (EVE, FIRST, date(2020, 2, 3), date(2020, 2, 5)):
        send(day)
    assert mail.outbox == []


def test_work_statistics_that_are_empty_are_told_too(plan, clerk, unit, send):
    figure = plan.figures.order_by("position")[0]
    models.Figure.objects.filter(pk=figure.pk).update(owner=unit, value=None)
    models.Indicator.objects.update(due=date(2021, 12, 31))
    models.Plan.objects.update(due=EVE)
    send(EVE)
    assert "・業務數據\n" in letter_to(clerk)
    assert "/tc-secretariat/107/figures/\n" in letter_to(clerk)


# Escalation and deputies --------------------------------------------------------------------------


def test_the_supervisor_hears_after_three_working_days_and_the_manager_after_five(
    row, clerk, boss, manager, send
):
    told = {}
    for day in (31, 32, 34, 35, 36, 37, 38):  # 1/31, 2/1, 2/3 to 2/7
        mail.outbox.clear()
        today = date(2020, 1, 1) + timedelta(days=day - 1)
        send(today)
        told[f"{today:%m/%d}"] = [address.partition("@")[0] for address in readers()]
    assert told == {
        "01/31": [],
        "02/01": [],
        "02/03": ["boss"],
        "02/04": ["clerk"],
        "02/05": ["manager"],
        "02/06": ["boss"],
        "02/07": ["clerk"],
    }


def test_an_escalation_says_whose_it_is(row, clerk, boss, manager, send):
    send(date(2020, 2, 3))
    assert (
        "■ 同仁逾期\n"
        " ・流廢標下降率　採購管理科\n"
        "   臺中市政府秘書處 107 年度\n"
        "   1月22日到期，已逾期 3 個工作天；承辦人：王承辦。\n"
    ) in letter_to(boss)
    send(date(2020, 2, 5))
    assert "已逾期 5 個工作天；承辦人：王承辦。" in letter_to(manager)


def test_an_escalation_without_a_clerk_says_so(row, boss, send):
    send(date(2020, 2, 3))
    assert "已逾期 3 個工作天；還沒有承辦人。" in letter_to(boss)


def test_a_deputy_gets_what_they_act_for_while_somebody_is_away(row, clerk, plan, send):
    other = plan.agency.units.get(name="人事室")
    deputy = reachable(person("陳代理", "clerk", plan.agency, other), "deputy@example.gov.tw")
    days = {"first_day": date(2020, 1, 20), "last_day": EVE}
    models.Deputyship.objects.create(absent=clerk, deputy=deputy, **days)
    send(EVE)
    assert "・流廢標下降率（代理王承辦）\n" in letter_to(deputy)
    assert "（代理" not in letter_to(clerk)  # they stay responsible
    mail.outbox.clear()
    send(FIRST)
    assert readers() == ["clerk@example.gov.tw"]


# To whom ------------------------------------------------------------------------------------------


def test_nobody_reads_of_another_unit_or_agency(row, clerk, boss, plan, other_agency, send):
    other = plan.agency.units.get(name="人事室")
    strangers = (
        ("別科", "clerk", plan.agency, other),
        ("別主管", "supervisor", plan.agency, other),
        ("別機關", "clerk", other_agency, None),
        ("別機關主管", "supervisor", other_agency, None),
        ("別機關研考", "plan_manager", other_agency, None),
        ("研考會", "reviewer", None, None),
        ("稽核", "auditor", None, None),
        ("管理員", "administrator", None, None),
    )
    for number, stranger in enumerate(strangers):
        reachable(person(*stranger), f"stranger-{number}@example.gov.tw")
    for day in (EVE, FIRST, date(2020, 2, 3), date(2020, 2, 5)):
        send(day)
    assert set(readers()) == {"clerk@example.gov.tw", "boss@example.gov.tw"}


@pytest.mark.parametrize(
    "change", [{"email": ""}, {"is_active": False}], ids=["no address", "disabled"]
)
def test_who_can_t_be_reached_gets_none(change, row, clerk, send):
    models.User.objects.filter(pk=clerk.pk).update(**change)
    assert send(EVE).code == 0
    assert mail.outbox == []


def test_who_switched_reminders_off_gets_none(row, clerk, send):
    models.MailChoice.objects.create(user=clerk, reminders=False)
    send(EVE)
    assert mail.outbox == []


def test_who_has_no_role_any_more_gets_none(row, clerk, send):
    clerk.roles.all().delete()
    send(EVE)
    assert mail.outbox == []


def test_who_has_no_work_gets_none(plan, clerk, send):
    models.Indicator.objects.update(due=date(2021, 12, 31))
    send(EVE)
    assert mail.outbox == []


def test_a_day_off_has_no_letters(row, clerk, boss, send):
    for day in (24, 25, 26, 27, 28, 29):
        send(date(2020, 1, day))
    assert mail.outbox == []


def test_an_agency_s_own_day_off_has_no_letters(row, clerk, plan, send):
    models.CalendarDay.objects.create(agency=plan.agency, day=FIRST, is_workday=False)
    send(FIRST)
    assert mail.outbox == []
    send(date(2020, 1, 31))
    assert "已逾期 1 個工作天。" in letter_to(clerk)


def test_a_plan_that_left_the_agency_is_told_to_nobody(row, clerk, send):
    models.Plan.objects.update(status="approved")
    send(EVE)
    assert mail.outbox == []


# Once -------------------------------------------------------------------------------------------


def test_a_second_run_sends_nothing(row, clerk, send):
    send(EVE)
    assert send(EVE).out == "寄出 0 封；1 人先前已寄過。\n"
    assert len(mail.outbox) == 1
    notice = models.Notice.objects.get()
    assert (notice.user, notice.kind, notice.day) == (clerk, "reminder", EVE)
    assert notice.sent_at is not None
    assert notice.attempts == 1


def test_the_next_day_s_letter_is_another(row, clerk, send):
    send(date(2020, 1, 21))
    send(EVE)
    assert len(mail.outbox) == 2


def test_a_dry_run_prints_and_leaves_no_trace(row, clerk, send, row_counts):
    before = row_counts()
    ended = send(EVE, "--dry-run")
    assert ended.code == 0
    assert "王承辦 <clerk@example.gov.tw>\n【施政績效】即將到期 1 項\n" in ended.out
    assert "流廢標下降率" in ended.out
    assert ended.out.endswith("共 1 封，沒有寄出。\n")
    assert row_counts() == before
    assert mail.outbox == []
    send(EVE)
    assert len(mail.outbox) == 1


def test_one_who_is_not_reached_keeps_nobody_from_theirs(row, clerk, plan, unit, send, settings):
    settings.EMAIL_BACKEND = REFUSING
    colleague = person("林同仁", "clerk", plan.agency, unit)
    reachable(colleague, "lin@example.gov.tw")
    reachable(clerk, "down@example.gov.tw")
    ended = send(EVE)
    assert ended.code == 1
    assert ended.out == "寄出 1 封；0 人先前已寄過。\n"
    (line,) = ended.errors
    assert line.startswith("寄不到 王承辦 <down@example.gov.tw>：")
    assert line.endswith("下次執行時再試。")
    assert readers() == ["lin@example.gov.tw"]
    reachable(clerk, "clerk@example.gov.tw")
    assert send(EVE).out == "寄出 1 封；1 人先前已寄過。\n"
    assert readers() == ["lin@example.gov.tw", "clerk@example.gov.tw"]
    assert models.Notice.objects.get(user=clerk).attempts == 2


def test_a_server_that_is_down_is_said_for_each(row, clerk, send, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    ended = send(EVE)
    assert (ended.code, len(ended.errors)) == (1, 1)
    assert "寄不到 王承辦" in ended.err
    assert models.Notice.objects.get().claimed_at is None


def test_an_address_that_is_none_is_said(row, clerk, send, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    reachable(clerk, "a@b\nBcc: everybody@example.org")
    assert send(EVE).code == 1


def a_letter(user) -> Letter:
    return Letter(user, "reminder", EVE, "主旨", "內容\n")


@pytest.mark.parametrize(
    ("ago", "expected"), [(timedelta(minutes=5), Claim.BUSY), (timedelta(hours=2), Claim.UNSURE)]
)
def test_a_letter_cut_off_while_it_was_sent_is_not_sent_twice(ago, expected, clerk):
    models.Notice.objects.create(user=clerk, kind="reminder", day=EVE, claimed_at=NOW - ago)
    (outcome,) = send_letters([a_letter(clerk)], NOW)
    assert (outcome.claim, mail.outbox) == (expected, [])


def test_a_letter_cut_off_is_said_and_ends_with_1(row, clerk, send):
    old = NOW - timedelta(hours=2)
    models.Notice.objects.create(user=clerk, kind="reminder", day=EVE, claimed_at=old)
    ended = send(EVE)
    assert ended.code == 1
    assert ended.errors == [
        "不確定 王承辦 <clerk@example.gov.tw> 是否收到：上次寄送時中斷，不再重寄。"
    ]


@pytest.mark.django_db(transaction=True)
def test_of_many_runs_at_once_one_sends(make_user):
    user = reachable(make_user("reviewer"), "one@example.gov.tw")
    barrier, found = threading.Barrier(6), []

    def run():
        try:
            barrier.wait()
            found.extend(outcome.claim for outcome in send_letters([a_letter(user)], NOW))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert found.count(Claim.MINE) == 1
    assert readers() == ["one@example.gov.tw"]


# Around it ----------------------------------------------------------------------------------------


def test_a_date_that_is_none_is_refused(command):
    with pytest.raises(CommandError, match="2020-01-22"):
        command("send_reminders", "--date", "109/1/22")


def test_letters_are_chinese_whatever_language_is_on(row, clerk):
    with translation.override("en"):
        (letter,) = reminder_letters(EVE)
        assert translation.get_language() == "en"
    assert "1月22日（星期三）到期，就是今天。" in letter.body


def counted(day: date) -> int:
    with CaptureQueriesContext(connection) as queries:
        list(reminder_letters(day))
    return len(queries)


def test_a_letter_takes_the_same_queries_for_three_entries(plan, row, clerk):
    first = counted(EVE)
    for other in plan.indicators.filter(owner=row.owner).exclude(pk=row.pk):
        due(other, EVE)
    (letter,) = reminder_letters(EVE)
    assert letter.subject == "【施政績效】即將到期 3 項"
    assert counted(EVE) == first


def test_on_a_day_off_hardly_anything_is_asked(row, clerk):
    assert counted(date(2020, 1, 25)) == 4  # who, two for the roles, the calendar
