"""The plan that a typed entry is scored in: alone, or within its whole plan."""

from __future__ import annotations

from dataclasses import replace

from indicators import models
from indicators.records import GoalRecord, IndicatorRecord, PerspectiveRecord, PlanRecord, Policy
from indicators.scorecards.scored import ScoredPlan, score_plan


def plan_with(row: models.Indicator, record: IndicatorRecord) -> ScoredPlan:
    """A plan of this indicator alone: what its own result and texts need. No queries."""
    plan, goal = row.plan, row.goal
    alone = GoalRecord(goal.title, goal.weight, (record,))
    return score_plan(
        PlanRecord(
            agency_code=plan.agency.code,
            agency_name=plan.agency_name,
            year=plan.year,
            perspectives=(PerspectiveRecord(goal.perspective.name, (alone,)),),
            policy=Policy(plan.lower_policy, plan.green_from, plan.yellow_from),
            status=plan.status,
            pk=plan.pk,
        )
    )


def plan_within(whole: PlanRecord, record: IndicatorRecord) -> ScoredPlan:
    """The whole plan with this record in its place, for texts that refer to other indicators."""
    perspectives = tuple(
        replace(
            perspective,
            goals=tuple(
                replace(
                    goal,
                    indicators=tuple(
                        record if item.pk == record.pk else item for item in goal.indicators
                    ),
                )
                for goal in perspective.goals
            ),
        )
        for perspective in whole.perspectives
    )
    return score_plan(replace(whole, perspectives=perspectives))
