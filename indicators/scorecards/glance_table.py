"""The year at a glance as a table: every indicator, its light, and what its score gained."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.timezone import localtime
from django.utils.translation import gettext

from indicators.last_year import last_year_of
from indicators.scorecards.last_years import differing
from indicators.scorecards.lights import light_of
from indicators.scorecards.page import points_words
from indicators.scorecards.scored import ScoredIndicator, ScoredPlan
from indicators.scorecards.since import Changed, Moved
from indicators.scorecards.words import light_tag
from indicators.scoring.rounding import rounded
from indicators.tables import Cell, Table


def glance_table(plan: ScoredPlan, changed: Changed) -> Table:
    moved = {line.pk: line for line in changed.lines}
    rows = (
        (part.record.name, *_cells(plan, item, moved.get(item.record.pk)))
        for part in plan.perspectives
        for goal in part.goals
        for item in goal.indicators
    )
    return Table(gettext("年度一覽"), _heads(), tuple(rows), tuple(_notes(plan, changed)))


def _heads() -> tuple[str, ...]:
    return (
        gettext("面向"),
        gettext("衡量指標"),
        gettext("單位"),
        gettext("去年實際"),
        gettext("目標"),
        gettext("實際"),
        gettext("達成度（%）"),
        gettext("燈號"),
        gettext("權重"),
        gettext("得分"),
        gettext("得分的變動"),
    )


def _cells(plan: ScoredPlan, item: ScoredIndicator, moved: Moved | None) -> tuple[Cell, ...]:
    spec, result = item.spec, item.result
    return (
        spec.title,
        spec.unit or None,
        last_year_of(item.record).actual,
        spec.target,
        result.actual,
        None if result.achievement is None else rounded(result.achievement, 2),
        light_tag(light_of(plan, item)).word,
        spec.weight,
        None if result.actual is None else rounded(result.score, 2),
        None if moved is None or not moved.points else rounded(moved.points, 2),
    )


def _notes(plan: ScoredPlan, changed: Changed) -> Iterator[str]:
    record = plan.record
    whole = {"agency": record.agency_name, "year": record.year}
    yield gettext("%(agency)s %(year)s 年度") % whole
    yield points_words(plan.totals)
    if not plan.all_adds_up():
        yield gettext("細項經四捨五入，合計可能有差。")
    since = changed.begun or changed.since
    yield gettext("得分的變動：自 %(day)s 起") % {"day": localtime(since).date().isoformat()}
    yield from differing(plan.indicators())
    if record.sample_note:
        yield gettext("範例資料：%(note)s") % {"note": record.sample_note}
