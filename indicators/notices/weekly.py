"""The weekly digest, for those who asked for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from django.utils import translation

from indicators.calendar_queries import workdays_of
from indicators.models import Notice, Plan, User
from indicators.notice_queries import load_week, own_agencies, week_plans, weekly_readers
from indicators.notices.letters import LANGUAGE, Letter, body_of
from indicators.scorecards.week import Week, week


def weekly_letters(today: date) -> Iterator[Letter]:
    """The seven days that end today; one letter a week, whichever day that is."""

    @cache
    def of_plan(plan: Plan) -> Week:
        return week(load_week(plan, today), workdays_of(plan.agency_id))

    for user in weekly_readers():
        plans, own = week_plans(user, today), own_agencies(user)
        with translation.override(LANGUAGE):
            weeks = [of_plan(plan) for plan in plans if plan.agency_id in own]
            others = [of_plan(plan) for plan in plans if plan.agency_id not in own]
            letter = _letter(user, weeks, others, today)
        if plans:
            yield letter


def _letter(user: User, weeks: list[Week], others: list[Week], today: date) -> Letter:
    """`others`: agencies that the person sees by a role of the city, a line each."""
    first = today - timedelta(days=6)
    context = {"weeks": weeks, "others": others, "name": str(user), "first": first, "today": today}
    subject = f"【施政績效】每週摘要：{_day(first)}至{_day(today)}"
    monday = today - timedelta(days=today.weekday())
    return Letter(user, Notice.Kind.WEEKLY, monday, subject, body_of("mail/weekly.txt", context))


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
