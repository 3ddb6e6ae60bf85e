"""One indicator in all years that the system knows, by its lineage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from indicators import models
from indicators.queries import load_indicators
from indicators.records import (
    FigureRecord,
    GoalRecord,
    IndicatorRecord,
    PerspectiveRecord,
    PlanRecord,
    Policy,
)
from indicators.scoring.rounding import exact_sum


@dataclass(frozen=True, slots=True)
class FollowUpRecord:
    outcome: str
    word: str
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class YearRecord:
    """`plan` holds this indicator alone; `follow_ups` of all its versions, newest first."""

    plan: PlanRecord
    record: IndicatorRecord
    unit_id: int | None
    follow_ups: tuple[FollowUpRecord, ...]

    @property
    def year(self) -> int:
        return self.plan.year


def years_of(row: models.Indicator) -> tuple[YearRecord, ...]:
    """The newest version of each year, oldest first. 6 queries for any number of years.

    Without a lineage nothing ties the years together: this one alone.
    """
    rows = {found.pk: found for found in _rows(row)}
    records = load_indicators(rows)
    follow_ups = _follow_ups(row)
    return tuple(
        YearRecord(
            plan=_alone(found, records[pk]),
            record=records[pk],
            unit_id=found.owner_id,
            follow_ups=tuple(follow_ups[found.plan.year]),
        )
        for pk, found in rows.items()
    )


def whole_plans(plans: Collection[PlanRecord]) -> Mapping[int, PlanRecord]:
    """Plans by year with all their indicators (in one goal) and figures, for texts that name them.

    6 queries for any number of plans, none for none.
    """
    by_pk = {plan.pk: plan for plan in plans if plan.pk is not None}
    if not by_pk:
        return {}
    wanted = models.Indicator.objects.filter(plan__in=by_pk)
    order = wanted.order_by("plan", "goal__perspective__position", "goal__position", "position")
    keys: dict[int, list[int]] = defaultdict(list)
    for pk, plan_pk in order.values_list("pk", "plan"):
        keys[plan_pk].append(pk)
    records = load_indicators([pk for found in keys.values() for pk in found])
    figures = _figures(by_pk)
    return {
        plan.year: _filled(plan, [records[key] for key in keys[pk]], figures[pk])
        for pk, plan in by_pk.items()
    }


def _rows(row: models.Indicator) -> Iterable[models.Indicator]:
    found = models.Indicator.objects.filter(pk=row.pk)
    if row.lineage:
        plans = models.Plan.objects.filter(agency=row.plan.agency_id).current()
        found = models.Indicator.objects.filter(plan__in=plans, lineage=row.lineage)
    return found.select_related("plan__agency", "goal__perspective").order_by("plan__year")


def _follow_ups(row: models.Indicator) -> dict[int, list[FollowUpRecord]]:
    """By year; those of an earlier version stand for its correction too (by title if need be)."""
    same_place = {"plan__agency": row.plan.agency_id, "plan__year": row.plan.year}
    versions = models.Indicator.objects.filter(**same_place, lineage="", title=row.title)
    found = models.FollowUp.objects.filter(indicator__in=versions)
    if row.lineage:
        found = models.FollowUp.objects.filter(
            indicator__lineage=row.lineage, indicator__plan__agency=row.plan.agency_id
        )
    by_year: dict[int, list[FollowUpRecord]] = defaultdict(list)
    for item in found.select_related("by", "indicator__plan").order_by("-pk"):
        record = FollowUpRecord(
            item.outcome, str(item.get_outcome_display()), item.note, str(item.by), item.at
        )
        by_year[item.indicator.plan.year].append(record)
    return by_year


def _alone(row: models.Indicator, record: IndicatorRecord) -> PlanRecord:
    plan = row.plan
    goal = GoalRecord(row.goal.title, row.goal.weight, (record,))
    return PlanRecord(
        agency_code=plan.agency.code,
        agency_name=plan.agency_name,
        year=plan.year,
        perspectives=(PerspectiveRecord(row.goal.perspective.name, (goal,)),),
        policy=Policy(plan.lower_policy, plan.green_from, plan.yellow_from),
        sample_note=plan.sample_note,
        status=plan.status,
        version=plan.version,
        pk=plan.pk,
    )


def _filled(
    plan: PlanRecord, records: list[IndicatorRecord], figures: list[FigureRecord]
) -> PlanRecord:
    goal = GoalRecord("", exact_sum(item.spec.weight for item in records), tuple(records))
    whole = (PerspectiveRecord("", (goal,)),)
    return replace(plan, perspectives=whole, figures=tuple(figures))


def _figures(plans: Collection[int]) -> dict[int, list[FigureRecord]]:
    by_plan: dict[int, list[FigureRecord]] = defaultdict(list)
    for row in models.Figure.objects.filter(plan__in=plans).order_by("plan", "position"):
        by_plan[row.plan_id].append(
            FigureRecord(row.key, row.label, row.unit, row.value, row.source, row.previous)
        )
    return by_plan
