"""The annual report on the screen, and the files to download.

What is published is served as it was published, byte for byte; anything else is made anew.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.interchange.plan_writing import write_plan
from indicators.interim_queries import load_document
from indicators.queries import load_plan
from indicators.scorecards import document
from indicators.scorecards.scored import ScoredPlan, score_plan
from indicators.scorecards.words import Standing, standing
from indicators.views.access import plan_of
from reports.assembly import build, build_with_problems
from reports.attachments import attachments
from reports.consistency import audit
from reports.fonts import FontsUnavailable, MissingCharacters
from reports.models import PublishedReport
from reports.publish import body_of
from reports.rendering import pdf_document


@require_safe
def report(request: HttpRequest, agency: str, year: int) -> HttpResponse:
    plan = plan_of(request, agency, year)
    page = standing(plan)
    if (frozen := _published(page, "html")) is not None:
        context = {"page": page, "title": page.report_title, "body": body_of(frozen)}
        return render(request, "reports/published.html", context)
    scored = score_plan(load_plan(plan))
    annual, problems = build_with_problems(scored, city=settings.CITY_NAME)
    context = {"report": annual, "findings": audit(scored, annual, problems), "page": page}
    return render(request, "reports/page.html", context)


@require_safe
def report_pdf(request: HttpRequest, agency: str, year: int) -> HttpResponse:
    plan = plan_of(request, agency, year)
    content = _published(standing(plan), "pdf")
    try:
        content = content or _pdf(score_plan(load_document(plan)))
    except MissingCharacters as error:
        context = {"characters": error.characters, "agency": agency, "year": year}
        return render(request, "reports/missing_characters.html", context, status=422)
    except FontsUnavailable:
        return render(request, "reports/fonts_unavailable.html", status=503)
    return download(content, "application/pdf", f"{agency}-{year}-report.pdf")


@require_safe
def plan_json(request: HttpRequest, agency: str, year: int) -> HttpResponse:
    plan = plan_of(request, agency, year)
    content = _published(standing(plan), "plan_json") or write_plan(load_document(plan)).encode()
    return download(content, "application/json", f"{agency}-{year}-plan.json")


@require_safe
def scorecard_json(request: HttpRequest, agency: str, year: int) -> HttpResponse:
    plan = plan_of(request, agency, year)
    content = _published(standing(plan), "scorecard_json")
    content = content or document.scorecard_json(score_plan(load_plan(plan))).encode()
    return download(content, "application/json", f"{agency}-{year}-scorecard.json")


def download(content: bytes, content_type: str, name: str) -> HttpResponse:
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": disposition}
    )


def _published(page: Standing, field: str) -> bytes | None:
    if not page.is_published:
        return None
    return PublishedReport.objects.file(field, plan=page.plan_id)


def _pdf(plan: ScoredPlan) -> bytes:
    return pdf_document(build(plan, city=settings.CITY_NAME), attachments(plan))
