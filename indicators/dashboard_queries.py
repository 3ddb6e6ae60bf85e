"""What a plan's dashboard shows around its scores, as plain data; a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from indicators import models
from indicators.queries import load_indicators, load_plan
from indicators.records import IndicatorRecord, PlanRecord, Policy
from indicators.scoring.types import LowerPolicy
from indicators.work_queries import (
    Holder,
    IndicatorState,
    PlanState,
    StepTaken,
    holders_in,
    indicator_states,
    newest_steps,
    plan_state,
)

EARLIER_YEARS = 3  # beside this one in a small line


@dataclass(frozen=True, slots=True)
class EarlierYear:
    """The same indicator in an earlier year's plan, with that plan's rule."""

    record: IndicatorRecord
    lower_policy: LowerPolicy


Years = Mapping[int, EarlierYear]  # by ROC year


@dataclass(frozen=True, slots=True)
class Overview:
    """`states`, `steps` by primary key of the indicator, `earlier` by its lineage.

    `changed_at`: when anything of the plan was last changed.
    """

    plan: PlanState
    record: PlanRecord
    states: Mapping[int, IndicatorState]
    steps: Mapping[int, StepTaken]
    holders: tuple[Holder, ...]
    earlier: Mapping[str, Years]
    changed_at: datetime | None


def load_overview(plan: models.Plan) -> Overview:
    """15 queries."""
    record = load_plan(plan, with_texts=False)
    state = plan_state(plan)
    states = {item.pk: item for item in indicator_states({plan.pk: state})}
    lineages = {item.lineage for item in record.indicators()} - {""}
    return Overview(
        plan=state,
        record=record,
        states=states,
        steps=newest_steps(states),
        holders=holders_in([plan.agency_id]),
        earlier=earlier_years(plan, lineages),
        changed_at=_changed_at(plan),
    )


def earlier_years(
    plan: models.Plan, lineages: Collection[str]
) -> dict[str, dict[int, EarlierYear]]:
    """The agency's newest versions of the years before. 5 queries."""
    years = range(plan.year - EARLIER_YEARS, plan.year)
    plans = models.Plan.objects.current().filter(agency=plan.agency_id, year__in=years)
    rows = models.Indicator.objects.filter(plan__in=plans, lineage__in=lineages).order_by("pk")
    places = list(rows.values_list("pk", "lineage", "plan__year", "plan__lower_policy"))
    records = load_indicators([pk for pk, *_ in places])
    found: dict[str, dict[int, EarlierYear]] = defaultdict(dict)
    for pk, lineage, year, policy in places:
        found[lineage][year] = EarlierYear(records[pk], Policy(policy).lower_policy)
    return dict(found)


def _changed_at(plan: models.Plan) -> datetime | None:
    newest = models.AuditEvent.objects.filter(plan=plan).order_by("-at", "-pk").first()
    return newest.at if newest else None
