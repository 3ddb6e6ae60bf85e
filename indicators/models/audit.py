"""The history of every value: events in chains, each event hashed together with the one before.

Rows are only ever added, through `indicators.history`; `indicators.guards` keeps the database to
that.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models

from indicators.models.fields import SHA256, form_check, title_checks
from indicators.models.plan import Plan

if TYPE_CHECKING:
    from datetime import datetime

GENESIS = "0" * 64  # what the first event of a chain names as the hash before it


class Chain(models.Model):
    """One sequence of events with its head: the number and the hash of its newest event."""

    name = models.CharField(max_length=40, unique=True)
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, blank=True, related_name="chains")
    sequence = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=GENESIS)

    class Meta:
        constraints = [
            form_check("chain", "name", r"\A[a-z0-9-]{2,40}\Z"),
            form_check("chain", "hash", SHA256),
        ]

    def __str__(self) -> str:
        return self.name


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def of_plan(self, plan: Plan) -> AuditEventQuerySet:
        return self.filter(plan=plan)

    def of_object(self, kind: str, object_id: int) -> AuditEventQuerySet:
        return self.filter(object_kind=kind, object_id=object_id)

    def between(self, start: datetime, end: datetime) -> AuditEventQuerySet:
        """From `start` on, before `end`."""
        return self.filter(at__gte=start, at__lt=end)

    def newest_first(self) -> AuditEventQuerySet:
        return self.select_related("actor", "acting_for").order_by("-at", "-pk")


class AuditEvent(models.Model):
    """Who did what to which object, when, for whom and why, with the values before and after.

    `payload` is the exact text that was hashed. The other columns repeat parts of it to filter
    by; `manage.py verify_history` finds one that differs.
    """

    chain = models.ForeignKey(Chain, models.PROTECT, related_name="events", db_index=False)
    sequence = models.PositiveBigIntegerField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    payload = models.TextField()
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    acting_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    action = models.CharField(max_length=40)
    plan = models.ForeignKey(
        Plan, models.PROTECT, null=True, blank=True, related_name="events", db_index=False
    )
    object_kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField(null=True, blank=True)
    object_label = models.CharField(max_length=200, blank=True, default="")

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="audit_event_place", fields=["chain", "sequence"]),
            form_check("audit_event", "previous_hash", SHA256),
            form_check("audit_event", "hash", SHA256),
            *title_checks("audit_event", "object_label"),
        ]
        indexes = [
            models.Index(name="audit_event_at", fields=["at"]),
            models.Index(name="audit_event_plan", fields=["plan", "at"]),
            models.Index(name="audit_event_actor", fields=["actor", "at"]),
            models.Index(name="audit_event_object", fields=["object_kind", "object_id", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.chain_id}/{self.sequence} {self.action} {self.object_label}"

    def content(self) -> dict[str, Any]:
        """The payload read: `before`, `after`, `reason`, `by`, `acting_for` and the rest."""
        return json.loads(self.payload)
