"""The dashboard as its page prints it, and as a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.utils.translation import gettext

from indicators.dashboard_queries import Overview
from indicators.scorecards.dashboard.duties import Duty, Kind, duties
from indicators.scorecards.dashboard.ledger import Ledger, ledger
from indicators.scorecards.dashboard.lines import (
    LineGroup,
    Standing,
    change_of,
    groups,
    standings,
)
from indicators.scorecards.dashboard.risks import Risk, risks
from indicators.scorecards.dashboard.same_time import SameTime, same_time
from indicators.scorecards.last_years import differing
from indicators.scorecards.lights import LightCount, Thresholds, light_counts, thresholds
from indicators.scorecards.page import ScorecardPage, points_words, scorecard_page
from indicators.scorecards.scored import ScoredPlan, score_plan
from indicators.scorecards.words import DIRECTION_WORDS, light_tag, result_tag
from indicators.scoring.rounding import rounded, two_places
from indicators.tables import Cell, Table
from indicators.work_queries import Status

SHOWN = 8  # duties and risks on the page itself


@dataclass(frozen=True, slots=True)
class DashboardPage:
    """`approved`: the points among those earned that a supervisor has approved; `more_duties`,
    `more_risks`: how many are not shown; `open_count`: how many are to be submitted later.
    """

    score: ScorecardPage
    approved: str
    is_all_approved: bool
    same_time: SameTime | None
    due: date | None
    changed_at: datetime | None
    ledger: Ledger
    lights: tuple[LightCount, ...]
    thresholds: Thresholds
    duties: tuple[Duty, ...]
    duty_counts: dict[str, int]
    more_duties: int
    open_count: int
    risks: tuple[Risk, ...]
    more_risks: int
    groups: tuple[LineGroup, ...]
    day: date


def dashboard_page(overview: Overview, today: date) -> DashboardPage:
    plan = score_plan(overview.record)
    found = standings(plan, overview, today)
    to_do, at_risk = duties(overview, today), risks(found, plan.lower_policy)
    approved = _approved(plan)
    return DashboardPage(
        score=scorecard_page(plan),
        approved=two_places(approved),
        is_all_approved=approved == plan.totals.score,
        same_time=same_time(plan, overview, today),
        due=overview.plan.due,
        changed_at=overview.changed_at,
        ledger=ledger(plan),
        lights=light_counts(plan),
        thresholds=thresholds(plan),
        duties=to_do[:SHOWN],
        duty_counts={kind.value: _count(to_do, kind) for kind in Kind},
        more_duties=max(0, len(to_do) - SHOWN),
        open_count=_not_due(overview, to_do),
        risks=at_risk[:SHOWN],
        more_risks=max(0, len(at_risk) - SHOWN),
        groups=groups(plan, found),
        day=today,
    )


def _approved(plan: ScoredPlan) -> Fraction:
    """What of a plan that is closed has been approved, all of it."""
    scores = (i.result.score for i in plan.indicators() if i.record.is_approved)
    return sum(scores, Fraction(0))


def _not_due(overview: Overview, listed: tuple[Duty, ...]) -> int:
    """What is still to be submitted, and neither overdue nor returned nor due soon."""
    if not overview.plan.is_open:
        return 0
    approved = sum(item.status == Status.APPROVED for item in overview.states.values())
    return len(overview.states) - approved - len(listed)


def _count(found: tuple[Duty, ...], kind: Kind) -> int:
    return sum(duty.kind is kind for duty in found)


def table(overview: Overview, today: date) -> Table:
    """The indicators as on the page, with their points: what is not reported is empty."""
    plan = score_plan(overview.record)
    heads = (
        gettext("面向"),
        gettext("策略績效目標"),
        gettext("衡量指標"),
        gettext("單位"),
        gettext("方向"),
        gettext("權重"),
        gettext("目標"),
        gettext("實際"),
        gettext("去年實際"),
        gettext("較去年"),
        gettext("達成度（%）"),
        gettext("已得"),
        gettext("已失"),
        gettext("已失之中尚未核定"),
        gettext("尚可得"),
        gettext("燈號"),
        gettext("結果"),
        gettext("負責單位"),
    )
    places = {
        item.record.pk: (perspective.record.name, goal.record.title)
        for perspective in plan.perspectives
        for goal in perspective.goals
        for item in goal.indicators
    }
    rows = tuple(
        (*places[standing.item.record.pk], *_cells(standing))
        for standing in standings(plan, overview, today)
    )
    notes = [points_words(plan.totals)]
    if not plan.all_adds_up():
        notes.append(gettext("細項經四捨五入，合計可能有差。"))
    notes += differing(plan.indicators())
    if overview.record.sample_note:
        notes.append(overview.record.sample_note)
    return Table(gettext("儀表板"), heads, rows, tuple(notes))


def _cells(standing: Standing) -> tuple[Cell, ...]:
    spec, result = standing.item.spec, standing.item.result
    is_reported = result.actual is not None
    item = standing.item
    return (
        spec.title,
        spec.unit,
        str(DIRECTION_WORDS[spec.direction]),
        spec.weight,
        spec.target,
        result.actual,
        standing.last_year.actual,
        change_of(standing),
        None if result.achievement is None else rounded(result.achievement, 2),
        rounded(result.score, 2) if is_reported else None,
        rounded(item.lost, 2) if is_reported else None,
        rounded(item.open_lost, 2) if is_reported else None,
        None if is_reported else spec.weight,
        light_tag(standing.light).word,
        result_tag(result.status).word,
        standing.item.record.owner,
    )
