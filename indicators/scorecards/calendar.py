"""An agency's working days: where it differs from the official calendar, and what that says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from indicators.entries import roc
from indicators.models import CalendarDay, Plan
from indicators.permissions import Actor, Subject, can, why_locked
from indicators.workdays import FIRST_YEAR, OfficialDay, calendar_span, official_days

ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class OwnDay:
    pk: int
    day: date
    word: str
    note: str


@dataclass(frozen=True, slots=True)
class OfficialLine:
    day: date
    word: str
    name: str


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """The official days, and those that may be added, from `first` to `last`."""

    agency_code: str
    agency_name: str
    year: int
    first: date
    last: date
    own: tuple[OwnDay, ...]
    official: tuple[OfficialLine, ...]
    can_edit: bool
    lock: str


def calendar_page(plan: Plan, actor: Actor, today: date) -> CalendarPage:
    """1 query. Days of the agency's own that are over stay listed: they are still counted."""
    first, last = calendar_span(plan.year, today)
    rows = CalendarDay.objects.filter(agency=plan.agency_id, day__lte=last)
    rows = rows.filter(day__gte=date(plan.year + FIRST_YEAR, 1, 1))
    return CalendarPage(
        agency_code=plan.agency.code,
        agency_name=plan.agency_name,
        year=plan.year,
        first=first,
        last=last,
        own=tuple(
            OwnDay(row.pk, row.day, _word(row.is_workday), row.note) for row in rows.order_by("day")
        ),
        official=tuple(map(_official, official_days(first, last))),
        can_edit=can("calendar", actor, Subject.of(plan)),
        lock=why_locked(Subject.of(plan)),
    )


def _official(day: OfficialDay) -> OfficialLine:
    name = ISO_DATE.sub(lambda found: roc(date.fromisoformat(found[0])), day.name)
    return OfficialLine(day.day, _word(day.is_workday), name)


def _word(is_workday: bool) -> str:
    return gettext("上班") if is_workday else gettext("放假")
