"""What was said about an indicator, and who may be told of it, as plain data."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from indicators import models
from indicators.permissions import RULES, Actor

NAMES = models.Role.Name
OF_UNITS = (NAMES.CLERK, NAMES.SUPERVISOR)  # the others have a part in every indicator
ORDER = (NAMES.CLERK, NAMES.SUPERVISOR, NAMES.PLAN_MANAGER, NAMES.REVIEWER)
OPEN = Q(comment__parent=None, comment__resolved_at=None) | Q(
    comment__parent__isnull=False, comment__parent__resolved_at=None
)


@dataclass(frozen=True, slots=True)
class ThreadCount:
    total: int
    open: int

    @property
    def resolved(self) -> int:
        return self.total - self.open


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody whom a comment mentions."""

    pk: int
    user_id: int
    person: str
    is_seen: bool


@dataclass(frozen=True, slots=True)
class Remark:
    """One comment; `acting_for` and `resolved_by` are empty where there is nobody."""

    pk: int
    parent_id: int | None
    by_id: int
    by: str
    acting_for: str
    role: str
    at: datetime
    text: str
    told: tuple[Told, ...]
    resolved_at: datetime | None
    resolved_by: str


@dataclass(frozen=True, slots=True)
class Party:
    """Who can be told: they see the plan, and find it in their work. `is_near`: takes part."""

    user_id: int
    person: str
    account: str
    role: str
    unit: str
    is_near: bool


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A comment that waits for somebody's answer; `absent`: whose deputy the person is."""

    pk: int
    comment_pk: int
    agency_code: str
    agency_name: str
    year: int
    indicator_pk: int
    title: str
    by: str
    role: str
    text: str
    at: datetime
    absent: str


def count_threads(row: models.Indicator) -> ThreadCount:
    """1 query."""
    threads = models.Comment.objects.threads().filter(indicator=row)
    found = threads.aggregate(total=Count("pk"), open=Count("pk", filter=Q(resolved_at=None)))
    return ThreadCount(found["total"], found["open"])


def remarks_of(row: models.Indicator) -> tuple[Remark, ...]:
    """Oldest first. 2 queries."""
    told: dict[int, list[Told]] = defaultdict(list)
    mentions = models.Mention.objects.filter(comment__indicator=row).select_related("user")
    for mention in mentions.order_by("pk"):
        whom = Told(mention.pk, mention.user_id, str(mention.user), mention.seen_at is not None)
        told[mention.comment_id].append(whom)
    comments = models.Comment.objects.filter(indicator=row).in_order()
    return tuple(_remark(comment, told[comment.pk]) for comment in comments)


def _remark(row: models.Comment, told: list[Told]) -> Remark:
    return Remark(
        pk=row.pk,
        parent_id=row.parent_id,
        by_id=row.by_id,
        by=str(row.by),
        acting_for=str(row.acting_for or ""),
        role=row.role,
        at=row.at,
        text=row.text,
        told=tuple(told),
        resolved_at=row.resolved_at,
        resolved_by=str(row.resolved_by or ""),
    )


def parties_of(row: models.Indicator) -> tuple[Party, ...]:
    """The indicator's clerks first, then its supervisors, managers, the city, others. 1 query."""
    roles = models.Role.objects.filter(
        Q(agency=row.plan.agency_id) | Q(agency=None),
        name__in=RULES["comment"].roles,
        user__is_active=True,
    )
    found = [_party(role, row) for role in roles.select_related("user", "unit").order_by("pk")]
    found.sort(key=lambda p: (not p.is_near, ORDER.index(NAMES(p.role)), not p.unit))
    first: dict[int, Party] = {}
    for party in found:
        first.setdefault(party.user_id, party)
    return tuple(first.values())


def _party(role: models.Role, row: models.Indicator) -> Party:
    is_near = role.name not in OF_UNITS or role.unit_id in (None, row.owner_id)
    return Party(
        user_id=role.user_id,
        person=str(role.user),
        account=role.user.username,
        role=role.name,
        unit=role.unit.name if role.unit else "",
        is_near=is_near,
    )


def mentions_of(actor: Actor) -> tuple[Mentioned, ...]:
    """Those of open threads that the person, or who they stand for, has not dealt with.

    Newest first; only of plans that the person may see. 1 query.
    """
    whose = Q(user=actor.user)
    for agency in {post.agency_id for post in actor.posts if post.of and post.agency_id}:
        of_agency = Q(comment__indicator__plan__agency=agency)
        whose |= Q(user__in=actor.stands_for(agency)) & of_agency
    agencies = models.Agency.objects.visible_to(actor.user)
    rows = models.Mention.objects.filter(whose, OPEN, seen_at=None)
    visible = rows.filter(comment__indicator__plan__agency__in=agencies)
    joined = visible.select_related("user", "comment__by", "comment__indicator__plan__agency")
    return tuple(_mentioned(row, actor) for row in joined.order_by("-pk"))


def _mentioned(row: models.Mention, actor: Actor) -> Mentioned:
    comment, plan = row.comment, row.comment.indicator.plan
    return Mentioned(
        pk=row.pk,
        comment_pk=comment.pk,
        agency_code=plan.agency.code,
        agency_name=plan.agency_name,
        year=plan.year,
        indicator_pk=comment.indicator_id,
        title=comment.indicator.title,
        by=str(comment.by),
        role=comment.role,
        text=comment.text,
        at=comment.at,
        absent="" if row.user_id == actor.user.pk else str(row.user),
    )
