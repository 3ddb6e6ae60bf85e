"""The list of plans, and a plan's scorecard."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.queries import load_plan
from indicators.scorecards.page import scorecard_page
from indicators.scorecards.plans import visible_plans
from indicators.scorecards.scored import score_plan
from indicators.views.access import plan_of


@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    return render(request, "indicators/plans.html", {"plans": visible_plans(request.user)})


@require_safe
def scorecard(request: HttpRequest, agency: str, year: int) -> HttpResponse:
    plan = plan_of(request, agency, year)
    page = scorecard_page(score_plan(load_plan(plan, with_texts=False)))
    return render(request, "indicators/scorecard.html", {"page": page})
