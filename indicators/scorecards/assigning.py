"""Owners and deadlines of a plan, as its plan manager sees and sets them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from indicators.models import Indicator, Plan
from indicators.models.plan import PlanStatus
from indicators.scorecards.organisation import Choice, unit_choices
from indicators.scorecards.words import PLAN_SHAPES, Tag


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    pk: int
    title: str
    goal: str
    tag: Tag
    owner_id: int | None
    due: date | None


@dataclass(frozen=True, slots=True)
class FigureLine:
    pk: int
    label: str
    unit: str
    owner_id: int | None


@dataclass(frozen=True, slots=True)
class AssignPage:
    agency_code: str
    agency_name: str
    year: int
    due: date | None
    units: Sequence[Choice]
    indicators: tuple[IndicatorLine, ...]
    figures: tuple[FigureLine, ...]
    unowned: int  # indicators without an owner


def assign_page(plan: Plan) -> AssignPage:
    """3 queries."""
    indicators = _indicators(plan)
    return AssignPage(
        agency_code=plan.agency.code,
        agency_name=plan.agency_name,
        year=plan.year,
        due=plan.due,
        units=unit_choices(plan.agency_id),
        indicators=indicators,
        figures=tuple(
            FigureLine(row.pk, row.label, row.unit, row.owner_id)
            for row in plan.figures.order_by("position")
        ),
        unowned=sum(line.owner_id is None for line in indicators),
    )


def _indicators(plan: Plan) -> tuple[IndicatorLine, ...]:
    rows = Indicator.objects.filter(plan=plan).select_related("goal")
    in_order = rows.order_by("goal__perspective__position", "goal__position", "position")
    return tuple(
        IndicatorLine(
            pk=row.pk,
            title=row.title,
            goal=row.goal.title,
            tag=Tag(PLAN_SHAPES[PlanStatus(row.status)], str(row.get_status_display())),
            owner_id=row.owner_id,
            due=row.due,
        )
        for row in in_order
    )
