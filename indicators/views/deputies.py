"""Who acts for whom, from day to day."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from indicators.actions import deputies as actions
from indicators.forms.people import DeputyForm
from indicators.scorecards.deputies import deputies_page
from indicators.views.access import actor, today
from indicators.views.refusals import shown_as_message, shown_in


@require_http_methods(["GET", "HEAD", "POST"])
def deputies(request: HttpRequest) -> HttpResponse:
    """One's own and, for a plan manager, the agency's; POST names a deputy."""
    me = actor(request)
    page = deputies_page(me, today())
    form = DeputyForm(
        request.POST or None, absent=page.absent, deputies=page.deputies, own=me.user.pk
    )
    if form.is_valid():
        with shown_in(form):
            actions.name_deputy(**form.wanted(), actor=me, now=timezone.now())
            messages.success(request, _("代理已設定，期間內的紀錄會同時寫明兩個人的姓名。"))
            return redirect("deputies")
    return render(request, "deputies/deputies.html", {"page": page, "form": form})


@require_POST
def deputy_end(request: HttpRequest, pk: int) -> HttpResponse:
    with shown_as_message(request):
        actions.end_deputyship(pk=pk, actor=actor(request), now=timezone.now())
        messages.success(request, _("代理已結束。"))
    return redirect("deputies")
