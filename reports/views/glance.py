"""The year at a glance, on the screen and as one sheet of A4."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from indicators.event_queries import last_change
from indicators.queries import PlanRow, load_plan
from indicators.scorecards.glance import Glance, Printer, glance
from indicators.scorecards.scored import ScoredIndicator, ScoredPlan, score_plan
from indicators.scorecards.since import changes_since, month_ago
from indicators.views.access import plan_of
from reports.assembly import Writer
from reports.fonts import FontsUnavailable, MissingCharacters
from reports.narrative import References
from reports.rendering import glance_pdf
from reports.views.documents import download

TEXT_LEVEL = 1  # its items are numbered 一、 as in the report's tables


@require_safe
def page(request: HttpRequest, agency: str, year: int) -> HttpResponse:
    found = glance_of(plan_of(request, agency, year), timezone.now())
    return render(request, "glance/page.html", {"page": found})


@require_safe
def as_pdf(request: HttpRequest, agency: str, year: int) -> HttpResponse:
    found = glance_of(plan_of(request, agency, year), timezone.now())
    try:
        content = glance_pdf(found)
    except MissingCharacters as error:
        context = {"characters": error.characters, "agency": agency, "year": year}
        return render(request, "reports/missing_characters.html", context, status=422)
    except FontsUnavailable:
        return render(request, "reports/fonts_unavailable.html", status=503)
    return download(content, "application/pdf", f"{agency}-{year}-glance.pdf")


def glance_of(plan: PlanRow, now: datetime) -> Glance:
    """16 queries."""
    scored = score_plan(load_plan(plan, with_last_year=True))
    changed = changes_since(plan, scored, month_ago(now))
    return glance(scored, changed, last_change(plan) or now, now, _printer(scored))


def _printer(plan: ScoredPlan) -> Printer:
    writer = Writer(References(plan))

    def printed(item: ScoredIndicator, text: str) -> str:
        lines = writer.paragraphs(text, TEXT_LEVEL, item.spec.title, item)
        return "\n".join(f"{line.marker}{line.text}" for line in lines)

    return printed
