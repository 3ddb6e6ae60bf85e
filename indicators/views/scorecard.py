"""The list of plans, and a plan's scorecard."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.forms.plans import PlanSearchForm
from indicators.queries import load_plan
from indicators.scorecards.page import scorecard_page
from indicators.scorecards.plans import plan_list, visible_years
from indicators.scorecards.scored import score_plan
from indicators.views.access import plan_of
from indicators.views.paging import searched


@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    form = PlanSearchForm(request.GET, years=visible_years(request.user))
    found = plan_list(request.user, **form.wanted(), page=request.GET.get("page"))
    return render(request, "indicators/plans.html", searched(request, form, found))


@require_safe
def scorecard(request: HttpRequest, agency: str, year: int) -> HttpResponse:
    plan = plan_of(request, agency, year)
    page = scorecard_page(score_plan(load_plan(plan, with_texts=False)))
    return render(request, "indicators/scorecard.html", {"page": page})
