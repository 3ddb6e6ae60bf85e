"""期中數值: one indicator through its year, entered by its clerk; and how it is followed."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from indicators import actions
from indicators.forms.interims import InterimForm, InterimSettingsForm
from indicators.interim_queries import (
    earlier_interims,
    has_values,
    load_interim,
    load_settings,
)
from indicators.permissions import Actor, Subject, can, check, why_locked
from indicators.queries import load_indicator, policy_of
from indicators.scorecards.interim_page import InterimPage, Line, interim_page
from indicators.scorecards.interim_words import parts_of
from indicators.scoring.interim import Interim
from indicators.scoring.periods import Period
from indicators.scoring.types import Method
from indicators.views.access import actor, indicator_of, today
from indicators.views.refusals import shown_in

if TYPE_CHECKING:
    from indicators.models import Indicator


@require_http_methods(["GET", "HEAD", "POST"])
def interim(request: HttpRequest, agency: str, year: int, pk: int) -> HttpResponse:
    row, who = indicator_of(request, agency, year, pk), actor(request)
    if request.method == "POST":
        check("record", who, Subject.of(row.plan, row))
    found = load_interim(row) or Interim(year, Period.NONE)
    page = page_of(row, found)
    form = InterimForm(found, page.asked(), page.labels(), _sent(request))
    if not form.is_valid():
        return _shown(request, row, who, page, form)
    try:
        changed = actions.record_interim(
            indicator_id=pk, edits=form.edits(), actor=who, now=timezone.now()
        )
    except actions.InterimClash as clash:
        form.ask(clash.clashes)
        return _shown(request, row, who, page, form, status=409)
    messages.success(request, _saved(changed))
    return redirect("interim", agency, year, pk)


def page_of(row: Indicator, found: Interim) -> InterimPage:
    plan = row.plan
    earlier = {}
    if row.lineage and found.periods:
        earlier = earlier_interims(plan.agency_id, [row.lineage], plan.year)
    return interim_page(
        load_indicator(row),
        found,
        policy_of(plan),
        today(),
        earlier.get(row.lineage, ()),
        agency_code=plan.agency.code,
        agency_name=plan.agency_name,
        year=plan.year,
    )


def _saved(changed: int) -> str:
    if not changed:
        return _("沒有變更，不必儲存。")
    sentence = ngettext("已儲存 %(count)s 個期中數值。", "已儲存 %(count)s 個期中數值。", changed)
    return sentence % {"count": changed}


def _shown(
    request: HttpRequest,
    row: Indicator,
    who: Actor,
    page: InterimPage,
    form: InterimForm,
    status: int = 200,
) -> HttpResponse:
    subject = Subject.of(row.plan, row)
    can_enter = can("record", who, subject) and bool(form.fields)
    form.describe(
        {(d.symbol, d.period): f"doubt-{d.period}" for line in page.lines for d in line.doubts}
    )
    context = {
        "row": row,
        "export": f"indicator={row.pk}",
        "page": page,
        "form": form,
        "rows": [_row(page, line, form if can_enter else None) for line in page.lines],
        "can_enter": can_enter,
        "can_open_entry": can("record", who, subject),
        "can_set": can("interim", who, subject),
        "lock": why_locked(subject),
    }
    return render(request, "interim/interim.html", context, status=status)


def _row(page: InterimPage, line: Line, form: InterimForm | None) -> tuple[object, ...]:
    """The line, its cells as (column, field or None, value), and what is to be chosen."""
    fields = form.row(line.number) if form else ()
    cells = zip_longest(page.columns, fields, line.values)
    return line, tuple(cells), form.row_choices(line.number) if form else ()


@require_http_methods(["GET", "HEAD", "POST"])
def interim_settings(request: HttpRequest, agency: str, year: int, pk: int) -> HttpResponse:
    row, who = indicator_of(request, agency, year, pk), actor(request)
    check("interim", who, Subject.of(row.plan, row))
    spec = load_indicator(row).spec
    is_listed = bool(spec.inputs) and not parts_of(spec)
    form = InterimSettingsForm(load_settings(row), parts_of(spec), _sent(request), is_listed)
    if form.is_valid():
        with shown_in(form):
            is_new = actions.set_interim(
                indicator_id=pk,
                wanted=form.wanted(),
                actor=who,
                now=timezone.now(),
                reason=form.cleaned_data["reason"],
            )
            messages.success(request, _set_said(is_new))
            return redirect("interim", agency, year, pk)
    context = {"row": row, "plan": row.plan, "form": form, "has_values": has_values(row)}
    context["is_staged"] = spec.method is Method.MILESTONES
    return render(request, "interim/settings.html", context)


def _set_said(is_new: bool) -> str:
    return _("已儲存期中追蹤的設定。") if is_new else _("沒有異動，內容與原來相同。")


def _sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None
