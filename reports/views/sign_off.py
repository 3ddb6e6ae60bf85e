"""A plan's steps from closing to publication and correction."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from indicators import actions, permissions
from indicators.forms import CorrectForm, ReopenForm
from indicators.forms.plans import PlanSearchForm
from indicators.permissions import Actor, NotAllowed, Subject
from indicators.queries import load_plan
from indicators.scorecards.plans import plans_under_way, visible_years
from indicators.scorecards.scored import score_plan
from indicators.scorecards.sign_off import SignOff, sign_off
from indicators.views.access import actor, plan_of
from indicators.views.paging import searched
from reports import publish as publishing
from reports.assembly import build_with_problems
from reports.consistency import audit
from reports.fonts import FontsUnavailable, MissingCharacters, missing_characters

FORMS: dict[str, type[ReopenForm]] = {"ask_back": ReopenForm, "correct": CorrectForm}
PLAIN: dict[str, Callable[..., Any]] = {"close": actions.close, "review": actions.review}


@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """All plans on their way; for the city, what waits for it first."""
    form = PlanSearchForm(request.GET, years=visible_years(request.user))
    found = plans_under_way(request.user, **form.wanted(), page=request.GET.get("page"))
    return render(request, "reports/sign_offs.html", searched(request, form, found))


@require_http_methods(["GET", "HEAD", "POST"])
def steps(request: HttpRequest, agency: str, year: int) -> HttpResponse:
    plan = plan_of(request, agency, year)
    who = actor(request)
    page = sign_off(plan, who)
    if request.method != "POST":
        return _page(request, page)
    name = request.POST.get("step", "")
    if name not in {*FORMS, *PLAIN}:
        raise BadRequest
    permissions.check_role(name, who, Subject.of(plan))
    form = _form(page, name, request.POST) if name in FORMS else None
    if form is not None and not _is_valid(form, name):
        return _page(request, page, **{name: form})
    return _take(request, page, who, name, form)


def _page(request: HttpRequest, page: SignOff, **bound: ReopenForm) -> HttpResponse:
    forms = {name: bound.get(name) or _form(page, name) for name in FORMS}
    invalid = next(iter(bound.values()), None)
    context = {"page": page.plan, "sign_off": page, "invalid": invalid, **forms}
    return render(request, "reports/sign_off.html", context)


def _form(page: SignOff, name: str, data: Any = None) -> ReopenForm:
    choices = [(item.pk, item.title) for item in page.indicators]
    return FORMS[name](data, choices=choices, prefix=name)


def _is_valid(form: ReopenForm, name: str) -> bool:
    """The report prints why it was corrected, so it must be able to: nobody can mend it later."""
    if form.is_valid() and name == "correct":
        with suppress(FontsUnavailable):
            if lacking := missing_characters(form.cleaned_data["reason"]):
                form.add_error("reason", str(MissingCharacters(lacking)))
    return form.is_valid()


def _take(
    request: HttpRequest, page: SignOff, who: Actor, name: str, form: ReopenForm | None
) -> HttpResponse:
    given: dict[str, Any] = {"plan_id": page.plan.plan_id, "actor": who, "now": timezone.now()}
    try:
        if form is not None:
            reopen = actions.ask_back if name == "ask_back" else actions.correct
            reason = form.cleaned_data["reason"]
            reopen(reason=reason, indicator_ids=form.chosen(), **given)
        elif name == "review":
            actions.review(seen=_seen(request), **given)
        else:
            actions.close(**given)
        messages.success(request, _done(name))
    except NotAllowed as error:
        messages.error(request, str(error))
    return redirect("plan_steps", page.plan.agency_code, page.plan.year)


def _done(name: str) -> str:
    return {
        "close": _("已關帳，現在由研考會複核；需要更改時請研考會退回。"),
        "review": _("已複核，接著可以公告。"),
        "ask_back": _("已退回，勾選的指標由承辦人補正，補正後須重新核定與關帳。"),
        "correct": _("已另立更正版本，勾選的指標由承辦人更正；已公告的版本不受影響。"),
    }[name]


def _seen(request: HttpRequest) -> int:
    """The plan's last step that the page showed; 0 where the form named none."""
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 19 else 0


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, agency: str, year: int) -> HttpResponse:
    """Asks once, naming what can't be changed afterwards."""
    plan = plan_of(request, agency, year)
    who = actor(request)
    page = sign_off(plan, who)
    if request.method == "POST":
        permissions.check_role("publish", who, Subject.of(plan))
        return _publish(request, page, who)
    if not page.can_publish:
        return redirect("plan_steps", agency, year)
    scored = score_plan(load_plan(plan))
    annual, problems = build_with_problems(scored, city=settings.CITY_NAME)
    context = {"page": page.plan, "sign_off": page, "findings": audit(scored, annual, problems)}
    return render(request, "reports/publish.html", context)


def _publish(request: HttpRequest, page: SignOff, who: Actor) -> HttpResponse:
    where = (page.plan.agency_code, page.plan.year)
    try:
        publishing.publish(
            plan_id=page.plan.plan_id,
            city=settings.CITY_NAME,
            actor=who,
            now=timezone.now(),
            seen=_seen(request),
        )
    except NotAllowed as error:
        messages.error(request, str(error))
        return redirect("plan_steps", *where)
    except (MissingCharacters, FontsUnavailable) as error:
        context = {"page": page.plan, "sign_off": page, "refusal": str(error)}
        status = 422 if isinstance(error, MissingCharacters) else 503
        return render(request, "reports/publish.html", context, status=status)
    messages.success(
        request, _("第 %(version)s 版已公告，檔案已保存。") % {"version": page.plan.version}
    )
    return redirect("versions", *where)
