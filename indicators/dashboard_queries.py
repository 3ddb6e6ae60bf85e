"""What a plan's dashboard shows around its scores, as plain data; a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from indicators import models
from indicators.calendar_queries import workdays_of
from indicators.event_queries import last_change
from indicators.holders import RoleHeld, roles_held
from indicators.interim_queries import EarlierYear, earlier_interims, load_interims
from indicators.last_year import year_before
from indicators.queries import load_plan
from indicators.records import PlanRecord, YearBefore
from indicators.scoring.interim import Interim
from indicators.work_queries import (
    IndicatorState,
    PlanState,
    StepTaken,
    indicator_states,
    newest_steps,
    plan_state,
)
from indicators.workdays import Workdays


@dataclass(frozen=True, slots=True)
class Overview:
    """`states`, `steps`, `interims` by primary key of the indicator, `earlier` by its lineage.

    `changed_at`: when anything of the plan was last changed.
    """

    plan: PlanState
    record: PlanRecord
    states: Mapping[int, IndicatorState]
    steps: Mapping[int, StepTaken]
    held: tuple[RoleHeld, ...]
    calendar: Workdays
    interims: Mapping[int, Interim]
    earlier: Mapping[str, tuple[EarlierYear, ...]]
    changed_at: datetime | None


def load_overview(plan: models.Plan, today: date) -> Overview:
    """23 queries."""
    record = load_plan(plan, with_texts=False)
    state = plan_state(plan)
    states = {item.pk: item for item in indicator_states({plan.pk: state})}
    lineages = {item.lineage for item in record.indicators()} - {""}
    earlier = earlier_interims(plan.agency_id, lineages, plan.year)
    return Overview(
        plan=state,
        record=record.with_years_before(dict(_years_before(earlier, plan.year - 1))),
        states=states,
        steps=newest_steps(states),
        held=roles_held(plan.agency_id, today),
        calendar=workdays_of(plan.agency_id),
        interims=load_interims(states),
        earlier=earlier,
        changed_at=last_change(plan),
    )


def _years_before(
    earlier: Mapping[str, tuple[EarlierYear, ...]], year: int
) -> Iterator[tuple[str, YearBefore]]:
    for lineage, known in earlier.items():
        for last in known:
            if last.year == year:
                yield lineage, year_before(last.record, last.lower_policy)
