"""The scorecard as a table to take away: a row for each indicator, nothing rounded twice."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext

from indicators.last_year import last_year_of
from indicators.scorecards.indicator_page import DIRECTION_WORDS
from indicators.scorecards.last_years import differing
from indicators.scorecards.page import points_words
from indicators.scorecards.scored import ScoredIndicator, ScoredPlan
from indicators.scorecards.words import indicator_tag, light_tag, result_tag
from indicators.scoring.ratings import light
from indicators.scoring.rounding import rounded
from indicators.scoring.types import Sentence
from indicators.tables import Cell, Table


def score_table(plan: ScoredPlan) -> Table:
    return Table(
        title=gettext("計分表"), heads=_heads(), rows=tuple(_rows(plan)), notes=tuple(_notes(plan))
    )


def _heads() -> tuple[str, ...]:
    return (
        gettext("面向"),
        gettext("策略績效目標"),
        gettext("衡量指標"),
        gettext("單位"),
        gettext("權重"),
        gettext("方向"),
        gettext("目標"),
        gettext("實際"),
        gettext("達成度（%）"),
        gettext("得分"),
        gettext("結果"),
        gettext("燈號"),
        gettext("填報進度"),
        gettext("計算"),
        gettext("未填報的原因"),
        gettext("去年目標"),
        gettext("去年實際"),
        gettext("負責單位"),
    )


def _rows(plan: ScoredPlan) -> Iterator[tuple[Cell, ...]]:
    for perspective in plan.perspectives:
        for goal in perspective.goals:
            for item in goal.indicators:
                places = perspective.record.name, goal.record.title
                yield (*places, *_cells(plan, item))


def _cells(plan: ScoredPlan, item: ScoredIndicator) -> tuple[Cell, ...]:
    record, spec, result = item.record, item.spec, item.result
    policy, last = plan.record.policy, last_year_of(record)
    rating = light(result.achievement, policy.green, policy.yellow)
    is_reported = result.actual is not None
    return (
        spec.title,
        spec.unit or None,
        spec.weight,
        str(DIRECTION_WORDS[spec.direction]),
        spec.target,
        result.actual,
        None if result.achievement is None else rounded(result.achievement, 2),
        rounded(result.score, 2) if is_reported else None,
        result_tag(result.status).word,
        light_tag(rating).word,
        indicator_tag(record.status, is_begun=record.is_begun).word,
        result.calculation,
        _words(result.reason),
        last.target,
        last.actual,
        record.owner or None,
    )


def _words(reason: Sentence | None) -> str | None:
    """In the user's language, as the page prints it."""
    if reason is None:
        return None
    params = {
        key: _words(value) if isinstance(value, Sentence) else value
        for key, value in reason.params.items()
    }
    return gettext(reason.template) % params if params else gettext(reason.template)


def _notes(plan: ScoredPlan) -> Iterator[str]:
    yield gettext("%(agency)s %(year)s 年度") % {
        "agency": plan.record.agency_name,
        "year": plan.record.year,
    }
    yield points_words(plan.totals)
    if not plan.all_adds_up():
        yield gettext("細項經四捨五入，合計可能有差。")
    yield from differing(plan.indicators())
    if plan.record.sample_note:
        yield gettext("範例資料：%(note)s") % {"note": plan.record.sample_note}
