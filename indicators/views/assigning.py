"""Owners and deadlines: the plan manager's page of an open plan."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from indicators.actions.assigning import Assignment
from indicators.actions.assigning import assign as store
from indicators.forms.assigning import AssignForm
from indicators.permissions import Subject, check
from indicators.scorecards.assigning import AssignPage, assign_page
from indicators.views.access import actor, plan_of, today


@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: HttpRequest, agency: str, year: int) -> HttpResponse:
    plan = plan_of(request, agency, year)
    me = actor(request)
    check("assign", me, Subject.of(plan))
    page = assign_page(plan)
    form = _form(request, page)
    if form.is_valid():
        changed = store(
            plan_id=plan.pk,
            wanted=Assignment(**form.wanted()),
            reason=form.cleaned_data["reason"],
            actor=me,
            now=timezone.now(),
        )
        messages.success(request, _said(changed))
        return redirect("assign", agency, year)
    return render(request, "assigning/assign.html", {"page": page, "form": form})


def _form(request: HttpRequest, page: AssignPage) -> AssignForm:
    return AssignForm(
        request.POST or None,
        due=page.due,
        units=page.units,
        indicators=page.indicators,
        figures=page.figures,
        year=page.year,
        today=today(),
    )


def _said(changed: int) -> str:
    if not changed:
        return _("沒有異動，內容與原來相同。")
    return ngettext("已儲存 %(count)d 項異動。", "已儲存 %(count)d 項異動。", changed) % {
        "count": changed
    }
