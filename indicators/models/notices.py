"""Who wants which letters, and which went out: one of a kind for a person and day."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from indicators.models.fields import choice_check
from indicators.models.people import User


class MailChoice(models.Model):
    """What a person chose; who never did gets reminders and no weekly digest."""

    user = models.OneToOneField(User, models.CASCADE, related_name="mail_choice")
    reminders = models.BooleanField(default=True)
    weekly = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.user_id}"


class NoticeKind(models.TextChoices):
    """The letters that a timer sends."""

    REMINDER = "reminder", _("待辦提醒")
    WEEKLY = "weekly", _("每週摘要")


class Notice(models.Model):
    """One letter to one person; of a weekly one `day` is the Monday of its week.

    Claimed before it is sent, so that nobody gets it twice: free while `claimed_at` is None. One
    that stays claimed and not sent was cut off in between; see docs/mail.md.
    """

    Kind = NoticeKind

    user = models.ForeignKey(User, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20, choices=Kind)
    day = models.DateField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            choice_check("notice", "kind", NoticeKind),
            models.UniqueConstraint(name="notice_once", fields=["user", "kind", "day"]),
            models.CheckConstraint(
                name="notice_claimed_before_sent",
                condition=models.Q(sent_at=None) | models.Q(claimed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.day:%Y-%m-%d}"
