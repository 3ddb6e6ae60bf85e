"""Filling in one indicator: the fields, the draft that keeps itself, saving, and two at once.

Every button is a plain form's; htmx only sends the same form earlier. What was typed is kept as
the person's draft before anything else happens to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from indicators import actions
from indicators.accounts.kept import keeps_typing, kept_typing
from indicators.comment_queries import count_threads
from indicators.entries import Typed, typed_from_record, typed_from_text
from indicators.entry_checks import blocking
from indicators.entry_queries import approvers_of, draft_of, evidence_of, last_return, proven
from indicators.forms.entry import typed_from_post
from indicators.interim_queries import load_interim
from indicators.permissions import (
    OPEN,
    RULES,
    Actor,
    NotAllowed,
    Subject,
    can,
    check,
    has_role,
    why_locked,
)
from indicators.queries import load_indicator
from indicators.records import IndicatorRecord
from indicators.scorecards.interim_words import filled_line
from indicators.scorecards.words import indicator_tag
from indicators.views.access import actor, indicator_of, today
from reports.entry_sheet import LastEntry, Sheet, last_entry, work_out
from reports.views.entry_conflict import conflict, resolve
from reports.views.entry_evidence import take_in
from reports.views.entry_rows import changed_by

if TYPE_CHECKING:
    from indicators.holders import Seat
    from indicators.models import Draft, Indicator


@dataclass(frozen=True, slots=True)
class Desk:
    """One request's indicator as it is stored, and who works on it."""

    request: HttpRequest
    row: Indicator
    who: Actor
    stored: IndicatorRecord

    @property
    def address(self) -> tuple[str, int, int]:
        return self.row.plan.agency.code, self.row.plan.year, self.row.pk

    @property
    def subject(self) -> Subject:
        return Subject.of(self.row.plan, self.row)


def reached(request: HttpRequest, agency: str, year: int, pk: int) -> Desk:
    """For whoever may see the plan."""
    row = indicator_of(request, agency, year, pk)
    return Desk(request, row, actor(request), load_indicator(row))


def approvers(desk: Desk) -> tuple[Seat, ...]:
    """Who will have it once this person submits it."""
    where = desk.subject.agency_id, desk.subject.unit_id
    post = desk.who.post(RULES["submit"].roles, *where)
    senders = {desk.who.user.pk, *([post.of.pk] if post and post.of else [])}
    return approvers_of(desk.row, today(), senders)


def desk_of(request: HttpRequest, agency: str, year: int, pk: int) -> Desk:
    """Raises `NotAllowed` for who may not fill it in, or not now."""
    desk = reached(request, agency, year, pk)
    check("record", desk.who, desk.subject)
    return desk


def typing_desk_of(request: HttpRequest, agency: str, year: int, pk: int) -> Desk:
    """As `desk_of`; what was typed while a colleague submitted it is kept before it is refused."""
    desk = reached(request, agency, year, pk)
    if not can("record", desk.who, desk.subject) and has_role("record", desk.who, desk.subject):
        typed = typed_from_post(request.POST, desk.stored)
        if desk.row.plan.status in OPEN and _keep(desk, typed, _revision(request.POST)):
            kept = _("您填寫的內容已保留；退回補正後，會在填報頁出現。")
            raise NotAllowed(f"{why_locked(desk.subject)}{kept}")
    check("record", desk.who, desk.subject)
    return desk


@keeps_typing
@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, agency: str, year: int, pk: int) -> HttpResponse:
    if request.method == "POST":
        return _posted(typing_desk_of(request, agency, year, pk))
    desk = reached(request, agency, year, pk)
    if not can("record", desk.who, desk.subject):
        return redirect("indicator", agency, year, pk)  # which says why
    return _opened(desk)


@keeps_typing
@require_POST
def entry_draft(request: HttpRequest, agency: str, year: int, pk: int) -> HttpResponse:
    """Keeps what is typed and answers with what follows from it."""
    desk = typing_desk_of(request, agency, year, pk)
    typed = typed_from_post(request.POST, desk.stored)
    draft = _keep(desk, typed, _revision(request.POST))
    context = _context(desk, _worked_out(desk, typed, last=last_entry(desk.row)), draft)
    return render(request, "entry/_live.html", context)


def _opened(desk: Desk) -> HttpResponse:
    """With the draft, if there is one; with what a log-in interrupted, as the draft."""
    if (kept := kept_typing(desk.request)) is not None:
        typed = typed_from_post(kept, desk.stored)
        _keep(desk, typed, _revision(kept))
        said = _("登入逾時前填寫的內容已放回草稿，請核對後儲存。")
        messages.info(desk.request, said)
    draft = draft_of(desk.row, desk.who.user)
    typed = typed_from_text(draft.content, desk.stored) if draft else typed_from_record(desk.stored)
    return _shown(desk, typed, draft, summary="check" in desk.request.GET)


