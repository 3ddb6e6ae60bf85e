"""What pages show as a table, to take away: one address for all of them.

A page with a table gets its line in TABLES, and components/export_links.html with that name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from indicators.board_queries import load_board
from indicators.dashboard_queries import load_overview
from indicators.forms.what_if import read
from indicators.interchange.table_writing import CONTENT_TYPES
from indicators.interim_queries import load_interim
from indicators.permissions import Actor
from indicators.queries import IndicatorRow, PlanRow, find_indicator, load_plan
from indicators.scorecards import board, dashboard, interim_page, review, trend, what_if
from indicators.scorecards.glance_table import glance_table
from indicators.scorecards.score_table import score_table
from indicators.scorecards.scored import ScoredPlan, score_plan
from indicators.scorecards.since import changes_since, month_ago
from indicators.scoring.interim import Interim
from indicators.scoring.periods import Period
from indicators.tables import Table
from indicators.trend_queries import years_of
from indicators.views.access import actor, plan_of
from indicators.views.downloads import download
from indicators.views.interim import page_of

PK = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Asked:
    """Who wants a table of which plan, and when."""

    plan: PlanRow
    actor: Actor
    now: datetime
    query: QueryDict  # that of the page

    @property
    def today(self) -> date:
        return localdate(self.now)

    def indicator(self) -> IndicatorRow:
        """The one that `indicator` names. Raises `IndicatorNotFound`."""
        pk = self.query.get("indicator", "")
        return find_indicator(self.plan, int(pk) if PK.fullmatch(pk) else 0)

    def scored(self) -> ScoredPlan:
        return score_plan(load_plan(self.plan, with_texts=False, with_last_year=True))


def _scorecard(asked: Asked) -> Table:
    return score_table(asked.scored())


def _glance(asked: Asked) -> Table:
    scored = asked.scored()
    return glance_table(scored, changes_since(asked.plan, scored, month_ago(asked.now)))


def _dashboard(asked: Asked) -> Table:
    return dashboard.table(load_overview(asked.plan, asked.today), asked.today)


def _review(asked: Asked) -> Table:
    return review.table(review.queue(asked.plan, asked.actor, asked.today))


def _what_if(asked: Asked) -> Table:
    plan = asked.scored()
    keys = [item.record.pk for item in plan.indicators() if item.record.pk]
    moves = read(asked.query, what_if.movables_of(plan), keys).moves
    return what_if.table(what_if.what_if_page(plan, what_if.what_if(plan, moves)))


def _board(asked: Asked) -> Table:
    data, show = load_board(asked.plan, asked.today), asked.query.get("show", "")
    return board.table(board.board(data, asked.actor, asked.today, show))


def _interim(asked: Asked) -> Table:
    row = asked.indicator()
    return interim_page.table(
        page_of(row, load_interim(row) or Interim(row.plan.year, Period.NONE))
    )


def _trend(asked: Asked) -> Table:
    row = asked.indicator()
    return trend.table(trend.trend_page(years_of(row), row.plan.year, asked.today))


TABLES: Mapping[str, Callable[[Asked], Table]] = MappingProxyType(
    {
        "board": _board,
        "dashboard": _dashboard,
        "glance": _glance,
        "interim": _interim,
        "review": _review,
        "scorecard": _scorecard,
        "trend": _trend,
        "what-if": _what_if,
    }
)


@require_safe
def export(request: HttpRequest, agency: str, year: int, name: str, format: str) -> HttpResponse:
    plan = plan_of(request, agency, year)
    if name not in TABLES or format not in CONTENT_TYPES:
        raise Http404
    table = TABLES[name](Asked(plan, actor(request), timezone.now(), request.GET))
    return download(table, f"{plan.agency_name} {year} {table.title}", format)
