"""What is asked and answered about an indicator: for all who see its plan, written by some."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from indicators import permissions
from indicators.actions import comments as actions
from indicators.actions.refusals import Missing
from indicators.comment_queries import Asked, parties_of, remark_page, told_in
from indicators.forms.comments import CommentForm
from indicators.permissions import Actor, Subject
from indicators.scorecards.comments import Thread, threads
from indicators.templatetags.kpi_format import roc_moment
from indicators.views.access import actor, indicator_of
from indicators.views.refusals import shown_as_message, shown_in

if TYPE_CHECKING:
    from indicators.models import Indicator

KEY = re.compile(r"[1-9][0-9]{0,17}")


@require_http_methods(["GET", "HEAD", "POST"])
def comments(request: HttpRequest, agency: str, year: int, pk: int) -> HttpResponse:
    """POST begins a thread, or answers the one that is named."""
    row, who = indicator_of(request, agency, year, pk), actor(request)
    if request.method != "POST":
        return _page(request, row, who)
    thread = _key(request.POST.get("thread", ""))
    people = who.stands_for(row.plan.agency_id)
    told = told_in([thread], people).get(thread, ()) if thread is not None else ()
    permissions.check_answer(who, Subject.of(row.plan, row), told)
    parties = parties_of(row)
    form = CommentForm(request.POST, parties=parties, own=who.user.pk, thread=thread)
    if form.is_valid():
        with shown_in(form):
            said = actions.say(indicator_id=row.pk, **form.wanted(), actor=who, now=timezone.now())
            messages.success(request, _("已送出，看得到這份計畫的人都看得到。"))
            return _at(row, said.pk)
    return _page(request, row, who, form, status=422)


@require_POST
def comment_thread(
    request: HttpRequest, agency: str, year: int, pk: int, thread: int
) -> HttpResponse:
    """Marks a thread as resolved, or opens it again."""
    row, who = indicator_of(request, agency, year, pk), actor(request)
    permissions.check("comment", who, Subject.of(row.plan, row))
    steps = {"resolve": _resolve, "reopen": _reopen}
    step = steps.get(request.POST.get("op", ""))
    if step is None:
        raise BadRequest
    with shown_as_message(request):
        step(request, row, who, thread)
    return _at(row, thread)


def _resolve(request: HttpRequest, row: Indicator, who: Actor, thread: int) -> None:
    given = {"indicator_id": row.pk, "thread_id": thread}
    before = actions.resolve(**given, actor=who, now=timezone.now())
    if before is None:
        messages.success(request, _("已標為已解決；需要時可以重新開啟。"))
        return
    first = {"who": before.resolved_by, "at": roc_moment(before.resolved_at)}
    messages.info(request, _("%(who)s已於 %(at)s 標為已解決。") % first)


def _reopen(request: HttpRequest, row: Indicator, who: Actor, thread: int) -> None:
    given = {"indicator_id": row.pk, "thread_id": thread}
    if actions.reopen_thread(**given, actor=who, now=timezone.now()):
        messages.success(request, _("已重新開啟。"))
    else:
        messages.info(request, _("這則意見已經是未解決，不必重新開啟。"))


@require_POST
def mention_seen(request: HttpRequest, pk: int) -> HttpResponse:
    """From My work, or (`at`) from the comment itself."""
    mention = actions.see_mention(pk=pk, actor=actor(request), now=timezone.now())
    if "at" in request.POST:
        return _at(mention.comment.indicator, mention.comment_id)
    messages.success(request, _("已從「提到您的意見」移除；意見仍留在指標的意見頁。"))
    return redirect("my_work")


def _key(value: str) -> int | None:
    """The thread that is answered; None for a new one."""
    if value == "":
        return None
    if not KEY.fullmatch(value):
        raise BadRequest
    return int(value)


def _at(row: Indicator, comment: int) -> HttpResponseRedirect:
    """To the comment, which opens where it is folded away."""
    url = reverse("comments", args=[row.plan.agency.code, row.plan.year, row.pk])
    return HttpResponseRedirect(f"{url}?at={comment}#comment-{comment}")


def _page(
    request: HttpRequest,
    row: Indicator,
    who: Actor,
    form: CommentForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """`form` is the one that was sent and refused, in its place."""
    people, subject = who.stands_for(row.plan.agency_id), Subject.of(row.plan, row)
    page = remark_page(row, _asked(request, form), people)
    if page is None:
        raise Missing
    found = threads(page, people)
    if form is not None and form.thread is not None and not found.has(form.thread):
        raise Missing
    forms, at = _Forms(row, who, form), request.GET.get("at", "")
    may = permissions.can("comment", who, subject)

    def answer(thread: Thread) -> CommentForm | None:
        told = page.told.get(thread.pk, ())
        return forms.answer(thread) if permissions.can_answer(who, subject, told) else None

    context = {
        "row": row,
        "plan": row.plan,
        "page": page,
        "is_empty": found.is_empty,
        "open": [(thread, answer(thread)) for thread in found.open],
        "resolved": [
            (thread, forms.sent(thread.pk), page.thread is not None or thread.holds(at))
            for thread in found.resolved
        ],
        "may": may,
        "new": forms.new() if may and page.thread is None else None,
        "sent": form,
    }
    return render(request, "comments/comments.html", context, status=status)


def _asked(request: HttpRequest, form: CommentForm | None) -> Asked:
    """What isn't a number is as if it weren't there."""

    def number(name: str) -> int | None:
        value = request.GET.get(name, "")
        return int(value) if KEY.fullmatch(value) else None

    at = form.thread if form else number("at")
    return Asked(page=number("page"), thread=number("thread"), at=at)


class _Forms:
    """One for a new thread, and one for each that may be answered."""

    def __init__(self, row: Indicator, who: Actor, sent: CommentForm | None) -> None:
        self._own, self._sent = who.user.pk, sent
        self._parties = sent.parties if sent else parties_of(row)

    def sent(self, thread: int | None) -> CommentForm | None:
        return self._sent if self._sent is not None and self._sent.thread == thread else None

    def new(self) -> CommentForm:
        return self.sent(None) or CommentForm(parties=self._parties, own=self._own)

    def answer(self, thread: Thread) -> CommentForm:
        return self.sent(thread.pk) or CommentForm(
            parties=self._parties,
            own=self._own,
            thread=thread.pk,
            told=thread.whom_to_tell(self._own),
        )
