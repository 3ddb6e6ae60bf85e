"""Who reports: agencies and the units inside them."""

from __future__ import annotations

from django.db import models

from indicators.models.fields import filled_check, length_check


class AgencyQuerySet(models.QuerySet["Agency"]):
    def visible_to(self, user) -> AgencyQuerySet:
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
            models.CheckConstraint(
                name="agency_code_form",
                condition=models.Q(code__regex=r"^[a-z0-9-]{2,40}$"),
            ),
            filled_check("agency", "name"),
            length_check("agency", "name", 200),
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
            filled_check("unit", "name"),
            length_check("unit", "name", 200),
        ]

    def __str__(self) -> str:
        return self.name
