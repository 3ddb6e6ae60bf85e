"""Who acts for whom, as one person may see it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext

from indicators.models import Deputyship, Role, User
from indicators.permissions import Actor, managed_agencies
from indicators.scorecards.organisation import Choice
from indicators.scorecards.words import Tag


@dataclass(frozen=True, slots=True)
class DeputyLine:
    """`hint`: what should be known about the deputy, empty if nothing."""

    pk: int
    absent: str
    deputy: str
    first_day: date
    last_day: date
    tag: Tag
    can_end: bool
    hint: str


@dataclass(frozen=True, slots=True)
class DeputiesPage:
    """`absent`: for whom a deputy may be named, empty where only for oneself."""

    has_role: bool
    is_manager: bool
    for_me: tuple[DeputyLine, ...]
    by_me: tuple[DeputyLine, ...]
    of_others: tuple[DeputyLine, ...]
    absent: list[Choice]
    deputies: list[Choice]


def deputies_page(actor: Actor, today: date) -> DeputiesPage:
    """4 queries, 6 for a plan manager."""
    managed = managed_agencies(actor)
    own = frozenset(p.agency_id for p in actor.posts if p.of is None and p.agency_id is not None)
    rows = _rows(actor.user, managed, today)
    away = _away([row.deputy_id for row in rows], today)
    lines = [(row, _line(row, away, actor, managed, today)) for row in rows]
    me = actor.user.pk
    return DeputiesPage(
        has_role=bool(own),
        is_manager=bool(managed),
        for_me=tuple(line for row, line in lines if row.absent_id == me),
        by_me=tuple(line for row, line in lines if row.deputy_id == me),
        of_others=tuple(line for row, line in lines if me not in (row.absent_id, row.deputy_id)),
        absent=_absent(actor.user, managed, is_needed=bool(own)) if managed else [],
        deputies=people_of(own | managed, without=None if managed else actor.user),
    )


def _rows(user: User, managed: Collection[int], today: date) -> list[Deputyship]:
    """Not yet over: one's own, and those of the people whom one manages."""
    of_agency = Role.objects.filter(agency__in=managed).values("user")
    concerned = Q(absent=user) | Q(deputy=user) | Q(absent__in=of_agency)
    rows = Deputyship.objects.filter(concerned, last_day__gte=today)
    return list(rows.select_related("absent", "deputy").order_by("first_day", "pk"))


def _away(deputies: Collection[int], today: date) -> list[Deputyship]:
    """When the deputies themselves are away."""
    rows = Deputyship.objects.filter(absent__in=deputies, last_day__gte=today)
    return list(rows.order_by("first_day", "pk"))


def _line(
    row: Deputyship, away: list[Deputyship], actor: Actor, managed: Collection[int], today: date
) -> DeputyLine:
    begun = row.first_day <= today
    now, later = Tag("ok", gettext("代理中")), Tag("draft", gettext("尚未開始"))
    return DeputyLine(
        pk=row.pk,
        absent=str(row.absent),
        deputy=str(row.deputy),
        first_day=row.first_day,
        last_day=row.last_day,
        tag=now if begun else later,
        can_end=_can_end(row, actor, managed) and row.last_day > today,
        hint=_hint(row, away),
    )


def _can_end(row: Deputyship, actor: Actor, managed: Collection[int]) -> bool:
    return row.absent_id == actor.user.pk or (bool(managed) and row.deputy_id != actor.user.pk)


def _hint(row: Deputyship, away: list[Deputyship]) -> str:
    if not row.deputy.is_active:
        return gettext("%(deputy)s的帳號已停用，請改請別人代理。") % {"deputy": row.deputy}
    crossing = (
        other
        for other in away
        if other.absent_id == row.deputy_id
        and other.first_day <= row.last_day
        and other.last_day >= row.first_day
    )
    if next(crossing, None) is None:
        return ""
    return gettext("%(deputy)s這段期間也請了代理人；代理不會再轉給別人，請核對日期。") % {
        "deputy": row.deputy
    }


def _absent(user: User, managed: Collection[int], *, is_needed: bool) -> list[Choice]:
    me: list[Choice] = [(str(user.pk), gettext("本人"))] if is_needed else []
    return [*me, *people_of(managed, without=user)]


def people_of(agencies: Collection[int], *, without: User | None) -> list[Choice]:
    """Active people with a role in one of the agencies. 1 query."""
    held = Role.objects.filter(agency__in=agencies).values("user")
    users = User.objects.filter(pk__in=held, is_active=True).order_by("username")
    return [(str(user.pk), _named(user)) for user in users if user != without]


def _named(user: User) -> str:
    return gettext("%(name)s（%(username)s）") % {"name": user, "username": user.username}
