"""Reminding: who gets a letter, once a day, what is on record, and what is said of the others."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from indicators import actions, models
from indicators.actions.refusals import Missing, Refused
from indicators.actions.reminders import Told, remind, remind_unit
from indicators.permissions import NotAllowed
from indicators.records import IndicatorRecord
from indicators.workdays import Workdays
from tests.conftest import NOW
from tests.indicators.test_pages import plan_of, spec
from tests.indicators.work_scenes import acting, person, submit

TODAY = timezone.localdate(NOW)  # in Taipei


@pytest.fixture
def row(secretariat):
    return secretariat.indicators.get(lineage="failed-tender-rate")


@pytest.fixture
def unit(secretariat):
    return secretariat.agency.units.get(name="採購管理科")


def known(name, role, agency, unit=None):
    user = person(name, role, agency, unit)
    user.email = f"{user.pk}@example.gov.tw"
    user.save()
    return user


@pytest.fixture
def clerk(secretariat, unit):
    return known("王承辦", "clerk", secretariat.agency, unit)


@pytest.fixture
def boss(secretariat, unit):
    return known("李主管", "supervisor", secretariat.agency, unit)


@pytest.fixture
def manager(secretariat):
    return known("陳研考", "plan_manager", secretariat.agency)


@pytest.fixture
def sent(django_capture_on_commit_callbacks):
    """sent(action): what it told, with the letters that it sent."""

    def run(action, row_or_plan, by, *, unit="none", now=NOW):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            given = {"actor": acting(by), "now": now}
            if unit != "none":
                told = action(plan_id=row_or_plan.pk, unit_id=unit, **given)
            else:
                told = action(plan_id=row_or_plan.plan_id, indicator_id=row_or_plan.pk, **given)
        return told, list(mail.outbox)

    return run


def events():
    return list(models.AuditEvent.objects.filter(action="remind").order_by("pk"))


# One indicator ------------------------------------------------------------------------------------


def test_the_clerk_is_told_what_is_due_when_and_where(row, clerk, manager, sent, settings):
    settings.PORTAL_URL = "https://kpi.example.gov.tw"
    models.Indicator.objects.filter(pk=row.pk).update(due=TODAY)
    told, (letter,) = sent(remind, row, manager)
    assert told == Told(("王承辦",), (), ())
    assert letter.to == [clerk.email]
    assert letter.subject == "請處理：流廢標下降率"
    assert "陳研考提醒您，臺中市政府秘書處 107 年度施政計畫有以下項目等您處理：" in letter.body
    assert "・流廢標下降率（請填報後送出）" in letter.body
    assert "今天到期。" in letter.body
    link = f"https://kpi.example.gov.tw/tc-secretariat/107/indicators/{row.pk}/entry/"
    assert link in letter.body.split()


def test_it_is_on_record_and_in_the_history(row, clerk, manager, sent):
    sent(remind, row, manager)
    reminder = models.Reminder.objects.get()
    assert (reminder.indicator, reminder.to, reminder.by, reminder.kind, reminder.at) == (
        row,
        clerk,
        manager,
        "fill",
        NOW,
    )
    (event,) = events()
    assert (event.object_kind, event.object_id, event.actor) == ("indicator", row.pk, manager)
    assert event.content()["after"] == {"to": ["王承辦"]}


def test_what_is_submitted_is_with_the_supervisor(row, clerk, boss, manager, sent):
    submit(row, clerk)
    told, (letter,) = sent(remind, row, manager)
    assert told.sent == ("李主管",)
    assert "（請核定或退回）" in letter.body
    assert f"/tc-secretariat/107/indicators/{row.pk}/review/" in letter.body
    assert models.Reminder.objects.get().kind == "approve"


def test_who_submitted_is_not_asked_to_approve(row, clerk, boss, manager, secretariat, sent):
    models.Role.objects.create(user=clerk, name="supervisor", agency=secretariat.agency)
    submit(row, clerk)
    told, _letters = sent(remind, row, manager)
    assert told.sent == ("李主管",)


def test_a_second_time_on_the_same_day_no_letter_goes(row, clerk, manager, sent):
    sent(remind, row, manager)
    told, letters = sent(remind, row, manager, now=NOW + timedelta(seconds=1))
    assert (told, letters) == (Told((), ("王承辦",), ()), [])
    assert (models.Reminder.objects.count(), len(events())) == (1, 1)


def test_the_next_day_another_letter_goes(row, clerk, manager, sent):
    sent(remind, row, manager)
    told, letters = sent(remind, row, manager, now=NOW + timedelta(days=1))
    assert (told.sent, len(letters), len(events())) == (("王承辦",), 1, 2)


def test_two_people_are_told_and_who_has_no_address_is_named(
    row, clerk, unit, secretariat, manager, sent
):
    known("張承辦", "clerk", secretariat.agency, unit)
    person("無信箱", "clerk", secretariat.agency, unit)
    told, letters = sent(remind, row, manager)
    assert told == Told(("王承辦", "張承辦"), (), ("無信箱",))
    assert len(letters) == 2
    assert models.Reminder.objects.filter(to__username="無信箱").count() == 0
    assert events()[0].content()["after"] == {"to": ["王承辦", "張承辦"]}


def test_where_nobody_can_be_reached_nothing_is_recorded(row, unit, secretariat, manager, sent):
    person("無信箱", "clerk", secretariat.agency, unit)
    told, letters = sent(remind, row, manager)
    assert (told, letters) == (Told((), (), ("無信箱",)), [])
    assert (models.Reminder.objects.count(), events()) == (0, [])


def test_the_deputy_is_told_in_place_of_who_is_away(row, clerk, secretariat, manager, sent):
    deputy = known("林代理", "clerk", secretariat.agency)
    models.Deputyship.objects.create(absent=clerk, deputy=deputy, first_day=TODAY, last_day=TODAY)
    told, _letters = sent(remind, row, manager)
    assert told.sent == ("林代理",)


def test_a_deputy_who_submitted_leaves_it_to_the_absent_supervisor(
    row, clerk, boss, secretariat, manager, sent
):
    models.Deputyship.objects.create(absent=boss, deputy=clerk, first_day=TODAY, last_day=TODAY)
    submit(row, clerk)
    told, _letters = sent(remind, row, manager)
    assert told.sent == ("李主管",)


def test_nobody_reminds_themselves(row, unit, secretariat, manager):
    models.Role.objects.create(user=manager, name="clerk", agency=secretariat.agency, unit=unit)
    with pytest.raises(Refused, match="沒有別人負責"):
        remind(plan_id=row.plan_id, indicator_id=row.pk, actor=acting(manager), now=NOW)


def test_what_is_approved_needs_no_reminder(row, clerk, manager):
    models.Indicator.objects.filter(pk=row.pk).update(status="approved")
    with pytest.raises(Refused, match="已核定"):
        remind(plan_id=row.plan_id, indicator_id=row.pk, actor=acting(manager), now=NOW)


def test_a_supervisor_reminds_their_own_unit_only(row, clerk, boss, secretariat, sent):
    told, _letters = sent(remind, row, boss)
    assert told.sent == ("王承辦",)
    other = secretariat.indicators.exclude(owner=row.owner).order_by("pk")[0]
    with pytest.raises(NotAllowed):
        remind(plan_id=row.plan_id, indicator_id=other.pk, actor=acting(boss), now=NOW)


@pytest.mark.parametrize("role", ["clerk", "reviewer", "administrator", "auditor"])
def test_others_remind_nobody(role, row, users):
    with pytest.raises(NotAllowed):
        remind(plan_id=row.plan_id, indicator_id=row.pk, actor=acting(users[role]), now=NOW)


def test_another_plan_s_indicator_is_missing(row, manager):
    other = actions.replace_plan(plan_of(IndicatorRecord(spec(1))), by=None, now=NOW)
    foreign = other.indicators.get()
    with pytest.raises(Missing):
        remind(plan_id=row.plan_id, indicator_id=foreign.pk, actor=acting(manager), now=NOW)


def test_a_closed_plan_is_not_reminded_of(row, clerk, manager):
    models.Plan.objects.filter(pk=row.plan_id).update(status="approved")
    with pytest.raises(NotAllowed, match="已關帳"):
        remind(plan_id=row.plan_id, indicator_id=row.pk, actor=acting(manager), now=NOW)


@pytest.mark.django_db(transaction=True)
def test_a_reminder_that_is_rolled_back_sends_nothing(row, clerk, manager):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        remind(plan_id=row.plan_id, indicator_id=row.pk, actor=acting(manager), now=NOW)
        raise ZeroDivisionError
    assert (mail.outbox, models.Reminder.objects.count(), events()) == ([], 0, [])


def test_the_letter_is_chinese_whatever_the_sender_reads(row, clerk, manager, sent):
    with override("en"):
        _told, (letter,) = sent(remind, row, manager)
    assert letter.subject == "請處理：流廢標下降率"
    assert "您好" in letter.body


# A unit -------------------------------------------------------------------------------------------


def test_a_unit_gets_one_letter_with_all_that_is_not_finished(row, clerk, unit, manager, sent):
    own = list(row.plan.indicators.filter(owner=unit).order_by("pk"))
    models.Indicator.objects.filter(pk=own[0].pk).update(status="approved")
    models.Figure.objects.filter(plan=row.plan).update(owner=None)
    figure = row.plan.figures.order_by("pk")[0]
    models.Figure.objects.filter(pk=figure.pk).update(owner=unit, value=None)
    told, (letter,) = sent(remind_unit, row.plan, manager, unit=unit.pk)
    assert told.sent == ("王承辦",)
    open_ones = [item.title for item in own[1:]]
    assert [line[1:].split("（")[0] for line in letter.body.splitlines() if line[:1] == "・"] == [
        *open_ones,
        "業務數據",
    ]
    assert letter.subject == f"請處理：臺中市政府秘書處 107 年度施政計畫 {len(own)} 項"
    assert [event.object_kind for event in events()] == [*["indicator"] * len(open_ones), "plan"]


def test_of_a_unit_only_what_is_new_today_is_sent(row, clerk, unit, manager, sent):
    models.Figure.objects.filter(plan=row.plan).update(owner=None)
    sent(remind, row, manager)
    _told, (letter,) = sent(remind_unit, row.plan, manager, unit=unit.pk)
    assert "流廢標下降率" not in letter.body
    told, letters = sent(remind_unit, row.plan, manager, unit=unit.pk)
    assert (told.already, letters) == (("王承辦",), [])


def test_a_unit_that_has_finished_is_not_reminded(secretariat, unit, clerk, manager):
    models.Indicator.objects.filter(owner=unit).update(status="approved")
    models.Figure.objects.filter(plan=secretariat).update(owner=None)
    with pytest.raises(Refused, match="沒有未完成"):
        remind_unit(plan_id=secretariat.pk, unit_id=unit.pk, actor=acting(manager), now=NOW)


@pytest.mark.parametrize("number", [1, 3])
def test_reminding_a_unit_takes_the_same_queries(number, db, django_assert_num_queries):
    items = [IndicatorRecord(spec(n), owner="企劃科") for n in range(number)]
    plan = actions.replace_plan(plan_of(*items), by=None, now=NOW)
    unit = plan.agency.units.get()
    known("王承辦", "clerk", plan.agency, unit)
    actor = acting(known("陳研考", "plan_manager", plan.agency))
    with django_assert_num_queries(17):
        remind_unit(plan_id=plan.pk, unit_id=unit.pk, actor=actor, now=NOW)


def test_days_left_in_a_letter_are_working_days(row, clerk, manager, sent):
    due = date(2030, 1, 4)
    models.Indicator.objects.filter(pk=row.pk).update(due=due)
    typhoon = models.CalendarDay.objects.create(
        agency=row.plan.agency, day=TODAY + timedelta(days=1), is_workday=False
    )
    _told, (letter,) = sent(remind, row, manager)
    left = Workdays({typhoon.day: False}).left(TODAY, due)
    assert f"期限 119年1月4日，剩 {left} 個工作天。" in letter.body


def test_a_letter_that_does_not_leave_is_said_and_can_be_sent_again(
    row, clerk, manager, sent, settings
):
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    told, letters = sent(remind, row, manager)
    assert (told.failed, letters, models.Reminder.objects.count()) == (["王承辦"], [], 0)
    settings.EMAIL_BACKEND = working
    told, letters = sent(remind, row, manager, now=NOW + timedelta(seconds=1))
    assert (told.sent, told.failed, len(letters)) == (("王承辦",), [], 1)


@pytest.mark.parametrize("unit", [0, 10**30])
def test_a_unit_of_nobody_is_missing(unit, secretariat, manager):
    with pytest.raises(Missing):
        remind_unit(plan_id=secretariat.pk, unit_id=unit, actor=acting(manager), now=NOW)
