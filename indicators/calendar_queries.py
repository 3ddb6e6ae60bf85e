"""An agency's calendar, as working days are counted by it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from indicators.models import CalendarDay
from indicators.workdays import Workdays


def workdays_of(agency_id: int) -> Workdays:
    """1 query."""
    return calendars([agency_id])[agency_id]


def calendars(agencies: Collection[int]) -> dict[int, Workdays]:
    """Of each of these agencies. 1 query."""
    rows = CalendarDay.objects.filter(agency__in=agencies).order_by("day")
    own: dict[int, dict[date, bool]] = defaultdict(dict)
    for agency, day, is_workday in rows.values_list("agency", "day", "is_workday"):
        own[agency][day] = is_workday
    return {agency: Workdays(own[agency]) for agency in agencies}
