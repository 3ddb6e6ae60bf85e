"""What pages show as a table, to take away: one address for all of them.

A page with a table gets its line in TABLES, and components/export_links.html with that name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from indicators.interchange.table_writing import CONTENT_TYPES
from indicators.permissions import Actor
from indicators.queries import PlanRow, load_plan
from indicators.scorecards.glance_table import glance_table
from indicators.scorecards.score_table import score_table
from indicators.scorecards.scored import ScoredPlan, score_plan
from indicators.scorecards.since import changes_since, month_ago
from indicators.tables import Table
from indicators.views.access import actor, plan_of
from indicators.views.downloads import download


@dataclass(frozen=True, slots=True)
class Asked:
    """Who wants a table of which plan, and when."""

    plan: PlanRow
    actor: Actor
    now: datetime

    def scored(self) -> ScoredPlan:
        return score_plan(load_plan(self.plan, with_texts=False))


def _scorecard(asked: Asked) -> Table:
    return score_table(asked.scored())


def _glance(asked: Asked) -> Table:
    scored = asked.scored()
    return glance_table(scored, changes_since(asked.plan, scored, month_ago(asked.now)))


TABLES: Mapping[str, Callable[[Asked], Table]] = MappingProxyType(
    {
        "scorecard": _scorecard,
        "glance": _glance,
    }
)


@require_safe
def export(request: HttpRequest, agency: str, year: int, name: str, format: str) -> HttpResponse:
    plan = plan_of(request, agency, year)
    if name not in TABLES or format not in CONTENT_TYPES:
        raise Http404
    table = TABLES[name](Asked(plan, actor(request), timezone.now()))
    return download(table, f"{plan.agency_name} {year} {table.title}", format)
