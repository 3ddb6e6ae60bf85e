"""Rating lights of a plan: by its own thresholds, counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from indicators.scorecards.scored import ScoredIndicator, ScoredPlan
from indicators.scorecards.words import Tag, light_tag
from indicators.scoring.ratings import GREEN_FROM, YELLOW_FROM, Light, light
from indicators.scoring.rounding import grouped


@dataclass(frozen=True, slots=True)
class LightCount:
    tag: Tag
    count: int


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Percent of achievement, as printed."""

    green: str
    yellow: str


def light_of(plan: ScoredPlan, item: ScoredIndicator) -> Light:
    policy = plan.record.policy
    return light(item.result.achievement, policy.green, policy.yellow)


def light_counts(plan: ScoredPlan) -> tuple[LightCount, ...]:
    """Every light, also those of which there is none."""
    counts = Counter(light_of(plan, item) for item in plan.indicators())
    return tuple(LightCount(light_tag(one), counts[one]) for one in Light)


def thresholds(plan: ScoredPlan) -> Thresholds:
    policy = plan.record.policy
    green = GREEN_FROM if policy.green is None else policy.green
    yellow = YELLOW_FROM if policy.yellow is None else policy.yellow
    return Thresholds(grouped(green), grouped(yellow))