def _posted(desk: Desk) -> HttpResponse:
    post = desk.request.POST
    typed, op = typed_from_post(post, desk.stored), post.get("op", "save")
    if op == "discard":
        actions.discard_draft(row=desk.row, actor=desk.who)
        messages.success(desk.request, _("已捨棄草稿，以下是已儲存的內容。"))
        return redirect("entry", *desk.address)
    if op == "resolve":
        return resolve(desk.request, desk.row, desk.who, desk.stored)
    refused = take_in(desk.request, desk.row, desk.who, desk.stored)
    if op not in {"save", "leave", "check"} or refused:
        typed, place = changed_by(
            op, typed, post, _worked_out(desk, typed).item, desk.row.plan.year
        )
        draft = _keep(desk, typed, _revision(post))
        if refused:
            return _shown(desk, typed, draft, refused=refused, status=422)
        return _at(desk, place)
    return _saved(desk, typed, op)


def _saved(desk: Desk, typed: Typed, op: str) -> HttpResponse:
    revision, now = _revision(desk.request.POST), timezone.now()
    sheet = _worked_out(desk, typed)
    if sheet.faults:
        draft = _keep(desk, typed, revision)
        return _shown(desk, typed, draft, summary=True, status=422)
    try:
        actions.record_entry(
            indicator_id=desk.row.pk, entry=sheet.entry, revision=revision, actor=desk.who, now=now
        )
    except actions.Conflict as error:
        _keep(desk, typed, revision)
        return conflict(desk.request, desk.row, error, sheet.entry, revision)
    if op == "check":
        return _checked(desk, sheet)
    messages.success(desk.request, _("已儲存「%(title)s」。") % {"title": desk.row.title})
    return redirect("my_work") if op == "leave" else redirect("entry", *desk.address)


def _checked(desk: Desk, sheet: Sheet) -> HttpResponse:
    if blocking(list(sheet.findings)):
        return HttpResponseRedirect(reverse("entry", args=desk.address) + "?check=1")
    return redirect("entry_check", *desk.address)


def _at(desk: Desk, place: str) -> HttpResponse:
    """Back to the field that has just come, gone or changed."""
    url = reverse("entry", args=desk.address)
    return HttpResponseRedirect(f"{url}?at={place}#{place}" if place else url)


def _keep(desk: Desk, typed: Typed, revision: int) -> Draft | None:
    """The draft, if it says anything but what is stored."""
    if typed == typed_from_record(desk.stored):
        actions.discard_draft(row=desk.row, actor=desk.who)
        return None
    return actions.keep_draft(
        row=desk.row,
        content=typed.as_text(),
        revision=min(revision, desk.row.revision),
        actor=desk.who,
        now=timezone.now(),
    )


def _revision(post: QueryDict) -> int:
    """What the person started from; 0, which makes a conflict of any change, if it is no number."""
    value = post.get("revision", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0


def _worked_out(
    desk: Desk,
    typed: Typed,
    refused: Mapping[str, str] | None = None,
    last: LastEntry | None = None,
) -> Sheet:
    back = last_return(desk.row)
    return work_out(
        desk.row,
        desk.stored,
        typed,
        proven=proven(desk.row),
        remarks=back.notes if back else {},
        refused=refused or {},
        interim=load_interim(desk.row),
        last=last,
    )


def _shown(
    desk: Desk,
    typed: Typed,
    draft: Draft | None,
    *,
    summary: bool = False,
    refused: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    last = last_entry(desk.row)
    sheet = _worked_out(desk, typed, refused, last)
    context = _context(desk, sheet, draft) | {
        "last_analysis": last.analysis() if last else (),
        "comments": count_threads(desk.row),
    }
    if refused:
        context["errors"] = tuple(refused.items())
    elif summary:
        context["errors"] = sheet.fields.errors
    return render(desk.request, "entry/entry.html", context, status=status)


def _context(desk: Desk, sheet: Sheet, draft: Draft | None) -> dict[str, object]:
    row = desk.row
    measurement = getattr(row, "measurement", None)
    is_begun = draft is not None or bool(measurement and measurement.recorded_by_id)
    return {
        "row": row,
        "plan": row.plan,
        "sheet": sheet,
        "page": sheet.page,
        "fields": sheet.fields,
        "texts": sheet.texts,
        "draft": draft,
        "revision": draft.revision if draft else row.revision,
        "is_behind": draft is not None and draft.revision < row.revision,
        "status": indicator_tag(row.status, is_begun=is_begun),
        "measurement": measurement,
        "back": last_return(row),
        "evidence": evidence_of(row),
        "supervisors": approvers(desk),
        "due": row.due or row.plan.due,
        "at": desk.request.GET.get("at", ""),
        "interim_line": filled_line(desk.stored.spec, sheet.interim),
    }
