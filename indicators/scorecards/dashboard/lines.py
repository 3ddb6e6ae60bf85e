"""Every indicator in one line: against its target, last year, the years before, its light."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from indicators import charts
from indicators.dashboard_queries import EarlierYear, Overview
from indicators.records import Policy
from indicators.scorecards.page import (
    NOT_REPORTED,
    IndicatorLine,
    Number,
    indicator_line,
    split,
)
from indicators.scorecards.scored import ScoredIndicator, ScoredPlan
from indicators.scorecards.signs import signed
from indicators.scorecards.words import Tag, light_tag
from indicators.scoring.aggregation import score_indicator
from indicators.scoring.ratings import Light, light
from indicators.scoring.rounding import exact_sum, grouped


@dataclass(frozen=True, slots=True)
class Standing:
    """An indicator among its years: `years` from the earliest to this one, None where unknown."""

    item: ScoredIndicator
    years: Mapping[int, Decimal | None]
    last_year: Decimal | None
    light: Light


@dataclass(frozen=True, slots=True)
class DashboardLine:
    """`line` as on the scorecard, with last year marked; `change`: against last year's actual."""

    line: IndicatorLine
    change: Number
    spark: charts.Spark
    spark_words: str
    light: Tag


@dataclass(frozen=True, slots=True)
class LineGroup:
    """A perspective's indicators."""

    anchor: str
    name: str
    lines: tuple[DashboardLine, ...]


def standings(plan: ScoredPlan, overview: Overview) -> tuple[Standing, ...]:
    return tuple(_standing(item, plan, overview) for item in plan.indicators())


def _standing(item: ScoredIndicator, plan: ScoredPlan, overview: Overview) -> Standing:
    year = plan.record.year
    known = overview.earlier.get(item.record.lineage, {})
    actuals = {when: _actual(earlier) for when, earlier in known.items()}
    actuals.setdefault(year - 1, item.record.previous_actual)
    first = min((when for when, actual in actuals.items() if actual is not None), default=year)
    years = {when: actuals.get(when) for when in range(first, year)}
    return Standing(
        item=item,
        years={**years, year: item.result.actual},
        last_year=actuals[year - 1],
        light=light_of(item, plan.record.policy),
    )


def _actual(earlier: EarlierYear) -> Decimal | None:
    return score_indicator(earlier.record.spec, earlier.lower_policy).actual


def light_of(item: ScoredIndicator, policy: Policy) -> Light:
    return light(item.result.achievement, policy.green, policy.yellow)


def groups(plan: ScoredPlan, found: tuple[Standing, ...]) -> tuple[LineGroup, ...]:
    by_item = {id(standing.item): standing for standing in found}
    return tuple(
        LineGroup(
            anchor=f"p{number}",
            name=perspective.record.name,
            lines=tuple(
                _line(by_item[id(item)]) for goal in perspective.goals for item in goal.indicators
            ),
        )
        for number, perspective in enumerate(plan.perspectives, start=1)
    )


def _line(standing: Standing) -> DashboardLine:
    return DashboardLine(
        line=indicator_line(standing.item, standing.last_year),
        change=split(_change(standing)),
        spark=charts.spark(tuple(standing.years.values())),
        spark_words=_years_in_words(standing.years),
        light=light_tag(standing.light),
    )


def change_of(standing: Standing) -> Decimal | None:
    actual, earlier = standing.item.result.actual, standing.last_year
    return None if actual is None or earlier is None else exact_sum([actual, -earlier])


def _change(standing: Standing) -> str:
    change = change_of(standing)
    return NOT_REPORTED if change is None else signed(change)


def _years_in_words(years: Mapping[int, Decimal | None]) -> str:
    """What the small line says to those who do not see it: `107 年 87、108 年未填報`."""
    missing = gettext("%(year)s 年未填報")
    there = gettext("%(year)s 年 %(actual)s")
    return gettext("、").join(
        missing % {"year": year}
        if actual is None
        else there % {"year": year, "actual": grouped(actual)}
        for year, actual in years.items()
    )
