"""What is to be known of one indicator before its deadline, unit or deputy is changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from indicators.calendar_queries import workdays_of
from indicators.holders import Seat, lies_with, roles_held
from indicators.models import Indicator
from indicators.scorecards.deputies import people_of
from indicators.scorecards.organisation import Choice, unit_choices
from indicators.workdays import Deadline, Workdays


@dataclass(frozen=True, slots=True)
class ChangePage:
    """`absent`: those who have it today, of whom one may be away."""

    agency_code: str
    agency_name: str
    year: int
    pk: int
    title: str
    unit: str
    deadline: Deadline
    workdays: Workdays
    seats: tuple[Seat, ...]

    @property
    def absent(self) -> list[Choice]:
        return [(str(seat.holder_id), seat.absent or seat.person) for seat in self.seats]


def change_page(row: Indicator, today: date) -> ChangePage:
    """3 queries."""
    plan = row.plan
    workdays = workdays_of(plan.agency_id)
    return ChangePage(
        agency_code=plan.agency.code,
        agency_name=plan.agency_name,
        year=plan.year,
        pk=row.pk,
        title=row.title,
        unit=row.owner.name if row.owner else "",
        deadline=workdays.deadline(row.due or plan.due, today),
        workdays=workdays,
        seats=lies_with(roles_held(plan.agency_id, today), row.status, row.owner_id),
    )


def other_units(row: Indicator) -> list[Choice]:
    """1 query."""
    return [unit for unit in unit_choices(row.plan.agency_id) if unit[0] != str(row.owner_id)]


def colleagues(row: Indicator) -> list[Choice]:
    """1 query."""
    return people_of([row.plan.agency_id], without=None)
