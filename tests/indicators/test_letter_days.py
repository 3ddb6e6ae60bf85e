"""What is said on which day, worked out by hand around the Lunar New Year of 109.

Off: 1/18-19, 1/23 (bridge day) to 1/29, 2/1-2, 2/8-9; the Saturday 2/15 is worked for 1/23.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from indicators import models
from indicators.holders import RoleHeld, Seat
from indicators.permissions import Actor, Post
from indicators.scorecards.my_work import MyWork
from indicators.scorecards.reminders import Reminder, managed_late, reminder
from indicators.scorecards.words import Tag
from indicators.scorecards.work_items import (
    Approval,
    Earlier,
    LateEntry,
    Place,
    Returned,
    Task,
)
from indicators.work_queries import Desk, IndicatorState, PlanState
from indicators.workdays import Workdays

WHERE = Place("tc-a", "甲機關", 108)
TAG = Tag("draft", "填報中")
OFFICIAL = {"tc-a": Workdays()}
deadline = Workdays().deadline
EVE = date(2020, 1, 22)  # the last working day before the New Year
NOTHING = MyWork(EVE, (), None, (), (), (), (), (), (), (), (), (), (), Earlier(), 0)


def day(text: str) -> date:
    month, number = map(int, text.split("/"))
    return date(2020, month, number)


def at(text: str) -> datetime:
    return timezone.make_aware(datetime.combine(day(text), datetime.min.time())) + timedelta(
        hours=9
    )


def task(due: date | None, today: date, *, returned: str = "", title: str = "指標") -> Task:
    back = Returned("請核對", (), "李主管", "", at(returned)) if returned else None
    return Task(WHERE, 1, title, TAG, deadline(due, today), (), True, returned=back)


def approval(sent: str, today: date) -> Approval:
    return Approval(WHERE, 1, "指標", TAG, "一科", None, "王承辦", at(sent), deadline(None, today))


def late_entry(due: date, today: date) -> LateEntry:
    return LateEntry(WHERE, 1, "指標", TAG, "一科", deadline(due, today), (Seat(2, "王承辦"),))


def told(work: MyWork, today: date, *, managed=(), calendars=OFFICIAL) -> list[tuple[str, int]]:
    """(list, days) of each item that is told."""
    found = reminder(work, managed, calendars, today)
    lists = ("late", "due", "returned", "approvals", "escalated")
    return [(name, one.days) for name in lists for one in getattr(found, name)]


def days(first: str, last: str) -> list[date]:
    start = day(first)
    return [start + timedelta(n) for n in range((day(last) - start).days + 1)]


# One's own entries --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (  # the eve itself
            "1/22",
            {
                "1/15": ("due", 5),
                "1/20": ("due", 2),
                "1/21": ("due", 1),
                "1/22": ("due", 0),
                "1/30": ("late", 1),
                "2/4": ("late", 4),
                "2/7": ("late", 7),
                "2/12": ("late", 10),
                "2/15": ("late", 13),  # the Saturday that is worked
            },
        ),
        (  # in the holidays: the eve is the last working day before it
            "1/27",
            {
                "1/15": ("due", 5),
                "1/20": ("due", 2),
                "1/21": ("due", 1),
                "1/22": ("due", 0),
                "1/30": ("late", 1),
                "2/4": ("late", 4),
                "2/7": ("late", 7),
                "2/12": ("late", 10),
                "2/15": ("late", 13),
            },
        ),
        (  # the second working day after them
            "1/31",
            {
                "1/17": ("due", 5),
                "1/22": ("due", 2),
                "1/30": ("due", 1),
                "1/31": ("due", 0),
                "2/3": ("late", 1),
                "2/6": ("late", 4),
                "2/11": ("late", 7),
                "2/14": ("late", 10),
            },
        ),
    ],
)
def test_an_entry_is_told_on_its_days_and_on_no_other(due, expected):
    wanted = {day(key): [value] for key, value in expected.items()}
    for today in days("1/13", "2/16"):
        work = replace(NOTHING, next=task(day(due), today))
        assert told(work, today) == wanted.get(today, []), today


def test_an_entry_without_a_deadline_is_not_told():
    assert told(replace(NOTHING, next=task(None, EVE)), EVE) == []


def test_a_returned_entry_is_told_once_it_lies_still():
    wanted = {"1/30": [("returned", 2)], "2/4": [("returned", 5)], "2/7": [("returned", 8)]}
    for today in days("1/21", "2/9"):
        work = replace(NOTHING, returned=(task(None, today, returned="1/21"),))
        assert told(work, today) == wanted.get(f"{today.month}/{today.day}", []), today


def test_a_returned_entry_is_told_once_where_it_is_late_too():
    """Late by 1, 4, 7 working days; back for 2, 5, 8: on 1/30 both come up."""
    today = day("1/30")
    work = replace(NOTHING, returned=(task(EVE, today, returned="1/21"),))
    assert told(work, today) == [("late", 1)]
    assert told(
        replace(NOTHING, returned=(task(EVE, day("2/3"), returned="1/30"),)), day("2/3")
    ) == [("returned", 2)]


def test_an_agency_s_own_calendar_counts():
    """A typhoon day after the holidays: nothing that day, and all else a day later."""
    typhoon = {"tc-a": Workdays({day("1/30"): False})}
    for today, expected in (("1/30", []), ("1/31", [("late", 1)]), ("2/5", [("late", 4)])):
        work = replace(NOTHING, next=task(EVE, day(today)))
        assert told(work, day(today), calendars=typhoon) == expected


def test_each_agency_s_items_are_told_by_its_own_calendar():
    there = replace(task(EVE, EVE), place=Place("tc-b", "乙機關", 108))
    both = replace(NOTHING, next=task(EVE, EVE), due=(there,))
    calendars = OFFICIAL | {"tc-b": Workdays({EVE: False})}
    found = reminder(both, (), calendars, EVE)
    assert [one.item.place.agency_code for one in found.due] == ["tc-a"]


# What waits, and what others are late with --------------------------------------------------------


def test_an_approval_is_told_once_it_has_waited_more_than_two_working_days():
    wanted = {"1/30": [("approvals", 3)], "2/4": [("approvals", 6)], "2/7": [("approvals", 9)]}
    for today in days("1/20", "2/9"):
        work = replace(NOTHING, approvals=(approval("1/20", today),))
        assert told(work, today) == wanted.get(f"{today.month}/{today.day}", []), today


def test_a_supervisor_hears_of_what_is_three_working_days_late():
    wanted = {"2/3": 3, "2/6": 6, "2/11": 9, "2/14": 12}
    for today in days("1/22", "2/16"):
        work = replace(NOTHING, late=(late_entry(EVE, today),))
        found = wanted.get(f"{today.month}/{today.day}")
        assert told(work, today) == ([("escalated", found)] if found else []), today


def test_a_plan_manager_hears_of_what_is_five_working_days_late():
    wanted = {"2/5": 5, "2/10": 8, "2/13": 11}
    for today in days("1/22", "2/15"):
        found = wanted.get(f"{today.month}/{today.day}")
        expected = [("escalated", found)] if found else []
        assert told(NOTHING, today, managed=[late_entry(EVE, today)]) == expected, today


# Whose plan it is ---------------------------------------------------------------------------------

PLAN = PlanState(1, 7, "tc-a", "甲機關", 108, "draft")
ITEM = IndicatorState(1, PLAN, 3, "一科", "指標", Decimal(1), "draft", EVE, (0, 0, 0), True)


def desk(*posts: Post, item: IndicatorState = ITEM) -> Desk:
    actor = Actor(models.User(pk=1), posts)
    held = (RoleHeld("clerk", 3, 2, "王承辦"), RoleHeld("clerk", None, 3, "全機關"))
    return Desk(
        actor=actor,
        units=(),
        plans=(item.plan,),
        indicators=(item,),
        records={},
        interims={},
        proven={},
        steps={},
        drafts={},
        held={7: held},
        figures=(),
        deputies=(),
        mentions=(),
        calendars={7: Workdays()},
    )


@pytest.mark.parametrize(
    ("posts", "is_told"),
    [
        ((Post("plan_manager", 7, None),), True),
        ((Post("plan_manager", 8, None),), False),  # of another agency
        ((Post("supervisor", 7, 3), Post("plan_manager", 7, None)), False),  # told as supervisor
        ((Post("supervisor", 7, 4), Post("plan_manager", 7, None)), True),  # of another unit
        ((Post("clerk", 7, None), Post("plan_manager", 7, None)), False),  # their own work
        ((Post("reviewer", None, None),), False),
    ],
)
def test_a_manager_s_late_entries_are_those_nobody_nearer_is_told_of(posts, is_told):
    found = managed_late(desk(*posts), day("2/5"))
    assert [(one.title, one.with_whom) for one in found] == [
        ("指標", (Seat(2, "王承辦"),))
    ] * is_told


@pytest.mark.parametrize(
    "change",
    [
        {"status": "submitted"},
        {"status": "approved"},
        {"due": day("2/5")},
        {"due": None},
        {"plan": replace(PLAN, status="approved")},
    ],
)
def test_what_is_not_late_any_more_is_not_escalated(change):
    item = replace(ITEM, **change)
    assert managed_late(desk(Post("plan_manager", 7, None), item=item), day("2/5")) == ()


# The letter's head --------------------------------------------------------------------------------


def test_nothing_to_tell_is_no_reminder():
    assert not reminder(NOTHING, (), OFFICIAL, EVE)


def test_the_subject_counts_and_names_nothing():
    evil = task(EVE, EVE, title="指標\r\nBcc: everybody@example.org")
    work = replace(NOTHING, next=evil, due=(task(EVE, EVE),), approvals=(approval("1/17", EVE),))
    found = reminder(work, (), OFFICIAL, EVE)
    assert found.subject == "【施政績效】即將到期 2 項，等待核定 1 項"
    assert found.due[0].title == "指標 Bcc: everybody@example.org"
    assert found.open == 3


def test_every_list_has_its_word():
    one = (object(),)
    everything = Reminder(*[one] * 5, open=0)  # type: ignore[arg-type]
    assert everything.subject == (
        "【施政績效】逾期 1 項，即將到期 1 項，退回補正 1 項，等待核定 1 項，同仁逾期 1 項"
    )
