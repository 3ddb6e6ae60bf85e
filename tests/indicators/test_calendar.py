"""An agency's own working days: added and removed by its plan manager, on record, counted."""

from __future__ import annotations

from datetime import date

import pytest

from indicators import models
from indicators.actions import calendar as actions
from indicators.actions.refusals import Missing, Refused
from indicators.calendar_queries import workdays_of
from indicators.permissions import NotAllowed
from indicators.workdays import calendar_span
from tests.conftest import NOW
from tests.indicators.test_pages import text
from tests.indicators.work_scenes import acting, counted

PATH = "/tc-secretariat/107/calendar/"
TYPHOON = date(2018, 7, 11)  # a Wednesday


@pytest.fixture
def manager(users):
    return acting(users["plan_manager"])


def add(plan, actor, day=TYPHOON, is_workday=False, note="颱風停班"):
    actions.add_day(
        plan_id=plan.pk, day=day, is_workday=is_workday, note=note, actor=actor, now=NOW
    )


def send(client, day, kind="off", note="颱風停班"):
    return client.post(PATH, {"day": day, "kind": kind, "note": note})


# Action -------------------------------------------------------------------------------------------


def test_a_typhoon_day_is_not_counted_and_is_on_record(secretariat, manager):
    add(secretariat, manager)
    days = workdays_of(secretariat.agency_id)
    assert days.left(date(2018, 7, 10), date(2018, 7, 12)) == 1  # only Thursday
    event = models.AuditEvent.objects.get(object_kind="calendar_day")
    assert (event.action, event.plan, event.object_label) == ("create", secretariat, "107/7/11")
    assert event.content()["after"] == {
        "day": "2018-07-11",
        "is_workday": False,
        "note": "颱風停班",
    }


def test_a_day_of_one_agency_is_not_another_s(secretariat, other_agency, manager):
    add(secretariat, manager)
    assert workdays_of(other_agency.pk).is_workday(TYPHOON)


def test_a_removed_day_is_counted_again_and_is_on_record(secretariat, manager):
    add(secretariat, manager)
    row = models.CalendarDay.objects.get()
    actions.remove_day(plan_id=secretariat.pk, pk=row.pk, actor=manager, now=NOW)
    assert workdays_of(secretariat.agency_id).is_workday(TYPHOON)
    event = models.AuditEvent.objects.filter(object_kind="calendar_day").order_by("-pk")[0]
    assert (event.action, event.content()["before"]["note"]) == ("remove", "颱風停班")


@pytest.mark.parametrize(
    ("day", "is_workday", "sentence"),
    [
        (date(2018, 7, 11), True, "本來就上班"),
        (date(2018, 7, 14), False, "本來就放假"),
        (date(2018, 3, 31), True, "本來就上班"),  # a Saturday that is made up
        (date(2018, 4, 6), False, "本來就放假"),  # the bridge day for it
    ],
)
def test_what_the_calendar_says_already_is_refused(secretariat, manager, day, is_workday, sentence):
    with pytest.raises(Refused, match=sentence):
        add(secretariat, manager, day, is_workday)
    assert not models.CalendarDay.objects.exists()


def test_a_day_is_set_once(secretariat, manager):
    add(secretariat, manager)
    with pytest.raises(Refused, match="已經訂過"):
        add(secretariat, manager, note="再一次")
    assert models.CalendarDay.objects.get().note == "颱風停班"


@pytest.mark.parametrize("role", ["clerk", "supervisor", "reviewer", "administrator", "auditor"])
def test_only_the_plan_manager_sets_days(role, users, secretariat):
    with pytest.raises(NotAllowed, match="研考承辦"):
        add(secretariat, acting(users[role]))


def test_a_closed_plan_s_page_sets_no_days(secretariat, manager):
    models.Plan.objects.filter(pk=secretariat.pk).update(status="approved")
    with pytest.raises(NotAllowed, match="已關帳"):
        add(secretariat, manager)


def test_another_agency_s_day_is_missing(secretariat, other_agency, manager):
    row = models.CalendarDay.objects.create(agency=other_agency, day=TYPHOON, is_workday=False)
    with pytest.raises(Missing):
        actions.remove_day(plan_id=secretariat.pk, pk=row.pk, actor=manager, now=NOW)
    assert models.CalendarDay.objects.filter(pk=row.pk).exists()


# Page ---------------------------------------------------------------------------------------------


@pytest.fixture
def in_time(monkeypatch):
    """The page as it is in the plan's own year."""
    monkeypatch.setattr("indicators.views.calendar.today", lambda: date(2018, 8, 1))


def test_the_span_is_the_plan_s_year_and_its_january_then_today_s_year():
    own = (date(2018, 1, 1), date(2019, 1, 31))
    assert calendar_span(107, date(2018, 8, 1)) == own
    assert calendar_span(107, date(2019, 1, 31)) == own
    assert calendar_span(107, date(2019, 2, 1)) == (date(2019, 1, 1), date(2020, 1, 31))


def test_the_manager_adds_and_removes_a_day(in_time, users, sign_in, secretariat):
    client = sign_in(users["plan_manager"])
    assert send(client, "107/7/11").status_code == 302
    page = text(client.get(PATH))
    assert "107年7月11日 星期三 放假 颱風停班" in page
    assert "107年4月6日 星期五 放假 放假日（107/3/31 補班）" in page
    row = models.CalendarDay.objects.get()
    client.post(f"{PATH}{row.pk}/remove/")
    assert "沒有另訂的日子" in text(client.get(PATH))


def test_a_saturday_can_be_worked(in_time, users, sign_in, secretariat):
    send(sign_in(users["plan_manager"]), "107/7/14", "worked", "補行上班")
    assert workdays_of(secretariat.agency_id).is_workday(date(2018, 7, 14))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"day": ""}, "請填寫日期。"),
        ({"day": "107/2/30"}, "沒有「107/2/30」這一天，請核對。"),
        ({"day": "170/7/11"}, "日期應在 107/1/1 到 108/1/31 之間，請核對年份。"),
        ({"kind": "half"}, "請選擇放假或上班。"),
        ({"note": "　"}, "請寫明原因，例如颱風停班。"),
        ({"day": "107/7/14"}, "這一天照行事曆本來就放假，不必另訂。"),
    ],
)
def test_what_can_t_be_stored_is_said_at_the_field(in_time, given, sentence, users, sign_in):
    page = send(sign_in(users["plan_manager"]), **{"day": "107/7/11"} | given)
    assert page.status_code == 200
    assert sentence in text(page)
    assert not models.CalendarDay.objects.exists()


def test_others_read_only(in_time, users, sign_in):
    page = text(sign_in(users["clerk"]).get(PATH))
    assert "由本機關的研考承辦設定。" in page
    assert "加入" not in page


@pytest.mark.parametrize("number", [1, 3])
def test_page_takes_the_same_queries(number, in_time, users, sign_in, secretariat):
    for day in range(number):
        models.CalendarDay.objects.create(
            agency=secretariat.agency, day=date(2018, 7, 9 + day), is_workday=False
        )
    assert counted(sign_in(users["plan_manager"]), PATH) == 8
