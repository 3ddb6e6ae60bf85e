"""One indicator with its analysis."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.comment_queries import count_threads
from indicators.entry_queries import evidence_of
from indicators.interim_queries import load_interim
from indicators.permissions import Subject, can, why_locked
from indicators.queries import load_plan
from indicators.scorecards.indicator_page import find_indicator, indicator_page
from indicators.scorecards.interim_words import filled_line
from indicators.scorecards.review_page import proven
from indicators.scorecards.scored import ScoredIndicator, ScoredPlan, score_plan
from indicators.scorecards.standing import standing
from indicators.views.access import actor, indicator_of, today
from reports.annual import Paragraph
from reports.assembly import Writer
from reports.narrative import References

ANALYSIS_LEVEL = 1  # its items are numbered 一、 as in the report's tables


@require_safe
def indicator(request: HttpRequest, agency: str, year: int, pk: int) -> HttpResponse:
    row = indicator_of(request, agency, year, pk)
    plan = score_plan(load_plan(row.plan, with_last_year=True))
    item = find_indicator(plan, pk)
    subject, who = Subject.of(row.plan, row), actor(request)
    context = {
        "page": indicator_page(plan, item),
        "texts": texts_of(plan, item),
        "proven": proven(item.record, evidence_of(row)),
        "standing": standing(row, item.spec, today()),
        "lock": why_locked(subject),
        "comments": count_threads(row),
        "can_enter": can("record", who, subject),
        "can_review": can("approve", who, subject),
        "interim_line": filled_line(item.spec, load_interim(row)),
        "can_set_interim": can("interim", who, subject),
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
