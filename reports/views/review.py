"""A supervisor's work: what waits, and one indicator with all that is needed to decide."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from indicators import actions, permissions
from indicators import queries as rows
from indicators.comment_queries import count_threads
from indicators.forms import ReturnForm
from indicators.permissions import Actor, NotAllowed, Subject
from indicators.records import IndicatorRecord
from indicators.scorecards import review as reviewing
from indicators.scorecards.field_words import field_words
from indicators.scorecards.indicator_page import find_indicator, indicator_page
from indicators.scorecards.review import Queue
from indicators.scorecards.scored import ScoredPlan, score_plan
from indicators.views.access import actor, indicator_of, plan_of
from reports.narrative import References
from reports.views.indicator import texts_of

ITEM = re.compile(r"([0-9]{1,18}):([0-9]{1,9})")


@require_http_methods(["GET", "HEAD", "POST"])
def queue(request: HttpRequest, agency: str, year: int) -> HttpResponse:
    plan = plan_of(request, agency, year)
    who = actor(request)
    if request.method != "POST":
        waiting = reviewing.queue(plan, who)
        wants_clean = request.GET.get("select") == "clean"
        return _queue_page(request, waiting, waiting.clean() if wants_clean else ())
    chosen = tuple(request.POST.getlist("item"))
    revisions = _revisions(chosen)
    for pk in revisions:
        row = rows.find_indicator(plan, pk)
        permissions.check_role("approve", who, Subject.of(plan, row))
    fault = _approve(request, revisions, who)
    if fault:
        return _queue_page(request, reviewing.queue(plan, who), chosen, fault)
    return redirect("review_queue", agency, year)


def _queue_page(
    request: HttpRequest, waiting: Queue, chosen: tuple[str, ...], fault: str = ""
) -> HttpResponse:
    context = {"page": waiting.plan, "queue": waiting, "chosen": chosen, "fault": fault}
    return render(request, "reports/review_queue.html", context)


def _revisions(chosen: tuple[str, ...]) -> dict[int, int]:
    """Indicator → the revision that was looked at."""
    matches = [ITEM.fullmatch(value) for value in chosen]
    if None in matches:
        raise BadRequest
    return {int(match[1]): int(match[2]) for match in matches if match}


def _approve(request: HttpRequest, revisions: dict[int, int], who: Actor) -> str:
    """Why nothing was approved; empty when all of them are."""
    if not revisions:
        return _("請至少勾選一項指標。")
    try:
        actions.approve(revisions=revisions, actor=who, now=timezone.now())
    except NotAllowed as error:
        return str(error)
    done = _("已核定 %(count)s 項指標。") % {"count": len(revisions)}
    messages.success(request, done)
    return ""


# One indicator ------------------------------------------------------------------------------------


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
    plan = score_plan(rows.load_plan(row.plan))
    item = find_indicator(plan, row.pk)
    context = {
        "page": indicator_page(plan, item),
        "texts": texts_of(plan, item),
        "review": reviewing.review(row, item, who, _printer(plan)),
        "comments": count_threads(row),
        "form": form or _form(row),
    }
    return render(request, "reports/review.html", context)


def _printer(plan: ScoredPlan) -> reviewing.Printer:
    def printed(record: IndicatorRecord, text: str) -> str:
        if "{{" not in text:
            return text
        changed = score_plan(plan.record.with_indicator(record))
        return References(changed).fill(text, find_indicator(changed, record.pk or 0), [])

    return printed


def _decide(request: HttpRequest, row: Any, who: Actor, form: ReturnForm | None) -> HttpResponse:
    """On to the next one that waits; back to this one where the decision was refused."""
    where = (row.plan.agency.code, row.plan.year)
    given: dict[str, Any] = {"actor": who, "now": timezone.now()}
    try:
        if form is None:
            actions.approve(revisions={row.pk: _revision(request)}, **given)
            done = _("「%(title)s」已核定。")
        else:
            reason, revision = form.cleaned_data["reason"], form.cleaned_data["revision"]
            actions.return_for_correction(
                indicator_id=row.pk, reason=reason, notes=form.notes(), revision=revision, **given
            )
            done = _("「%(title)s」已退回，承辦人會看到退回原因。")
    except NotAllowed as error:
        messages.error(request, str(error))
        return redirect("review_indicator", *where, row.pk)
    messages.success(request, done % {"title": row.title})
    following = reviewing.next_waiting(row, who)
    if following is None:
        return redirect("review_queue", *where)
    return redirect("review_indicator", *where, following)


def _revision(request: HttpRequest) -> int:
    match = re.fullmatch(r"[0-9]{1,9}", request.POST.get("revision", ""))
    if match is None:
        raise BadRequest
    return int(match[0])
