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

from indicators.dashboard_queries import load_overview
from indicators.forms.what_if import read
from indicators.interchange.table_writing import CONTENT_TYPES
from indicators.permissions import Actor
from indicators.queries import PlanRow, find_indicator, load_plan
from indicators.scorecards import dashboard, review, trend, what_if
from indicators.scorecards.glance_table import glance_table
from indicators.scorecards.score_table import score_table
from indicators.scorecards.scored import ScoredPlan, score_plan
from indicators.scorecards.since import changes_since, month_ago
from indicators.tables import Table
from indicators.trend_queries import years_of
from indicators.views.access import actor, plan_of
from indicators.views.downloads import download

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

    def scored(self) -> ScoredPlan:
        return score_plan(load_plan(self.plan, with_texts=False))


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


def _trend(asked: Asked) -> Table:
    """`indicator` names the one of the plan. Raises `IndicatorNotFound`."""
    pk = asked.query.get("indicator", "")
    row = find_indicator(asked.plan, int(pk) if PK.fullmatch(pk) else 0)
    return trend.table(trend.trend_page(years_of(row), row.plan.year, asked.today))


TABLES: Mapping[str, Callable[[Asked], Table]] = MappingProxyType(
    {
        "dashboard": _dashboard,
        "glance": _glance,
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
