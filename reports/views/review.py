"""A supervisor's queue: what waits, what can be approved at once, and what has been decided."""

from __future__ import annotations

import re

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from indicators import actions, permissions
from indicators.permissions import Actor, Subject
from indicators.queries import PlanRow, find_indicators
from indicators.scorecards import review as reviewing
from indicators.scorecards.decisions import decisions
from indicators.scorecards.review import Queue
from indicators.views.access import actor, plan_of, today

ITEM = re.compile(r"([0-9]{1,18}):([0-9]{1,9})")


@require_http_methods(["GET", "HEAD", "POST"])
def queue(request: HttpRequest, agency: str, year: int) -> HttpResponse:
    plan, who = plan_of(request, agency, year), actor(request)
    if request.method != "POST":
        return _queue_page(request, reviewing.queue(plan, who, today()))
    chosen = tuple(request.POST.getlist("item"))
    revisions = _revisions(chosen)
    _check_role(plan, revisions, who)
    refused = _approve(request, revisions, who)
    if len(refused) >= max(1, len(revisions)):  # nothing is approved
        return _queue_page(request, reviewing.queue(plan, who, today()), chosen, refused)
    for sentence in refused:
        messages.warning(request, sentence)
    return redirect("review_done", agency, year)


def _queue_page(
    request: HttpRequest,
    waiting: Queue,
    chosen: tuple[str, ...] = (),
    faults: tuple[str, ...] = (),
) -> HttpResponse:
    context = {
        "page": waiting.plan,
        "queue": waiting,
        "chosen": chosen,
        "faults": faults,
        "day": today(),
    }
    return render(request, "reports/review_queue.html", context)


def _revisions(chosen: tuple[str, ...]) -> dict[int, int]:
    """Indicator → the revision that was looked at."""
    matches = [ITEM.fullmatch(value) for value in chosen]
    if None in matches:
        raise BadRequest
    return {int(match[1]): int(match[2]) for match in matches if match}


def _check_role(plan: PlanRow, revisions: dict[int, int], who: Actor) -> None:
    """Raises `IndicatorNotFound` and `NotAllowed`: such a choice was never offered."""
    for row in find_indicators(plan, revisions):
        permissions.check_role("approve", who, Subject.of(plan, row))


def _approve(request: HttpRequest, revisions: dict[int, int], who: Actor) -> tuple[str, ...]:
    """Why something was not approved."""
    if not revisions:
        return (_("請至少勾選一項指標。"),)
    refused = actions.approve_each(revisions=revisions, actor=who, now=timezone.now())
    count = len(revisions) - len(refused)
    if count:
        done = ngettext("已核定 %(count)s 項指標。", "已核定 %(count)s 項指標。", count)
        messages.success(request, done % {"count": count})
    return refused


@require_safe
def clean(request: HttpRequest, agency: str, year: int) -> HttpResponse:
    """Asks once, by name: what will be approved at once, and what will not and why."""
    plan = plan_of(request, agency, year)
    waiting = reviewing.queue(plan, actor(request), today())
    if not waiting.clean:
        return redirect("review_queue", agency, year)
    context = {"page": waiting.plan, "queue": waiting, "day": today()}
    return render(request, "reports/review_clean.html", context)


@require_safe
def done(request: HttpRequest, agency: str, year: int) -> HttpResponse:
    """What this person has decided today, where each is now, and what still waits."""
    plan, who = plan_of(request, agency, year), actor(request)
    waiting = reviewing.queue(plan, who, today())
    context = {
        "page": waiting.plan,
        "queue": waiting,
        "decisions": decisions(plan, who, today()),
        "day": today(),
    }
    return render(request, "reports/review_done.html", context)
