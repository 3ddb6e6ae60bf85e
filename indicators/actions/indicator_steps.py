"""Steps of single indicators, as the table in permissions/rules.py has them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from indicators import models, permissions
from indicators.actions.entries import locked
from indicators.actions.moves import move
from indicators.entry_checks import Checked, Finding, blocking, check_entry
from indicators.entry_queries import proven
from indicators.locking import retry
from indicators.models import Indicator, Step
from indicators.permissions import Actor, NotAllowed, Post, Subject
from indicators.queries import load_indicator, policy_of
from indicators.records import IndicatorRecord
from indicators.scoring.aggregation import score_indicator


class NotReady(Exception):
    """The entry has faults that keep it from being submitted."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("The entry is not ready.")
        self.findings = findings


@retry
@transaction.atomic
def submit(*, indicator_id: int, revision: int, actor: Actor, now: datetime) -> None:
    """To the supervisor. Raises `NotAllowed`, and `NotReady` with what is to be mended.

    `revision` is the entry that the person has checked; another is not submitted unseen.
    """
    row = locked(indicator_id)
    post = permissions.check(Step.Name.SUBMIT, actor, Subject.of(row.plan, row))
    if row.revision != revision:
        raise NotAllowed(_("這項指標剛才有人更改過，請再核對一次後送出。"))
    record = load_indicator(row)
    findings = blocking(check_entry(checked(record, row)))
    if findings:
        raise NotReady(findings)
    move(row, Step.Name.SUBMIT, record, actor=actor, post=post, now=now)
    models.Draft.objects.filter(indicator=row, user=actor.user).delete()  # a colleague's stays


@retry
@transaction.atomic
def return_for_correction(
    *,
    indicator_id: int,
    reason: str,
    notes: Mapping[str, str] | None = None,
    revision: int | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Back to the clerk, with the reason and remarks on single fields. Raises `NotAllowed`.

    `revision` is the one that was looked at; None: whichever it is.
    """
    row = locked(indicator_id)
    post = permissions.check(Step.Name.RETURN, actor, Subject.of(row.plan, row))
    _check_seen(row, row.revision if revision is None else revision)
    permissions.check_reason(Step.Name.RETURN, reason)
    move(
        row,
        Step.Name.RETURN,
        load_indicator(row),
        actor=actor,
        post=post,
        now=now,
        reason=reason,
        notes=notes or {},
    )


@retry
@transaction.atomic
def approve(*, revisions: Mapping[int, int], actor: Actor, now: datetime) -> None:
    """All of them or none: indicator → the revision that was looked at. Raises `NotAllowed`."""
    for indicator_id in sorted(revisions):
        _approve(indicator_id, revisions[indicator_id], actor, now)


@retry
@transaction.atomic
def approve_each(*, revisions: Mapping[int, int], actor: Actor, now: datetime) -> tuple[str, ...]:
    """Those that still are as they were looked at; why the others are not approved.

    One that a colleague has decided or returned meanwhile does not keep the others waiting.
    """
    refused = []
    for indicator_id in sorted(revisions):
        try:
            _approve(indicator_id, revisions[indicator_id], actor, now)
        except NotAllowed as error:
            refused.append(str(error))
    return tuple(refused)


def _approve(indicator_id: int, revision: int, actor: Actor, now: datetime) -> None:
    """Refused before anything is written."""
    row = locked(indicator_id)
    post = _check_approve(row, actor)
    _check_seen(row, revision)
    permissions.check_four_eyes(row.title, last_submitted(row), actor, post)
    move(row, Step.Name.APPROVE, load_indicator(row), actor=actor, post=post, now=now)


def _check_approve(row: Indicator, actor: Actor) -> Post:
    """Which one of several is refused is part of the sentence."""
    try:
        return permissions.check(Step.Name.APPROVE, actor, Subject.of(row.plan, row))
    except NotAllowed as error:
        whole = {"title": row.title, "why": error}
        raise NotAllowed(_("「%(title)s」沒有核定：%(why)s") % whole) from error


def _check_seen(row: Indicator, revision: int) -> None:
    if row.revision != revision:
        raise NotAllowed(_("「%(title)s」在您審核時又有更改，請再看一次。") % {"title": row.title})


def last_submitted(row: Indicator) -> Step | None:
    """Who submitted it last. 1 query."""
    return row.steps.filter(name=Step.Name.SUBMIT).order_by("-pk").first()


def checked(record: IndicatorRecord, row: Indicator) -> Checked:
    """An entry with its result and its evidence. 1 query."""
    return Checked(record, score_indicator(record.spec, policy_of(row.plan)), proven(row))
