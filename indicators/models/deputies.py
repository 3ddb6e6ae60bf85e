"""Who acts for whom while they are away."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models

from indicators.models.people import Role


class DeputyshipQuerySet(models.QuerySet["Deputyship"]):
    def on(self, day: date) -> DeputyshipQuerySet:
        return self.filter(first_day__lte=day, last_day__gte=day)

    def among_colleagues(self) -> DeputyshipQuerySet:
        """Who has left the agency, or whose absent colleague has, acts for nobody there."""
        absent = Role.objects.filter(user=models.OuterRef(models.OuterRef("absent")))
        shared = Role.objects.filter(
            user=models.OuterRef("deputy"), agency__in=absent.values("agency")
        )
        return self.filter(models.Exists(shared))


class Deputyship(models.Model):
    """代理: `deputy` has the roles of `absent` in its agencies from the first to the last day."""

    absent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="deputyships_given"
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="deputyships_held"
    )
    first_day = models.DateField()
    last_day = models.DateField()

    objects = DeputyshipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="deputyship_days", condition=models.Q(last_day__gte=models.F("first_day"))
            ),
            models.CheckConstraint(
                name="deputyship_of_another", condition=~models.Q(absent=models.F("deputy"))
            ),
            models.UniqueConstraint(
                name="deputyship_once", fields=["absent", "deputy", "first_day"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deputy_id} for {self.absent_id}"
