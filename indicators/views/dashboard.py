"""A plan's dashboard."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.dashboard_queries import load_overview
from indicators.scorecards.dashboard import dashboard_page
from indicators.views.access import plan_of, today


@require_safe
def dashboard(request: HttpRequest, agency: str, year: int) -> HttpResponse:
    page = dashboard_page(load_overview(plan_of(request, agency, year)), today())
    return render(request, "indicators/dashboard.html", {"page": page})
