"""The completeness board: who is late, and what a supervisor does about it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from indicators.actions import reminders
from indicators.actions.refusals import Refused
from indicators.board_queries import load_board
from indicators.scorecards import board as page
from indicators.scorecards.board_rows import NO_UNIT
from indicators.views.access import actor, plan_of, today


@require_safe
def board(request: HttpRequest, agency: str, year: int) -> HttpResponse:
    plan, day = plan_of(request, agency, year), today()
    shown = page.board(load_board(plan, day), actor(request), day, request.GET.get("show", ""))
    return render(request, "board/board.html", {"page": shown})


@require_POST
def board_remind(request: HttpRequest, agency: str, year: int, pk: int) -> HttpResponse:
    plan, anchor = plan_of(request, agency, year), f"indicator-{pk}"
    try:
        told = reminders.remind(
            plan_id=plan.pk, indicator_id=pk, actor=actor(request), now=timezone.now()
        )
        _say(request, told, anchor)
    except Refused as refusal:
        messages.error(request, str(refusal), extra_tags=anchor)
    return back(request, agency, year, anchor)


@require_POST
def board_remind_unit(request: HttpRequest, agency: str, year: int, unit: int) -> HttpResponse:
    """All that a unit has not finished; `NO_UNIT`: what has no unit."""
    plan, anchor = plan_of(request, agency, year), f"unit-{unit}"
    try:
        told = reminders.remind_unit(
            plan_id=plan.pk,
            unit_id=None if unit == NO_UNIT else unit,
            actor=actor(request),
            now=timezone.now(),
        )
        _say(request, told, anchor)
    except Refused as refusal:
        messages.error(request, str(refusal), extra_tags=anchor)
    return back(request, agency, year, anchor)


def back(request: HttpRequest, agency: str, year: int, anchor: str) -> HttpResponse:
    """To the row that it was about, among those that were shown."""
    show = request.POST.get("show", "")
    query = f"?{urlencode({'show': show})}" if show in (page.LATE, page.OPEN) else ""
    return redirect(f"{reverse('board', args=[agency, year])}{query}#{anchor}")


def _say(request: HttpRequest, told: reminders.Told, anchor: str) -> None:
    """A sentence for those who were reminded, and for those who were not."""

    def said(level: int, sentence: str, names: tuple[str, ...]) -> None:
        if names:
            people = {"people": _("、").join(names)}
            messages.add_message(request, level, sentence % people, extra_tags=anchor)

    sent = tuple(name for name in told.sent if name not in told.failed)
    said(messages.SUCCESS, _("已寄信提醒%(people)s。"), sent)
    said(
        messages.ERROR,
        _("給%(people)s的信沒有寄出，郵件主機沒有收下。請稍後再提醒一次。"),
        tuple(told.failed),
    )
    said(messages.INFO, _("今天已經提醒過%(people)s，不再重寄。"), told.already)
    said(
        messages.WARNING,
        _("%(people)s沒有電子郵件地址，請另行通知。"),
        told.unreachable,
    )
