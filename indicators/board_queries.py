"""What the completeness board is made of, as plain data; a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from indicators import models
from indicators.calendar_queries import workdays_of
from indicators.holders import RoleHeld, Status, roles_held
from indicators.work_queries import (
    FigureCount,
    IndicatorState,
    PlanState,
    StepTaken,
    indicator_states,
    newest_steps,
    plan_state,
)
from indicators.workdays import Workdays

# What supervisors do to an indicator says nothing of how far it is.
OF_SUPERVISION = ("remind", "assign")


@dataclass(frozen=True, slots=True)
class Activity:
    """The newest event in the history of an indicator, its evidence, or a unit's statistics."""

    action: str
    by: str
    acting_for: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reminded:
    """The last time: by whom, and everybody whom they reminded then."""

    by: str
    to: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """A unit's work statistics."""

    count: FigureCount
    unit: str
    activity: Activity | None


@dataclass(frozen=True, slots=True)
class BoardData:
    """By primary key of the indicator; `steps` only of those that are submitted.

    `figures_reminded` is by the person: such a reminder is of all that they have to enter.
    """

    plan: PlanState
    indicators: tuple[IndicatorState, ...]
    figures: tuple[UnitFigures, ...]
    held: tuple[RoleHeld, ...]
    steps: Mapping[int, StepTaken]
    activity: Mapping[int, Activity]
    reminded: Mapping[int, Reminded]
    figures_reminded: Mapping[int, Reminded]
    workdays: Workdays


def load_board(plan: models.Plan, today: date) -> BoardData:
    """9 queries."""
    state = plan_state(plan)
    indicators = indicator_states({plan.pk: state})
    newest = _newest(plan)
    reminders = _reminders(plan)
    sent = [item.pk for item in indicators if item.status == Status.SUBMITTED]
    return BoardData(
        plan=state,
        indicators=indicators,
        figures=_figures(plan, newest),
        held=roles_held(plan.agency_id, today),
        steps=newest_steps(sent),
        activity=_activity(plan, newest),
        reminded=_last_of_indicators(reminders),
        figures_reminded=_last_of_figures(reminders),
        workdays=workdays_of(plan.agency_id),
    )


# What was done last -------------------------------------------------------------------------------

Newest = Mapping[tuple[str, int], models.AuditEvent]


def _newest(plan: models.Plan) -> Newest:
    """By kind and key of the object."""
    kinds = ("indicator", "evidence", "figure")
    events = models.AuditEvent.objects.of_plan(plan).filter(object_kind__in=kinds)
    done = events.exclude(action__in=OF_SUPERVISION).order_by()
    last = done.values("object_kind", "object_id").annotate(last=Max("pk")).values("last")
    rows = models.AuditEvent.objects.filter(pk__in=last).order_by("pk")
    return {(row.object_kind, row.object_id): row for row in rows if row.object_id is not None}


def _activity(plan: models.Plan, newest: Newest) -> dict[int, Activity]:
    """Of each indicator, its evidence included."""
    evidence = models.Evidence.objects.filter(indicator__plan=plan).order_by("pk")
    owner = dict(evidence.values_list("pk", "indicator_id"))
    found: dict[int, models.AuditEvent] = {}
    for (kind, key), event in newest.items():
        indicator = key if kind == "indicator" else owner.get(key) if kind == "evidence" else None
        if indicator is not None:
            found[indicator] = _later(found.get(indicator), event)
    return {key: _said(event) for key, event in found.items()}


def _figures(plan: models.Plan, newest: Newest) -> tuple[UnitFigures, ...]:
    units: dict[tuple[int | None, str], list[models.Figure]] = defaultdict(list)
    for row in plan.figures.select_related("owner").order_by("position"):
        units[row.owner_id, row.owner.name if row.owner else ""].append(row)
    return tuple(
        UnitFigures(
            count=FigureCount(plan.pk, unit_id, len(rows), sum(row.value is None for row in rows)),
            unit=unit,
            activity=_last_of(rows, newest),
        )
        for (unit_id, unit), rows in units.items()
    )


def _last_of(rows: list[models.Figure], newest: Newest) -> Activity | None:
    last = None
    for row in rows:
        if event := newest.get(("figure", row.pk)):
            last = _later(last, event)
    return _said(last) if last else None


def _later(one: models.AuditEvent | None, other: models.AuditEvent) -> models.AuditEvent:
    return other if one is None or other.pk > one.pk else one


def _said(event: models.AuditEvent) -> Activity:
    content = event.content()
    by, absent = content["by"], content["acting_for"]
    name, acting_for = (person["name"] if person else "" for person in (by, absent))
    return Activity(event.action, name, acting_for, event.at)


# Who was reminded ---------------------------------------------------------------------------------


def _reminders(plan: models.Plan) -> list[models.Reminder]:
    return list(plan.reminders.select_related("to", "by").order_by("pk"))


def _last_of_indicators(rows: list[models.Reminder]) -> dict[int, Reminded]:
    """Those of one moment belong together."""
    last: dict[int, list[models.Reminder]] = {}
    for row in rows:
        if row.indicator_id is not None:
            same = last.get(row.indicator_id, [])
            together = [other for other in same if other.at == row.at]
            last[row.indicator_id] = [*together, row]
    return {key: _reminded(group) for key, group in last.items()}


def _last_of_figures(rows: list[models.Reminder]) -> dict[int, Reminded]:
    return {row.to_id: _reminded([row]) for row in rows if row.indicator_id is None}


def _reminded(group: list[models.Reminder]) -> Reminded:
    return Reminded(str(group[0].by), tuple(str(row.to) for row in group), group[0].at)
