"""Who reports: agencies and the units inside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from indicators.models.fields import CODE, form_check, name_checks

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
