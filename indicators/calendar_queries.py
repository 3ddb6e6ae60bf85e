"""An agency's calendar, as working days are counted by it."""

from __future__ import annotations

from indicators.models import CalendarDay
from indicators.workdays import Workdays


def workdays_of(agency_id: int) -> Workdays:
    """1 query."""
    rows = CalendarDay.objects.filter(agency=agency_id).order_by("day")
    return Workdays(dict(rows.values_list("day", "is_workday")))
