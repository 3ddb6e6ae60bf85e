"""Two people at one indicator: the second sees both values side by side and chooses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators import actions
from indicators.entries import Entry, entry_of, merged, typed_from_text
from indicators.entry_queries import draft_of, saves_since
from indicators.forms.entry import read_entry
from indicators.history import changes
from indicators.permissions import Actor
from indicators.records import IndicatorRecord
from indicators.scorecards.field_words import place_words, value_words

if TYPE_CHECKING:
    from indicators.models import AuditEvent, Indicator

TAKE = "take:"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field: what is stored now and by whom, and what this person typed.

    `is_choice`: both changed it. Else `take_mine` says whose change stands.
    """

    field: str
    name: str
    theirs: str
    mine: str
    by: AuditEvent | None
    is_choice: bool
    take_mine: bool


def conflict(
    request: HttpRequest, row: Indicator, found: actions.Conflict, mine: Entry, revision: int
) -> HttpResponse:
    differences = _differences(row, found, mine, revision)
    context = {
        "row": row,
        "plan": row.plan,
        "revision": found.revision,
        "choices": [one for one in differences if one.is_choice],
        "kept": [one for one in differences if not one.is_choice],
    }
    return render(request, "entry/conflict.html", context, status=409)


def _differences(
    row: Indicator, found: actions.Conflict, mine: Entry, revision: int
) -> list[Difference]:
    """Against what both started from, which the history still has."""
    events = saves_since(row, revision)
    before, by = _started_from(events)
    theirs, own = changes(entry_of(found.now).flat(), mine.flat())
    return [_difference(field, theirs, own, before, by.get(field), found) for field in own]


def _started_from(
    events: list[AuditEvent],
) -> tuple[dict[str, Any], dict[str, AuditEvent]]:
    """The value of each field before the first of these saves, and its newest save."""
    before: dict[str, Any] = {}
    by: dict[str, AuditEvent] = {}
    for event in events:
        content = event.content()
        for field, value in content["before"].items():
            before.setdefault(field, value)
        by |= dict.fromkeys(content["after"], event)
    return before, by


def _difference(
    field: str,
    theirs: Mapping[str, Any],
    own: Mapping[str, Any],
    before: Mapping[str, Any],
    by: AuditEvent | None,
    found: actions.Conflict,
) -> Difference:
    """Untouched by them: mine stands. As it was when I began: theirs stands. Else a choice."""
    touched = by is not None
    unchanged = touched and not changes({field: before[field]}, {field: own[field]})[1]
    return Difference(
        field=field,
        name=place_words(found.now, field),
        theirs=value_words(theirs.get(field)),
        mine=value_words(own[field]),
        by=by,
        is_choice=touched and not unchanged,
        take_mine=not touched,
    )


def resolve(
    request: HttpRequest, row: Indicator, who: Actor, stored: IndicatorRecord
) -> HttpResponse:
    """What the person chose, on top of what is stored; somebody may have been quicker again."""
    draft = draft_of(row, who.user)
    if draft is None:
        return redirect("entry", row.plan.agency.code, row.plan.year, row.pk)
    mine, faults = read_entry(typed_from_text(draft.content, stored), stored)
    take_mine = {
        name.removeprefix(TAKE)
        for name, value in request.POST.items()
        if name.startswith(TAKE) and value == "mine"
    }
    if any(fault.field in take_mine for fault in faults):  # typed on in another tab since
        where = reverse("entry", args=[row.plan.agency.code, row.plan.year, row.pk])
        return HttpResponseRedirect(f"{where}?check=1")
    entry = merged(entry_of(stored), mine, frozenset(take_mine))
    revision = _number(request.POST.get("revision", ""))
    try:
        actions.record_entry(
            indicator_id=row.pk, entry=entry, revision=revision, actor=who, now=timezone.now()
        )
    except actions.Conflict as error:
        return conflict(request, row, error, entry, revision)
    messages.success(request, _("已依您的選擇儲存「%(title)s」。") % {"title": row.title})
    return redirect("entry", row.plan.agency.code, row.plan.year, row.pk)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
