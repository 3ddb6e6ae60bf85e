"""An agency's working days: read by all of it, edited by its plan manager."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from indicators.actions import calendar as actions
from indicators.forms.calendar import CalendarDayForm
from indicators.permissions import Subject, check
from indicators.scorecards.calendar import calendar_page
from indicators.views.access import actor, plan_of, today
from indicators.views.refusals import shown_in


@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest, agency: str, year: int) -> HttpResponse:
    plan, me = plan_of(request, agency, year), actor(request)
    if request.method == "POST":
        check("calendar", me, Subject.of(plan))
    page = calendar_page(plan, me, today())
    form = CalendarDayForm(request.POST or None, first=page.first, last=page.last)
    if form.is_valid():
        with shown_in(form):
            actions.add_day(plan_id=plan.pk, **form.wanted(), actor=me, now=timezone.now())
            messages.success(request, _("已加入，各項期限重新計算工作天。"))
            return redirect("calendar", agency, year)
    return render(request, "calendar/calendar.html", {"page": page, "form": form})


@require_POST
def calendar_remove(request: HttpRequest, agency: str, year: int, pk: int) -> HttpResponse:
    plan = plan_of(request, agency, year)
    actions.remove_day(plan_id=plan.pk, pk=pk, actor=actor(request), now=timezone.now())
    messages.success(request, _("已移除，這一天依政府行政機關辦公日曆表計算。"))
    return redirect("calendar", agency, year)
