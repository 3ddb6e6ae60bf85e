"""Who reports: agencies and the units inside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from indicators.models.fields import CODE, form_check, name_checks, title_checks

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from indicators.models.people import User


class AgencyQuerySet(models.QuerySet["Agency"]):
    def visible_to(self, user: User | AnonymousUser) -> AgencyQuerySet:
        """The agencies a person has a role in; all of them for a role that spans the city."""
        if not user.is_authenticated:
            return self.none()
        own = user.roles.values("agency_id")
        everywhere = models.Exists(user.roles.filter(agency=None))
        return self.filter(models.Q(pk__in=own) | everywhere)

    def named(self, words: str) -> AgencyQuerySet:
        """Each word is in the code or the name."""
        found = self
        for word in words.split():
            in_name = models.Q(name__icontains=word)
            found = found.filter(in_name | models.Q(code__icontains=word))
        return found


class Agency(models.Model):
    """機關: who reports. Its code is its name in addresses and commands."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        constraints = [
            form_check("agency", "code", CODE),
            *name_checks("agency", "name"),
        ]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """科室: who inside an agency owns an indicator."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="units")
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="unit_once", fields=["agency", "name"]),
            *name_checks("unit", "name"),
        ]

    def __str__(self) -> str:
        return self.name


class CalendarDay(models.Model):
    """Where an agency differs from the official calendar: off (颱風停班) or worked (補行上班)."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="calendar_days")
    day = models.DateField()
    is_workday = models.BooleanField()
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="calendar_day_once", fields=["agency", "day"]),
            *title_checks("calendar_day", "note"),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"
