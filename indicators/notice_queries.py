"""Whom letters go to, and what each of them chose. A fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from indicators import models

User = models.User


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


def weekly_readers() -> QuerySet[User]:
    """Who asked for the weekly digest and can get it."""
    asked = models.MailChoice.objects.filter(user=OuterRef("pk"), weekly=True)
    return _reachable().filter(Exists(asked))


def _reachable() -> QuerySet[User]:
    """An account in use with an address and a role."""
    roles = models.Role.objects.filter(user=OuterRef("pk"))
    people = User.objects.filter(Exists(roles), is_active=True).exclude(email="")
    return people.order_by("pk")
