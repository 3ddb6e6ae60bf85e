"""A plan with its results: every number of page, document and report comes from here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter

from indicators.records import (
    GoalRecord,
    IndicatorRecord,
    PerspectiveRecord,
    PlanRecord,
)
from indicators.scoring.aggregation import lost, roll_up, score_indicator
from indicators.scoring.rounding import rounded
from indicators.scoring.types import Indicator, IndicatorResult, LowerPolicy, Status, Totals


@dataclass(frozen=True, slots=True)
class ScoredIndicator:
    record: IndicatorRecord
    result: IndicatorResult

    @property
    def spec(self) -> Indicator:
        return self.record.spec

    @property
    def lost(self) -> Fraction:
        return lost(self.spec.weight, self.result)

    @property
    def winnable(self) -> Fraction:
        is_open = self.result.status is Status.NOT_REPORTED
        return Fraction(self.spec.weight) if is_open else Fraction(0)

    @property
    def open_lost(self) -> Fraction:
        """What of it can still change, because nobody has approved it yet."""
        return Fraction(0) if self.record.is_approved else self.lost


@dataclass(frozen=True, slots=True)
class ScoredGoal:
    record: GoalRecord
    indicators: tuple[ScoredIndicator, ...]
    totals: Totals


@dataclass(frozen=True, slots=True)
class ScoredPerspective:
    record: PerspectiveRecord
    goals: tuple[ScoredGoal, ...]
    totals: Totals


@dataclass(frozen=True, slots=True)
class ScoredPlan:
    record: PlanRecord
    perspectives: tuple[ScoredPerspective, ...]
    totals: Totals

    @property
    def lower_policy(self) -> LowerPolicy:
        return self.record.policy.lower_policy

    def indicators(self) -> Iterator[ScoredIndicator]:
        for perspective in self.perspectives:
            for goal in perspective.goals:
                yield from goal.indicators

    def parts_add_up(self) -> bool:
        """Whether the printed points add up: at each level the parts, and their three kinds."""
        parts = [(self.totals.score, [item.result.score for item in self.indicators()])]
        parts.append((self.totals.score, [part.totals.score for part in self.perspectives]))
        for part in self.perspectives:
            parts.append((part.totals.score, [goal.totals.score for goal in part.goals]))
            for goal in part.goals:
                parts.append((goal.totals.score, [i.result.score for i in goal.indicators]))
        parts += map(_kinds, self._all_totals())
        return all(_printed([whole]) == _printed(some) for whole, some in parts)

    def all_adds_up(self) -> bool:
        """As `parts_add_up`, where what is lost is printed in two parts and by indicator, too, and
        beside it the weight, which is not rounded, what is winnable, and the most there can be.
        """
        if not self.parts_add_up():
            return False
        sums = []
        for whole in self._all_totals():
            weight, kinds = _kinds(whole)
            if weight != _printed(kinds):
                return False
            sums.append((whole.lost, [whole.final_lost, whole.open_lost]))
            sums.append((whole.reachable, [whole.score, whole.open_lost, kinds[-1]]))
            sums.append((weight, [whole.reachable, whole.final_lost]))
        for name in ("lost", "open_lost", "winnable"):
            points = attrgetter(name)
            sums.append((points(self.totals), [points(part.totals) for part in self.perspectives]))
            for part in self.perspectives:
                sums.append((points(part.totals), [points(goal.totals) for goal in part.goals]))
                for goal in part.goals:
                    sums.append((points(goal.totals), list(map(points, goal.indicators))))
        return all(_printed([whole]) == _printed(some) for whole, some in sums)

    def _all_totals(self) -> Iterator[Totals]:
        yield self.totals
        for part in self.perspectives:
            yield part.totals
            yield from (goal.totals for goal in part.goals)


def _kinds(totals: Totals) -> tuple[Fraction, list[Fraction]]:
    """The weight, and what is earned, lost and winnable of it."""
    return Fraction(totals.weight), [totals.score, totals.lost, Fraction(totals.winnable)]


def _printed(points: Sequence[Fraction | Decimal]) -> Fraction:
    """The sum of what prints with two decimals."""
    return sum((Fraction(rounded(Fraction(some), 2)) for some in points), Fraction(0))


def score_plan(record: PlanRecord) -> ScoredPlan:
    """Score every indicator once and roll up; no queries."""
    policy = record.policy.lower_policy
    perspectives = tuple(_perspective(perspective, policy) for perspective in record.perspectives)
    everything = [item for p in perspectives for goal in p.goals for item in goal.indicators]
    return ScoredPlan(record, perspectives, _totals(everything))


def _perspective(record: PerspectiveRecord, policy: LowerPolicy) -> ScoredPerspective:
    goals = tuple(_goal(goal, policy) for goal in record.goals)
    return ScoredPerspective(record, goals, _totals([i for goal in goals for i in goal.indicators]))


def _goal(record: GoalRecord, policy: LowerPolicy) -> ScoredGoal:
    indicators = tuple(
        ScoredIndicator(item, score_indicator(item.spec, policy)) for item in record.indicators
    )
    return ScoredGoal(record, indicators, _totals(indicators))


def _totals(indicators: list[ScoredIndicator] | tuple[ScoredIndicator, ...]) -> Totals:
    settled, pending = (
        [(item.spec.weight, item.result) for item in indicators if item.record.is_approved is done]
        for done in (True, False)
    )
    return roll_up(settled, pending)
