"""業務數據: the plan's work statistics in one grid, for whoever fills in some of them."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from indicators import actions, permissions
from indicators.figures import FigureLine
from indicators.forms.figures import FiguresForm
from indicators.permissions import Actor, Subject
from indicators.queries import PlanRow, figure_lines
from indicators.views.access import actor, plan_of


@require_http_methods(["GET", "HEAD", "POST"])
def figures(request: HttpRequest, agency: str, year: int) -> HttpResponse:
    plan, who = plan_of(request, agency, year), actor(request)
    # One's own come first.
    lines = sorted(figure_lines(plan), key=lambda line: not _may(who, plan, line))
    mine = [line for line in lines if _may(who, plan, line)]
    if request.method != "POST":
        return _page(request, plan, lines, FiguresForm(mine))
    if not mine:
        permissions.check("figures", who, Subject.of(plan))
    form = FiguresForm(mine, request.POST)
    if not form.is_valid():
        return _page(request, plan, lines, form)
    try:
        changed = actions.record_figures(
            plan_id=plan.pk, edits=form.edits(), actor=who, now=timezone.now()
        )
    except actions.FiguresClash as clash:
        form.ask(clash.clashes)
        return _page(request, plan, lines, form, status=409)
    messages.success(request, _saved(changed))
    return redirect("figures", agency, year)


def _may(who: Actor, plan: PlanRow, line: FigureLine) -> bool:
    return permissions.can("figures", who, Subject.of_unit(plan, line.owner_id))


def _saved(changed: int) -> str:
    if not changed:
        return _("沒有變更，不必儲存。")
    sentence = ngettext("已儲存 %(count)s 個數據。", "已儲存 %(count)s 個數據。", changed)
    return sentence % {"count": changed}


def _page(
    request: HttpRequest,
    plan: PlanRow,
    lines: Iterable[FigureLine],
    form: FiguresForm,
    status: int = 200,
) -> HttpResponse:
    lines = tuple(lines)
    context = {
        "plan": plan,
        "form": form,
        "rows": list(form.rows(lines)),
        "filled": sum(line.value is not None for line in lines),
        "lock": permissions.why_locked(Subject.of(plan)),
    }
    return render(request, "work/figures.html", context, status=status)
