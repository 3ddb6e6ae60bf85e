"""Each person's reminder of one day, for those who have anything to be told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache

from django.utils import translation

from indicators.calendar_queries import workdays_of
from indicators.models import Notice, User
from indicators.notice_queries import last_reminder, reminder_readers
from indicators.notices.letters import LANGUAGE, Letter, body_of
from indicators.permissions import Actor, actor_of
from indicators.scorecards.my_work import my_work
from indicators.scorecards.reminders import Reminder, managed_late, reminder
from indicators.work_queries import load_desk
from indicators.workdays import Workdays

Calendar = Callable[[int], Workdays]  # an agency's, by its key


def reminder_letters(today: date) -> Iterator[Letter]:
    """Up to 26 queries a person, 2 where their agencies are off today; and 1 an agency."""
    calendar = cache(workdays_of)
    for user in reminder_readers():
        actor = actor_of(user, today)
        with translation.override(LANGUAGE):
            told = _reminder(actor, calendar, today)
            letter = _letter(user, told, today) if told else None
        if letter is not None:
            yield letter


def _reminder(actor: Actor, calendar: Calendar, today: date) -> Reminder | None:
    agencies = {post.agency_id for post in actor.posts if post.agency_id is not None}
    if not any(calendar(agency).is_workday(today) for agency in agencies):
        return None
    desk = load_desk(actor, today)
    calendars = {
        plan.agency_code: desk.calendars[plan.agency_id]
        for plan in desk.plans
        if plan.agency_id in agencies
    }
    since = last_reminder(actor.user, today)
    return reminder(my_work(desk, today), managed_late(desk, today), calendars, today, since)


def _letter(user: User, told: Reminder, today: date) -> Letter:
    body = body_of("mail/daily.txt", {"told": told, "name": str(user), "today": today})
    return Letter(user, Notice.Kind.REMINDER, today, told.subject, body)
