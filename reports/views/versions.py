"""The published versions of a plan, their files, and the anchors that prove them."""

from __future__ import annotations

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.scorecards.words import standing
from indicators.views.access import plan_of
from reports.models import FILES, PublishedReport
from reports.publish import anchor
from reports.views.documents import download

TYPES = {"pdf": "application/pdf", "html": "text/html; charset=utf-8", "json": "application/json"}


@require_safe
def versions(request: HttpRequest, agency: str, year: int) -> HttpResponse:
    """All that was ever published, also while a correction is under way."""
    page = standing(plan_of(request, agency, year))
    published = PublishedReport.objects.of_year(page.agency_code, page.year)
    context = {"page": page, "versions": published.select_related("published_by")}
    return render(request, "reports/versions.html", context)


@require_safe
def version_file(
    request: HttpRequest, agency: str, year: int, version: int, name: str
) -> HttpResponse:
    page = standing(plan_of(request, agency, year))
    published = PublishedReport.objects.of_year(page.agency_code, page.year)
    content = published.file(FILES[name], version=version) if name in FILES else None
    if content is None:
        raise Http404
    return download(content, TYPES[name.rpartition(".")[2]], f"{agency}-{year}-v{version}-{name}")


@require_safe
def version_anchor(request: HttpRequest, agency: str, year: int, version: int) -> HttpResponse:
    """For `manage.py verify_history --anchor`."""
    page = standing(plan_of(request, agency, year))
    row = PublishedReport.objects.of_year(page.agency_code, page.year).filter(version=version)
    found = row.first()
    if found is None:
        raise Http404
    content = json.dumps(anchor(found, page.agency_code, page.year), ensure_ascii=False, indent=1)
    return download(content.encode(), "application/json", f"{agency}-{year}-v{version}-anchor.json")
