"""Naming who acts for somebody between two days, and ending it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators import history, models, permissions
from indicators.actions.refusals import Missing, Refused
from indicators.locking import retry
from indicators.models import Deputyship
from indicators.permissions import Actor, Post


@retry
@transaction.atomic
def name_deputy(
    *,
    absent_id: int,
    deputy_id: int,
    first_day: date,
    last_day: date,
    actor: Actor,
    now: datetime,
) -> None:
    """The deputy has a role in one of the absent person's agencies.

    Raises `NotAllowed`, `Missing`, and `Refused` for people or days that don't go together.
    """
    absent, deputy = _people(absent_id, deputy_id)
    agencies = _agencies(absent)
    post = permissions.check_deputies_of(actor, absent, agencies)
    _check_people(absent, deputy, agencies, by=actor.user)
    _check_days(first_day, last_day, timezone.localdate(now))
    _check_overlap(absent, deputy, first_day, last_day)
    row = Deputyship.objects.create(
        absent=absent, deputy=deputy, first_day=first_day, last_day=last_day
    )
    _note("name", row, {}, _content(row), actor=actor, post=post, now=now)


@retry
@transaction.atomic
def end_deputyship(*, pk: int, actor: Actor, now: datetime) -> None:
    """Today is its last day; one that has not begun goes. Raises `NotAllowed`, `Missing`,
    `Refused`."""
    today = timezone.localdate(now)
    row = _locked(pk, actor)
    post = permissions.check_deputies_of(actor, row.absent, _agencies(row.absent))
    if row.last_day <= today:
        raise Refused(_("這段代理已經結束，或今天就是最後一天。"))
    before = _content(row)
    if row.first_day > today:
        _note("cancel", row, before, {}, actor=actor, post=post, now=now)
        row.delete()
        return
    row.last_day = today
    row.save(update_fields=["last_day"])
    old, new = history.changes(before, _content(row))
    _note("end", row, old, new, actor=actor, post=post, now=now)


def _people(absent_id: int, deputy_id: int) -> tuple[models.User, models.User]:
    """The absent person's row is held, so that two deputyships can't cross unseen."""
    users = models.User.objects
    absent = users.select_for_update(no_key=True).filter(pk=absent_id).first()
    deputy = users.filter(pk=deputy_id).first()
    if absent is None or deputy is None:
        raise Missing
    return absent, deputy


def _agencies(user: models.User) -> frozenset[int]:
    roles = models.Role.objects.filter(user=user, agency__isnull=False)
    return frozenset(roles.values_list("agency_id", flat=True))


def _locked(pk: int, actor: Actor) -> Deputyship:
    """For those whom it concerns, and the plan managers of the absent person's agencies."""
    rows = Deputyship.objects.select_for_update(of=("self",)).select_related("absent", "deputy")
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Missing
    concerned = actor.user in (row.absent, row.deputy)
    if not concerned and not permissions.managed_agencies(actor) & _agencies(row.absent):
        raise Missing
    return row


def _check_people(
    absent: models.User, deputy: models.User, agencies: frozenset[int], *, by: models.User
) -> None:
    if deputy == absent:
        raise Refused(_("代理人請選另一個人。"), "deputy")
    if not deputy.is_active or not agencies & _agencies(deputy):
        raise Refused(_("代理人請選同機關、帳號使用中的同仁。"), "deputy")
    if deputy == by:
        raise Refused(_("替別人設定代理人時，不能指定您自己。"), "deputy")


def _check_days(first_day: date, last_day: date, today: date) -> None:
    if first_day < today:
        raise Refused(_("代理不能從過去的日期開始。"), "first_day")
    if last_day < first_day:
        raise Refused(_("最後一天不能早於第一天。"), "last_day")


def _check_overlap(absent: models.User, deputy: models.User, first: date, last: date) -> None:
    pair = Deputyship.objects.filter(absent=absent, deputy=deputy)
    if pair.filter(first_day__lte=last, last_day__gte=first).exists():
        raise Refused(_("這兩人在這段期間已經有代理，請先結束原來的，或改選日期。"), "first_day")


def _content(row: Deputyship) -> dict[str, Any]:
    return {
        "absent": row.absent.username,
        "deputy": row.deputy.username,
        "first_day": row.first_day,
        "last_day": row.last_day,
    }


def _note(
    action: str,
    row: Deputyship,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    actor: Actor,
    post: Post | None,
    now: datetime,
) -> None:
    history.record(
        plan=None,
        action=action,
        kind="deputyship",
        obj_id=row.pk,
        label=f"{row.absent}　{row.deputy}",
        before=before,
        after=after,
        by=actor.user,
        acting_for=post.of if post else None,
        now=now,
    )
