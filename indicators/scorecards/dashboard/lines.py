"""Every indicator in one line: against its target, last year, the years before, its light."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import takewhile

from django.utils.translation import gettext

from indicators import charts
from indicators.dashboard_queries import Overview
from indicators.interim_queries import EarlierYear
from indicators.last_year import LastYear, last_year_of, year_before
from indicators.scorecards.interim_progress import Progress, progress
from indicators.scorecards.interim_words import pace_tag
from indicators.scorecards.lights import light_of
from indicators.scorecards.page import (
    NOT_REPORTED,
    IndicatorLine,
    Number,
    indicator_line,
    split,
)
from indicators.scorecards.scored import ScoredIndicator, ScoredPlan
from indicators.scorecards.signs import signed
from indicators.scorecards.steps import actual_text, target_text
from indicators.scorecards.words import Tag, light_tag
from indicators.scoring.ratings import Light
from indicators.scoring.rounding import difference, grouped, two_places
from indicators.scoring.trend import redefined
from indicators.scoring.types import Sentence, gettext_noop


@dataclass(frozen=True, slots=True)
class Standing:
    """An indicator among its years: `years` from the earliest to this one, None where unknown.

    Only years that measured the same and are approved: a change of definition ends the line.

    `last_year` is one of them, with what the two plans say of it. `progress`: how it stands within
    the year, while its year's value is not reported.
    """

    item: ScoredIndicator
    years: Mapping[int, Decimal | None]
    last_year: LastYear
    light: Light
    progress: Progress | None


@dataclass(frozen=True, slots=True)
class DashboardLine:
    """`line` as on the scorecard, with last year marked; `change`: against last year's actual,
    `differs`: that the two years' plans do not agree on it; `open_lost`: the points that it loses
    as long as nobody has approved it, else empty.

    `so_far` says how far it is within the year, `pace` whether that is on its path.
    """

    line: IndicatorLine
    change: Number
    differs: Sentence | None
    open_lost: str
    spark: charts.Spark
    spark_words: str
    light: Tag
    so_far: Sentence | None
    pace: Tag | None


@dataclass(frozen=True, slots=True)
class LineGroup:
    """A perspective's indicators."""

    anchor: str
    name: str
    lines: tuple[DashboardLine, ...]


def standings(plan: ScoredPlan, overview: Overview, today: date) -> tuple[Standing, ...]:
    return tuple(_standing(item, plan, overview, today) for item in plan.indicators())


def _standing(item: ScoredIndicator, plan: ScoredPlan, overview: Overview, today: date) -> Standing:
    year = plan.record.year
    known = overview.earlier.get(item.record.lineage, ())
    same = takewhile(lambda earlier: not redefined(earlier.record.spec, item.spec), known)
    last_year = last_year_of(item.record)
    actuals = {earlier.year: _actual(earlier) for earlier in same}
    actuals[year - 1] = last_year.actual
    first = min((when for when, actual in actuals.items() if actual is not None), default=year)
    years = {when: actuals.get(when) for when in range(first, year)}
    return Standing(
        item=item,
        years={**years, year: item.result.actual},
        last_year=last_year,
        light=light_of(plan, item),
        progress=_progress(item, plan, overview, today),
    )


def _actual(earlier: EarlierYear) -> Decimal | None:
    before = year_before(earlier.record, earlier.lower_policy)
    return before.actual if before.is_approved else None


def _progress(
    item: ScoredIndicator, plan: ScoredPlan, overview: Overview, today: date
) -> Progress | None:
    if item.result.actual is not None:
        return None
    interim = overview.interims.get(item.record.pk or 0)
    earlier = overview.earlier.get(item.record.lineage, ())
    return progress(item.record, interim, plan.lower_policy, today, earlier)


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
        line=indicator_line(standing.item, standing.last_year.actual),
        change=split(_change(standing)),
        differs=standing.last_year.actual_differs,
        open_lost=two_places(standing.item.open_lost) if standing.item.open_lost else "",
        spark=charts.spark(tuple(standing.years.values())),
        spark_words=_years_in_words(standing.years),
        light=light_tag(standing.light),
        so_far=so_far(standing),
        pace=pace_tag(standing.progress.is_behind) if standing.progress else None,
    )


def so_far(standing: Standing) -> Sentence | None:
    """`10 月底 61%，進度應達 67%。`, with last year's at the same time; None where not known."""
    found, spec = standing.progress, standing.item.spec
    if found is None or found.label is None or found.result is None or found.path is None:
        return None
    words: dict[str, object] = {
        "period": found.label,
        "actual": actual_text(spec, found.result),
        "path": target_text(replace(spec, target=found.path)),
    }
    if found.earlier is None:
        return Sentence(SO_FAR, words)
    return Sentence(SO_FAR_THEN, words | {"then": actual_text(spec, found.earlier)})


SO_FAR = gettext_noop("%(period)s底 %(actual)s，同期應為 %(path)s。")
SO_FAR_THEN = gettext_noop("%(period)s底 %(actual)s，同期應為 %(path)s；去年同期 %(then)s。")


def change_of(standing: Standing) -> Decimal | None:
    actual, earlier = standing.item.result.actual, standing.last_year.actual
    return None if actual is None or earlier is None else difference(actual, earlier)


def _change(standing: Standing) -> str:
    change = change_of(standing)
    return NOT_REPORTED if change is None else signed(change)


def _years_in_words(years: Mapping[int, Decimal | None]) -> str:
    """What the small line says to those who do not see it: `107 年 87、108 年未填報`."""
    missing = gettext("%(year)s 年無數字")
    there = gettext("%(year)s 年 %(actual)s")
    return gettext("、").join(
        missing % {"year": year}
        if actual is None
        else there % {"year": year, "actual": grouped(actual)}
        for year, actual in years.items()
    )
