"""The annual report on the screen, and the files to download."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.interchange.plan_writing import write_plan
from indicators.queries import load_plan
from indicators.scorecards import document
from indicators.scorecards.scored import ScoredPlan, score_plan
from indicators.views.access import plan_of
from reports.assembly import build, build_with_problems
from reports.attachments import attachments
from reports.consistency import audit
from reports.fonts import FontsUnavailable, MissingCharacters
from reports.rendering import pdf_document


@require_safe
def report(request: HttpRequest, agency: str, year: int) -> HttpResponse:
    plan = scored_plan(request, agency, year)
    annual, problems = build_with_problems(plan, city=settings.CITY_NAME)
    context = {"report": annual, "findings": audit(plan, annual, problems)}
    return render(request, "reports/page.html", context)


@require_safe
def report_pdf(request: HttpRequest, agency: str, year: int) -> HttpResponse:
    plan = scored_plan(request, agency, year)
    try:
        content = pdf_document(build(plan, city=settings.CITY_NAME), attachments(plan))
    except MissingCharacters as error:
        context = {"characters": error.characters, "agency": agency, "year": year}
        return render(request, "reports/missing_characters.html", context, status=422)
    except FontsUnavailable:
        return render(request, "reports/fonts_unavailable.html", status=503)
    return _download(content, "application/pdf", f"{agency}-{year}-report.pdf")


@require_safe
def plan_json(request: HttpRequest, agency: str, year: int) -> HttpResponse:
    content = write_plan(scored_plan(request, agency, year).record)
    return _download(content.encode(), "application/json", f"{agency}-{year}-plan.json")


@require_safe
def scorecard_json(request: HttpRequest, agency: str, year: int) -> HttpResponse:
    content = document.scorecard_json(scored_plan(request, agency, year))
    return _download(content.encode(), "application/json", f"{agency}-{year}-scorecard.json")


def scored_plan(request: HttpRequest, agency: str, year: int) -> ScoredPlan:
    """The plan with its results; one that is missing and one that is not theirs are both a 404."""
    return score_plan(load_plan(plan_of(request, agency, year)))


def _download(content: bytes, content_type: str, name: str) -> HttpResponse:
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": disposition}
    )
