"""What clerk, supervisor and reviewer ask and answer about an indicator; no part of the report.

Nothing said is changed or deleted; `indicators.guards` keeps the database to that.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from indicators.models.fields import VISIBLE, choice_check, text_checks
from indicators.models.people import Role
from indicators.models.plan import Indicator

COMMENT_LENGTH = 4000


class CommentQuerySet(models.QuerySet["Comment"]):
    def threads(self) -> CommentQuerySet:
        """The first comment of each thread, which is open or resolved."""
        return self.filter(parent=None)

    def in_order(self) -> CommentQuerySet:
        return self.select_related("by", "acting_for", "resolved_by").order_by("pk")


class Comment(models.Model):
    """意見. `parent` None: it begins a thread; else it answers the thread that `parent` began.

    `role` is the one by which it was said, which the person may have lost since. A correction of
    the plan takes the threads along to its own indicators, so that no open question is left.
    """

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="comments")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replies"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    acting_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    role = models.CharField(max_length=20, choices=Role.Name)
    at = models.DateTimeField()
    text = models.TextField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        constraints = [
            choice_check("comment", "role", Role.Name),
            models.CheckConstraint(
                name="comment_text_filled", condition=models.Q(text__regex=VISIBLE)
            ),
            *text_checks("comment", "text", COMMENT_LENGTH),
            models.CheckConstraint(
                name="comment_resolved_together",
                condition=models.Q(resolved_at=None, resolved_by=None)
                | models.Q(resolved_at__isnull=False, resolved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="comment_resolved_at_its_first",
                condition=models.Q(parent=None) | models.Q(resolved_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Mention(models.Model):
    """Whom a comment is brought to the notice of; `seen_at`: they have dealt with it."""

    comment = models.ForeignKey(Comment, models.PROTECT, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="mentions")
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="mention_once", fields=["comment", "user"])]

    def __str__(self) -> str:
        return f"{self.comment_id} @{self.user_id}"
