"""An agency's working days: where it differs from the official calendar, and what that says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from indicators.models import CalendarDay, Plan
from indicators.permissions import Actor, Subject, can, why_locked
from indicators.scorecards.words import Tag
from indicators.workdays import OfficialDay, calendar_span, official_days


@dataclass(frozen=True, slots=True)
class OwnDay:
    pk: int
    day: date
    tag: Tag
    note: str


@dataclass(frozen=True, slots=True)
class OfficialLine:
    day: date
    tag: Tag
    name: str


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """From `first` to `last`: the plan's year and the January in which it is reported."""

    agency_code: str
    agency_name: str
    year: int
    first: date
    last: date
    own: tuple[OwnDay, ...]
    official: tuple[OfficialLine, ...]
    can_edit: bool
    lock: str


def calendar_page(plan: Plan, actor: Actor) -> CalendarPage:
    """1 query."""
    first, last = calendar_span(plan.year)
    rows = CalendarDay.objects.filter(agency=plan.agency_id, day__range=(first, last))
    return CalendarPage(
        agency_code=plan.agency.code,
        agency_name=plan.agency_name,
        year=plan.year,
        first=first,
        last=last,
        own=tuple(
            OwnDay(row.pk, row.day, _tag(row.is_workday), row.note) for row in rows.order_by("day")
        ),
        official=tuple(map(_official, official_days(first, last))),
        can_edit=can("calendar", actor, Subject.of(plan)),
        lock=why_locked(Subject.of(plan)),
    )


def _official(day: OfficialDay) -> OfficialLine:
    return OfficialLine(day.day, _tag(day.is_workday), day.name)


def _tag(is_workday: bool) -> Tag:
    return Tag("draft", gettext("上班")) if is_workday else Tag("none", gettext("放假"))
