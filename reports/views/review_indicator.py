"""One indicator under review: all that a decision needs, the decision, and on to the next."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from indicators import actions, permissions
from indicators import queries as rows
from indicators.comment_queries import count_threads
from indicators.forms import ReturnForm
from indicators.permissions import Actor, NotAllowed, Subject
from indicators.records import IndicatorRecord
from indicators.scorecards.changes import Printer
from indicators.scorecards.field_words import field_words
from indicators.scorecards.indicator_page import find_indicator, indicator_page
from indicators.scorecards.review_page import review
from indicators.scorecards.scored import ScoredPlan, score_plan
from indicators.scorecards.waiting import next_waiting
from indicators.views.access import actor, indicator_of, today
from reports.narrative import References
from reports.views.indicator import texts_of


@require_http_methods(["GET", "HEAD", "POST"])
def indicator(request: HttpRequest, agency: str, year: int, pk: int) -> HttpResponse:
    """For those who may return it, which includes those who may approve it."""
    row = indicator_of(request, agency, year, pk)
    who = actor(request)
    if request.method != "POST":
        if not permissions.can("return", who, Subject.of(row.plan, row)):
            return redirect("indicator", agency, year, pk)
        return _page(request, row, who)
    decision = request.POST.get("decision", "")
    if decision not in {"approve", "return"}:
        raise BadRequest
    permissions.check_role(decision, who, Subject.of(row.plan, row))
    form = None
    if decision == "return":
        form = _form(row, request.POST)
        if not form.is_valid():
            return _page(request, row, who, form)
    return _decide(request, row, who, form)


def _form(row: Any, data: Any = None) -> ReturnForm:
    """Without places for remarks on a missed target where nothing is written of one."""
    record = rows.load_indicator(row)
    words = field_words(record)
    if record.review is None:
        words = {name: word for name, word in words.items() if not name.startswith("review:")}
    return ReturnForm(data, fields=words, initial={"revision": row.revision})


def _page(
    request: HttpRequest, row: Any, who: Actor, form: ReturnForm | None = None
) -> HttpResponse:
    plan = score_plan(rows.load_plan(row.plan, with_last_year=True))
    item = find_indicator(plan, row.pk)
    context = {
        "page": indicator_page(plan, item),
        "texts": texts_of(plan, item),
        "review": review(row, item, who, _printer(plan), today()),
        "comments": count_threads(row),
        "form": form or _form(row),
        "day": today(),
    }
    return render(request, "reports/review.html", context)


def _printer(plan: ScoredPlan) -> Printer:
    def printed(record: IndicatorRecord, text: str) -> str:
        if "{{" not in text:
            return text
        changed = score_plan(plan.record.with_indicator(record))
        return References(changed).fill(text, find_indicator(changed, record.pk or 0), [])

    return printed


def _decide(request: HttpRequest, row: Any, who: Actor, form: ReturnForm | None) -> HttpResponse:
    """On to the next one that waits; back to this one where the decision was refused."""
    where = (row.plan.agency.code, row.plan.year)
    try:
        sentence = _taken(request, row, who, form)
    except NotAllowed as error:
        messages.error(request, str(error))
        return redirect("review_indicator", *where, row.pk)
    name = "review_indicator" if form is None else "indicator"
    messages.success(
        request,
        format_html(
            '{} <a href="{}">{}</a>',
            sentence % {"title": row.title},
            reverse(name, args=[*where, row.pk]),
            _("回到這項指標"),
        ),
    )
    following = next_waiting(row, who)
    if following is None:
        return redirect("review_done", *where)
    return redirect("review_indicator", *where, following)


def _taken(request: HttpRequest, row: Any, who: Actor, form: ReturnForm | None) -> str:
    """Approved, or returned with the form's reason; what to say of it. Raises `NotAllowed`."""
    given: dict[str, Any] = {"actor": who, "now": timezone.now()}
    if form is None:
        actions.approve(revisions={row.pk: _revision(request)}, **given)
        return _("「%(title)s」已核定，關帳前仍可退回。")
    reason, revision = form.cleaned_data["reason"], form.cleaned_data["revision"]
    actions.return_for_correction(
        indicator_id=row.pk, reason=reason, notes=form.notes(), revision=revision, **given
    )
    return _("「%(title)s」已退回，承辦人會看到退回原因。")


def _revision(request: HttpRequest) -> int:
    match = re.fullmatch(r"[0-9]{1,9}", request.POST.get("revision", ""))
    if match is None:
        raise BadRequest
    return int(match[0])
