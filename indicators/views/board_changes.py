"""What a plan manager changes of one indicator from the board: deadline, unit, a deputy."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from indicators.actions.assigning import Assignment, assign
from indicators.actions.deputies import name_deputy
from indicators.forms.board import ExtendForm, ReassignForm
from indicators.forms.people import DeputyForm
from indicators.permissions import Subject, check
from indicators.queries import IndicatorRow
from indicators.scorecards.board_change import ChangePage, change_page, colleagues, other_units
from indicators.templatetags.kpi_format import roc_date
from indicators.views.access import actor, indicator_of, today
from indicators.views.board import back
from indicators.views.refusals import shown_in

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def board_due(request: HttpRequest, agency: str, year: int, pk: int) -> HttpResponse:
    row, page = _found(request, agency, year, pk)
    form = ExtendForm(
        request.POST or None,
        due=page.deadline.day,
        plan_due=row.plan.due,
        year=year,
        today=today(),
    )
    if not form.is_valid():
        return render(request, "board/due.html", {"page": page, "form": form})
    due = form.cleaned_data["due"]
    _assign(request, row, {"due": due}, form)
    messages.success(
        request,
        _("期限已延到 %(day)s。") % {"day": roc_date(due)},
        extra_tags=f"indicator-{pk}",
    )
    if not page.workdays.is_workday(due):
        sentence = _("%(day)s 不是工作天，前一個工作天是 %(before)s。")
        before = page.workdays.shift(due, -1)
        days = {"day": roc_date(due), "before": roc_date(before)}
        messages.warning(request, sentence % days, extra_tags=f"indicator-{pk}")
    return back(request, agency, year, f"indicator-{pk}")


@require_http_methods(METHODS)
def board_owner(request: HttpRequest, agency: str, year: int, pk: int) -> HttpResponse:
    row, page = _found(request, agency, year, pk)
    units = other_units(row)
    form = ReassignForm(request.POST or None, units=units, owner=row.owner_id)
    if not form.is_valid():
        return render(request, "board/owner.html", {"page": page, "form": form, "units": units})
    owner = form.cleaned_data["owner"]
    _assign(request, row, {"owner": owner}, form)
    sentence = _("已改由%(unit)s負責。") % {"unit": dict(units)[str(owner)]}
    messages.success(request, sentence, extra_tags=f"indicator-{pk}")
    return back(request, agency, year, f"indicator-{pk}")


@require_http_methods(METHODS)
def board_deputy(request: HttpRequest, agency: str, year: int, pk: int) -> HttpResponse:
    """For one of those who have the indicator and are away."""
    row, page = _found(request, agency, year, pk)
    me = actor(request)
    form = DeputyForm(
        request.POST or None, absent=page.absent, deputies=colleagues(row), own=me.user.pk
    )
    if page.absent and form.is_valid():
        with shown_in(form):
            name_deputy(**form.wanted(), actor=me, now=timezone.now())
            sentence = _("代理已設定，期間內的紀錄會同時寫明兩個人的姓名。")
            messages.success(request, sentence, extra_tags=f"indicator-{pk}")
            return back(request, agency, year, f"indicator-{pk}")
    return render(request, "board/deputy.html", {"page": page, "form": form})


def _found(
    request: HttpRequest, agency: str, year: int, pk: int
) -> tuple[IndicatorRow, ChangePage]:
    row = indicator_of(request, agency, year, pk)
    check("assign", actor(request), Subject.of(row.plan))
    return row, change_page(row, today())


def _assign(
    request: HttpRequest, row: IndicatorRow, wanted: dict[str, Any], form: forms.Form
) -> None:
    assign(
        plan_id=row.plan_id,
        wanted=Assignment(indicators={row.pk: wanted}),
        reason=form.cleaned_data["reason"],
        actor=actor(request),
        now=timezone.now(),
    )
