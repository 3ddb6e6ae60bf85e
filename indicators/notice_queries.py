"""Whom letters go to, and what each of them chose. A fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from indicators import models
from indicators.holders import RoleHeld, roles_held
from indicators.queries import load_plan
from indicators.records import PlanRecord

User = models.User
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class PlanWeek:
    """A plan as it is, and what was done with it in the seven days that end with `last`.

    `steps`: how often each was taken. `held`: who fills in that day; `units`: their keys by name.
    """

    record: PlanRecord
    first: date
    last: date
    steps: Mapping[str, int]
    held: tuple[RoleHeld, ...]
    units: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Letters:
    """What a person wants; who never chose: the defaults."""

    reminders: bool = True
    weekly: bool = False


def letters_of(user: User) -> Letters:
    """1 query."""
    row = models.MailChoice.objects.filter(user=user).first()
    return Letters(row.reminders, row.weekly) if row else Letters()


def reminder_readers() -> QuerySet[User]:
    """Whom a reminder can reach, and who did not switch it off."""
    refused = models.MailChoice.objects.filter(user=OuterRef("pk"), reminders=False)
    return _reachable().filter(~Exists(refused))


def last_reminder(user: User, today: date) -> date:
    """The day of the last one that left before today; long ago where there was none. 1 query."""
    sent = models.Notice.objects.filter(
        user=user, kind=models.Notice.Kind.REMINDER, sent_at__isnull=False, day__lt=today
    )
    day: date | None = sent.aggregate(last=Max("day"))["last"]
    return day or date.min


def weekly_readers() -> QuerySet[User]:
    """Who asked for the weekly digest and can get it."""
    asked = models.MailChoice.objects.filter(user=OuterRef("pk"), weekly=True)
    return _reachable().filter(Exists(asked))


def _reachable() -> QuerySet[User]:
    """An account in use with an address and a role."""
    roles = models.Role.objects.filter(user=OuterRef("pk"))
    people = User.objects.filter(Exists(roles), is_active=True).exclude(email="")
    return people.order_by("pk")


def week_plans(user: User, last: date) -> list[models.Plan]:
    """Of what the person may see: what is not published, or was in this week. 1 query."""
    lately = models.Step.objects.filter(plan=OuterRef("pk"), at__gte=_start(last))
    shown = ~Q(status=models.Plan.Status.PUBLISHED) | Q(Exists(lately))
    return list(models.Plan.objects.current().visible_to(user).filter(shown).newest_first())


def load_week(plan: models.Plan, last: date) -> PlanWeek:
    """10 queries."""
    return PlanWeek(
        record=load_plan(plan, with_texts=False),
        first=last - WEEK + timedelta(days=1),
        last=last,
        steps=_steps(plan, last),
        held=roles_held(plan.agency_id, last),
        units=dict(plan.agency.units.order_by("pk").values_list("name", "pk")),
    )


def own_agencies(user: User) -> frozenset[int]:
    """Where somebody has a role; one of the city is in none. 1 query."""
    roles = models.Role.objects.filter(user=user, agency__isnull=False)
    return frozenset(roles.values_list("agency_id", flat=True))


def _start(last: date) -> datetime:
    """The first moment of the seven days, in Taipei."""
    return timezone.make_aware(datetime.combine(last - WEEK + timedelta(days=1), time.min))


def _steps(plan: models.Plan, last: date) -> dict[str, int]:
    start = _start(last)
    rows = plan.steps.filter(at__gte=start, at__lt=start + WEEK).order_by("name")
    return dict(rows.values_list("name").annotate(Count("pk")))
