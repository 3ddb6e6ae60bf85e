"""The history of a plan, of one of its indicators, and of accounts: as pages and as CSV."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from indicators import history as chains
from indicators.event_queries import (
    Choices,
    Labels,
    all_events,
    choices,
    event_page,
    labels,
    labels_of_plan,
    version_of,
)
from indicators.forms.history import HistoryFilterForm
from indicators.interchange.history_writing import history_csv
from indicators.permissions import check_accounts_history
from indicators.queries import PlanRow
from indicators.scorecards.event_lines import EventLine, event_lines, indicators_in
from indicators.scorecards.event_words import action_word
from indicators.views.access import actor, indicator_of, plan_of

OLDEST_VERSION = 1
VERSION = re.compile(r"[1-9][0-9]{0,3}")


@require_safe
def history(request: HttpRequest, agency: str, year: int) -> HttpResponse:
    newest = plan_of(request, agency, year)
    plan = _version(request, newest)
    head = _head(plan.pk)
    form = _form(request, choices(head.chain, plan))
    context = _context(form, head) | {
        "plan": plan,
        "versions": range(newest.version, 0, -1) if newest.version > OLDEST_VERSION else (),
        "csv": reverse("history_csv", args=[agency, year]),
    }
    return render(request, "history/plan.html", context)


@require_safe
def indicator_history(request: HttpRequest, agency: str, year: int, pk: int) -> HttpResponse:
    row = indicator_of(request, agency, year, pk)
    head = _head(row.plan_id)
    form = _form(request, choices(head.chain))
    context = _context(form, head, indicator=row.pk) | {
        "plan": row.plan,
        "indicator": row,
        "csv": reverse("history_csv", args=[agency, year]),
    }
    return render(request, "history/indicator.html", context)


@require_safe
def accounts_history(request: HttpRequest) -> HttpResponse:
    check_accounts_history(actor(request))
    head = _head(None)
    form = _form(request, choices(head.chain))
    context = _context(form, head) | {"csv": reverse("accounts_history_csv")}
    return render(request, "history/accounts.html", context)


@require_safe
def plan_csv(request: HttpRequest, agency: str, year: int) -> HttpResponse | StreamingHttpResponse:
    """What the filter leaves of it; a filter with a fault goes back to the page that says so."""
    plan = _version(request, plan_of(request, agency, year))
    head = _head(plan.pk)
    form = _form(request, choices(head.chain, plan))
    if not form.is_valid():
        return redirect(f"{reverse('history', args=[agency, year])}?{request.GET.urlencode()}")
    lines = event_lines(all_events(head.chain, form.wanted()), labels_of_plan(plan))
    return _download(lines, f"{agency}-{year}-history.csv")


@require_safe
def accounts_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    check_accounts_history(actor(request))
    head = _head(None)
    form = _form(request, choices(head.chain))
    if not form.is_valid():
        return redirect(f"{reverse('accounts_history')}?{request.GET.urlencode()}")
    lines = event_lines(all_events(head.chain, form.wanted()), Labels())
    return _download(lines, "accounts-history.csv")


def _version(request: HttpRequest, newest: PlanRow) -> PlanRow:
    """The version that the address names, else the newest."""
    asked = request.GET.get("version", "")
    if not VERSION.fullmatch(asked) or int(asked) == newest.version:
        return newest
    return version_of(newest, int(asked))


def _head(plan_id: int | None) -> chains.Head:
    """The chain's, or that of a chain without events."""
    name = chains.NO_PLAN if plan_id is None else f"plan-{plan_id}"
    found = chains.heads(plan_id) if plan_id is not None else chains.heads()
    return next((head for head in found if head.chain == name), chains.Head(name, 0, ""))


def _form(request: HttpRequest, offered: Choices) -> HistoryFilterForm:
    return HistoryFilterForm(request.GET, choices=offered, action_word=action_word)


def _context(
    form: HistoryFilterForm, head: chains.Head, indicator: int | None = None
) -> dict[str, object]:
    """A filter with a fault shows nothing but the fault."""
    if not form.is_valid():
        return {"form": form, "head": head}
    turned = form.cleaned_data["before"], form.cleaned_data["after"]
    page = event_page(head.chain, form.wanted(indicator), before=turned[0], after=turned[1])
    lines = tuple(event_lines(page.events, labels(indicators_in(page.events))))
    is_filtered = any(form.cleaned_data.values())
    return {"form": form, "head": head, "lines": lines, "page": page, "is_filtered": is_filtered}


def _download(lines: Iterator[EventLine], name: str) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        history_csv(lines, get_language() or ""),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
