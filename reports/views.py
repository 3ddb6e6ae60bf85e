"""What prints staff text: the indicator's page and the annual report; the files to download."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.interchange.plan_writing import write_plan
from indicators.queries import PlanNotFound, find_plan, load_plan
from indicators.scorecards import document
from indicators.scorecards.indicator_page import (
    IndicatorNotFound,
    find_indicator,
    indicator_page,
)
from indicators.scorecards.scored import ScoredIndicator, ScoredPlan, score_plan
from reports.annual import Paragraph
from reports.assembly import Writer, build, build_with_problems
from reports.attachments import attachments
from reports.consistency import audit
from reports.fonts import FontsUnavailable, MissingCharacters
from reports.narrative import References
from reports.rendering import pdf_document

ANALYSIS_LEVEL = 1  # its items are numbered 一、 as in the report's tables


@require_safe
def indicator(request: HttpRequest, agency: str, year: int, pk: int) -> HttpResponse:
    plan = _scored_plan(request, agency, year)
    try:
        item = find_indicator(plan, pk)
    except IndicatorNotFound as error:
        raise Http404 from error
    context = {"page": indicator_page(plan, item), "texts": _texts(plan, item)}
    return render(request, "indicators/indicator.html", context)


@require_safe
def report(request: HttpRequest, agency: str, year: int) -> HttpResponse:
    plan = _scored_plan(request, agency, year)
    annual, problems = build_with_problems(plan, city=settings.CITY_NAME)
    context = {"report": annual, "findings": audit(plan, annual, problems)}
    return render(request, "reports/page.html", context)


@require_safe
def report_pdf(request: HttpRequest, agency: str, year: int) -> HttpResponse:
    plan = _scored_plan(request, agency, year)
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
    content = write_plan(_scored_plan(request, agency, year).record)
    return _download(content.encode(), "application/json", f"{agency}-{year}-plan.json")


@require_safe
def scorecard_json(request: HttpRequest, agency: str, year: int) -> HttpResponse:
    content = document.scorecard_json(_scored_plan(request, agency, year))
    return _download(content.encode(), "application/json", f"{agency}-{year}-scorecard.json")


def _scored_plan(request: HttpRequest, agency: str, year: int) -> ScoredPlan:
    """The plan with its results; one that is missing and one that is not theirs are both a 404."""
    try:
        plan = find_plan(agency, year, user=request.user)
    except PlanNotFound as error:
        raise Http404 from error
    return score_plan(load_plan(plan))


def _texts(plan: ScoredPlan, item: ScoredIndicator) -> dict[str, tuple[Paragraph, ...]]:
    """The indicator's staff texts with their references filled in."""
    writer = Writer(References(plan))
    record = item.record
    texts = {"analysis": record.analysis}
    if record.review is not None:
        texts |= {"cause": record.review.cause, "action": record.review.action}
    return {
        name: writer.paragraphs(text, ANALYSIS_LEVEL, item.spec.title, item)
        for name, text in texts.items()
    }


def _download(content: bytes, content_type: str, name: str) -> HttpResponse:
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": disposition}
    )
