"""Whether the promise of a missed target was kept, as somebody found afterwards."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from indicators.models.fields import VISIBLE, choice_check, text_checks
from indicators.models.plan import Indicator


class OutcomeChoice(models.TextChoices):
    KEPT = "kept", _("已兌現")
    PARTLY = "partly", _("部分兌現")
    NOT_KEPT = "not_kept", _("未兌現")


class FollowUp(models.Model):
    """追蹤: what came of a missed-target review. Rows are only added; the newest counts.

    `indicator` is that of the year that missed. A published plan may be followed up: what came of
    it is known only later.
    """

    Outcome = OutcomeChoice

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="follow_ups")
    outcome = models.CharField(max_length=10, choices=OutcomeChoice)
    note = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            choice_check("follow_up", "outcome", OutcomeChoice),
            models.CheckConstraint(
                name="follow_up_note_filled", condition=models.Q(note__regex=VISIBLE)
            ),
            *text_checks("follow_up", "note"),
        ]

    def __str__(self) -> str:
        return str(self.get_outcome_display())
