"""The scorecard as its page prints it: every figure a string, every bar its geometry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext

from indicators import charts
from indicators.models.plan import PlanStatus
from indicators.scorecards.scored import (
    ScoredGoal,
    ScoredIndicator,
    ScoredPerspective,
    ScoredPlan,
)
from indicators.scorecards.words import Tag, bullet_words, plan_tag, result_tag
from indicators.scoring.rounding import grouped, two_places
from indicators.scoring.types import Direction, Indicator, Sentence, Status, Totals, gettext_noop

NOT_REPORTED = "—"
FULL_WEIGHT = 100


@dataclass(frozen=True, slots=True)
class Number:
    """A figure in two parts, so that a column aligns on the point: `≤ 11` and `.5`."""

    whole: str
    fraction: str = ""


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """One indicator's row; `reason` says why it is not reported, else None."""

    pk: int | None
    title: str
    unit: str
    weight: str
    target: Number
    actual: Number
    is_reported: bool
    bullet: charts.Bullet
    bullet_words: str
    is_missed: bool
    achievement: str
    score: str
    tag: Tag
    calculation: str
    reason: Sentence | None


@dataclass(frozen=True, slots=True)
class GoalLines:
    title: str
    weight: str
    score: str
    indicators: tuple[IndicatorLine, ...]


@dataclass(frozen=True, slots=True)
class PerspectiveLines:
    anchor: str
    name: str
    weight: str
    score: str
    goals: tuple[GoalLines, ...]


@dataclass(frozen=True, slots=True)
class TotalLines:
    """Counts and points of the plan; `is_whole`: complete and nothing lost, no bar is needed.

    `open_lost`: what of `lost` nobody has approved yet, empty where there is none; `reachable`:
    the most that can be had; `words`: what the bar says.
    """

    weight: str
    score: str
    lost: str
    open_lost: str
    winnable: str
    reachable: str
    bar: charts.PointsBar
    words: str
    indicators: int
    met: int
    missed: int
    not_reported: int
    is_complete: bool
    is_whole: bool
    is_weight_off: bool


@dataclass(frozen=True, slots=True)
class ScorecardPage:
    """`places`: the most decimals in the columns target and actual, to align their points."""

    agency_code: str
    agency_name: str
    year: int
    tag: Tag
    totals: TotalLines
    perspectives: tuple[PerspectiveLines, ...]
    places: int
    parts_add_up: bool
    version: int
    is_published: bool
    is_correction: bool


def scorecard_page(plan: ScoredPlan) -> ScorecardPage:
    record = plan.record
    return ScorecardPage(
        agency_code=record.agency_code,
        agency_name=record.agency_name,
        year=record.year,
        tag=plan_tag(record.status),
        totals=total_lines(plan.totals),
        perspectives=tuple(
            _perspective(item, f"p{number}") for number, item in enumerate(plan.perspectives, 1)
        ),
        places=_most_places(plan.indicators()),
        parts_add_up=plan.all_adds_up(),
        version=record.version,
        is_published=record.status == PlanStatus.PUBLISHED,
        is_correction=record.version > 1 and record.status != PlanStatus.PUBLISHED,
    )


def points_of(totals: Totals) -> charts.PointsBar:
    winnable = Fraction(totals.winnable)
    return charts.points_bar(totals.score, totals.lost, winnable, totals.open_lost)


def points_words(totals: Totals) -> str:
    """`已得 50.00 分，已失 12.50 分（其中 8.00 分尚未核定），尚可得 37.50 分`."""
    points = {
        "earned": two_places(totals.score),
        "lost": two_places(totals.lost),
        "open": two_places(totals.open_lost),
        "winnable": two_places(Fraction(totals.winnable)),
    }
    if totals.open_lost:
        return gettext(POINTS_OPEN) % points
    return gettext(POINTS) % points


POINTS = gettext_noop("已得 %(earned)s 分，已失 %(lost)s 分，尚可得 %(winnable)s 分")
POINTS_OPEN = gettext_noop(
    "已得 %(earned)s 分，已失 %(lost)s 分（其中 %(open)s 分尚未核定），尚可得 %(winnable)s 分"
)


def total_lines(totals: Totals) -> TotalLines:
    return TotalLines(
        weight=grouped(totals.weight),
        score=two_places(totals.score),
        lost=two_places(totals.lost),
        open_lost=two_places(totals.open_lost) if totals.open_lost else "",
        winnable=two_places(Fraction(totals.winnable)),
        reachable=two_places(totals.reachable),
        bar=points_of(totals),
        words=points_words(totals),
        indicators=totals.indicators,
        met=totals.met,
        missed=totals.missed,
        not_reported=totals.not_reported,
        is_complete=totals.complete,
        is_whole=totals.complete and totals.lost == 0,
        is_weight_off=totals.weight != FULL_WEIGHT,
    )


def _perspective(item: ScoredPerspective, anchor: str) -> PerspectiveLines:
    return PerspectiveLines(
        anchor=anchor,
        name=item.record.name,
        weight=grouped(item.totals.weight),
        score=two_places(item.totals.score),
        goals=tuple(_goal(goal) for goal in item.goals),
    )


def _goal(goal: ScoredGoal) -> GoalLines:
    return GoalLines(
        title=goal.record.title,
        weight=grouped(goal.totals.weight),
        score=two_places(goal.totals.score),
        indicators=tuple(indicator_line(item) for item in goal.indicators),
    )


def indicator_line(item: ScoredIndicator, earlier: Decimal | None = None) -> IndicatorLine:
    """`earlier`: last year's actual, to be marked on the bullet."""
    spec, result = item.spec, item.result
    actual = None if result.actual is None else grouped(result.actual)
    return IndicatorLine(
        pk=item.record.pk,
        title=spec.title,
        unit=spec.unit or NOT_REPORTED,
        weight=grouped(spec.weight),
        target=split(target_words(spec)),
        actual=split(actual or NOT_REPORTED),
        is_reported=actual is not None,
        bullet=charts.bullet(result.actual, spec.target, earlier),
        bullet_words=bullet_words(
            actual, target_words(spec), None if earlier is None else grouped(earlier)
        ),
        is_missed=result.status is Status.MISSED,
        achievement=NOT_REPORTED if result.achievement is None else two_places(result.achievement),
        score=NOT_REPORTED if actual is None else two_places(result.score),
        tag=result_tag(result.status),
        calculation=result.calculation or "",
        reason=result.reason,
    )


def target_words(spec: Indicator) -> str:
    """`83`, `≤ 11.5`; the unit stands in a column of its own."""
    sign = "≤ " if spec.direction is Direction.LOWER else ""
    return sign + grouped(spec.target)


def split(figure: str) -> Number:
    whole, point, fraction = figure.partition(".")
    return Number(whole, point + fraction)


def _most_places(indicators: Iterable[ScoredIndicator]) -> int:
    return most_places(
        figure for item in indicators for figure in (item.spec.target, item.result.actual)
    )


def most_places(figures: Iterable[Decimal | None]) -> int:
    """The most decimals that are printed of any of them."""
    return max((_places(figure) for figure in figures if figure is not None), default=0)


def _places(value: Decimal) -> int:
    return len(grouped(value).partition(".")[2])
