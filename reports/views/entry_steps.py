"""Check once more, submit, and the page that says who has it now."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from indicators import actions
from indicators.entries import typed_from_record
from indicators.entry_checks import blocking
from indicators.entry_queries import approvers_of, evidence_of
from indicators.interim_queries import load_interim
from indicators.views.access import indicator_of, today
from indicators.work_queries import newest_steps
from reports.entry_sheet import last_entry, work_out
from reports.views.entry import approvers, desk_of

REVISION = re.compile(r"[0-9]{1,9}")


@require_http_methods(["GET", "POST"])
def entry_check(request: HttpRequest, agency: str, year: int, pk: int) -> HttpResponse:
    """What is stored, as it will be submitted; a draft that isn't saved is not part of it."""
    desk = desk_of(request, agency, year, pk)
    row, evidence = desk.row, evidence_of(desk.row)
    sheet = work_out(
        row,
        desk.stored,
        typed_from_record(desk.stored),
        proven={one.about for one in evidence},
        remarks={},
        refused={},
        interim=load_interim(row),
        last=last_entry(row),
    )
    back = HttpResponseRedirect(reverse("entry", args=[agency, year, pk]) + "?check=1")
    if blocking(list(sheet.findings)):
        return back
    if request.method == "POST":
        revision = request.POST.get("revision", "")
        looked_at = int(revision) if REVISION.fullmatch(revision) else -1
        try:
            actions.submit(indicator_id=pk, revision=looked_at, actor=desk.who, now=timezone.now())
        except actions.NotReady:
            return back
        return redirect("entry_sent", agency, year, pk)
    context = {
        "row": row,
        "plan": row.plan,
        "sheet": sheet,
        "page": sheet.page,
        "texts": sheet.texts,
        "warnings": sheet.findings,
        "evidence": evidence,
        "proofs": sheet.fields.proofs,
        "supervisors": approvers(desk),
    }
    return render(request, "entry/check.html", context)


@require_safe
def entry_sent(request: HttpRequest, agency: str, year: int, pk: int) -> HttpResponse:
    """Of an indicator that is not with the supervisor, its own page says how it stands."""
    row = indicator_of(request, agency, year, pk)
    if row.status != row.Status.SUBMITTED:
        return redirect("indicator", agency, year, pk)
    senders = newest_steps([pk])[pk].senders
    supervisors = approvers_of(row, today(), senders)
    context = {"row": row, "plan": row.plan, "supervisors": supervisors}
    return render(request, "entry/sent.html", context)
