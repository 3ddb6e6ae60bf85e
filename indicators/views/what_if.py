"""What-if: the plan with values that only the address moves. Nothing is written."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from indicators.event_queries import last_change
from indicators.forms.what_if import read
from indicators.queries import load_plan
from indicators.scorecards.scored import score_plan
from indicators.scorecards.what_if import movables_of, what_if_page
from indicators.scorecards.what_if import what_if as moved_plan
from indicators.scorecards.what_if_fields import trial_fields
from indicators.views.access import plan_of

LONGEST_ADDRESS = 3_500  # bytes; a server reads 4,094 of a request's line


@require_safe
def what_if(request: HttpRequest, agency: str, year: int) -> HttpResponse:
    """What the form sends, which says `go`, leads to the shortest address that says the same.

    Unless that were too long to be asked for, as what is quoted in an address grows: then it is
    answered as it came.
    """
    row = plan_of(request, agency, year)
    plan = score_plan(load_plan(row, with_texts=False))
    keys = [item.record.pk for item in plan.indicators() if item.record.pk]
    asked = read(request.GET, movables_of(plan), keys)
    path = reverse("what_if", args=[agency, year])
    short = _with(path, asked.query())
    if "go" in request.GET and len(short) <= LONGEST_ADDRESS:
        return HttpResponseRedirect(short)
    context = {
        "page": what_if_page(plan, moved_plan(plan, asked.moves)),
        "fields": trial_fields(plan, asked.moves, asked.typed, asked.faults, asked.open),
        "asked": asked,
        "path": path,
        "address": request.build_absolute_uri(_with(path, asked.address())),
        "changed": last_change(row),
    }
    return render(request, "indicators/what_if.html", context)


def _with(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path
