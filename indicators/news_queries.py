"""What was changed lately of what people have to do, as plain data."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from indicators import models

NEWS_FOR = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Lent:
    """A deputyship of the person's; `is_mine`: they are away, else they are the deputy."""

    person: str
    is_mine: bool
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Happened:
    """An event about an indicator, a plan or (`lent`) a deputyship, whose keys are `key`."""

    kind: str
    key: int
    action: str
    by_id: int | None
    by: str
    acting_for: str
    at: datetime
    reason: str
    before: Mapping[str, str | None]
    after: Mapping[str, str | None]
    lent: Lent | None = None


def happened(user: models.User, plans: Collection[int], today: date) -> tuple[Happened, ...]:
    """Owners and deadlines of these plans, and the person's deputyships; the oldest first.

    3 queries.
    """
    first = today - NEWS_FOR
    recent = models.AuditEvent.objects.filter(
        at__gte=timezone.make_aware(datetime.combine(first, time.min))
    ).order_by("pk")
    assigned = recent.filter(plan__in=plans, action="assign", object_kind__in=["plan", "indicator"])
    between = models.Deputyship.objects.among_colleagues()
    own = between.filter(Q(absent=user) | Q(deputy=user), last_day__gte=first)
    lent = {row.pk: _lent(row, user) for row in own.select_related("absent", "deputy")}
    named = recent.filter(object_kind="deputyship", object_id__in=own.order_by().values("pk"))
    return (
        *(_happened(row) for row in assigned),
        *(_happened(row, lent.get(row.object_id or 0)) for row in named),
    )


def _lent(row: models.Deputyship, user: models.User) -> Lent:
    is_mine = row.absent_id == user.pk
    other = row.deputy if is_mine else row.absent
    return Lent(str(other), is_mine, row.first_day, row.last_day)


def _happened(row: models.AuditEvent, lent: Lent | None = None) -> Happened:
    content = row.content()
    by, absent = content["by"], content["acting_for"]
    return Happened(
        kind=row.object_kind,
        key=row.object_id or 0,
        action=row.action,
        by_id=row.actor_id,
        by=by["name"] if by else "",
        acting_for=absent["name"] if absent else "",
        at=row.at,
        reason=content["reason"],
        before=content["before"],
        after=content["after"],
        lent=lent,
    )
