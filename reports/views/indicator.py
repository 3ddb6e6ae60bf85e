"""One indicator with its analysis."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.permissions import Subject, why_locked
from indicators.queries import load_plan
from indicators.scorecards.indicator_page import (
    IndicatorNotFound,
    find_indicator,
    indicator_page,
)
from indicators.scorecards.scored import ScoredIndicator, ScoredPlan, score_plan
from indicators.views.access import plan_of
from reports.annual import Paragraph
from reports.assembly import Writer
from reports.narrative import References

ANALYSIS_LEVEL = 1  # its items are numbered 一、 as in the report's tables


@require_safe
def indicator(request: HttpRequest, agency: str, year: int, pk: int) -> HttpResponse:
    row = plan_of(request, agency, year)
    plan = score_plan(load_plan(row))
    try:
        item = find_indicator(plan, pk)
    except IndicatorNotFound as error:
        raise Http404 from error
    subject = Subject(row.agency_id, row.status, None, item.record.status)
    context = {
        "page": indicator_page(plan, item),
        "texts": texts_of(plan, item),
        "lock": why_locked(subject),
    }
    return render(request, "indicators/indicator.html", context)


def texts_of(plan: ScoredPlan, item: ScoredIndicator) -> dict[str, tuple[Paragraph, ...]]:
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
