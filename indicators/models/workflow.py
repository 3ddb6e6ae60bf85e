"""How an entry came to be: the steps of a plan and its indicators, and drafts not yet saved."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from indicators.models.fields import choice_check, text_checks
from indicators.models.plan import Indicator, Plan


class StepName(models.TextChoices):
    """What people do with an indicator or a plan; who may when is in permissions.py."""

    SUBMIT = "submit", _("送出")
    RETURN = "return", _("退回補正")
    APPROVE = "approve", _("核定")
    CLOSE = "close", _("關帳送研考會")
    ASK_BACK = "ask_back", _("研考會退回")
    REVIEW = "review", _("複核")
    PUBLISH = "publish", _("公告")
    CORRECT = "correct", _("另立更正版本")


class StepQuerySet(models.QuerySet["Step"]):
    def newest_first(self) -> StepQuerySet:
        return self.select_related("by", "acting_for").order_by("-pk")


class Step(models.Model):
    """One step of a plan (indicator None) or of one of its indicators: who, when, for whom, why.

    `content` is the indicator's entry as it was then, in the history's canonical form, to say
    what has changed since; `notes` are remarks on single fields, by field.
    """

    Name = StepName

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="steps")
    indicator = models.ForeignKey(
        Indicator, models.CASCADE, null=True, blank=True, related_name="steps"
    )
    name = models.CharField(max_length=20, choices=Name)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    acting_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    reason = models.TextField(blank=True, default="")
    notes = models.JSONField(blank=True, default=dict)
    content = models.TextField(blank=True, default="")

    objects = StepQuerySet.as_manager()

    class Meta:
        constraints = [
            choice_check("step", "name", StepName),
            *text_checks("step", "reason"),
        ]

    def __str__(self) -> str:
        return str(self.get_name_display())


class Draft(models.Model):
    """What one person typed for one indicator and has not saved: as it was typed, faults and all.

    `revision` is the indicator's when the typing began. A draft is nobody else's and no history.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    revision = models.PositiveIntegerField()
    content = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="draft_once", fields=["indicator", "user"]),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id}/{self.user_id}"


class ReminderKind(models.TextChoices):
    """What somebody was reminded to do."""

    FILL = "fill", _("填報")
    APPROVE = "approve", _("核定")


class Reminder(models.Model):
    """One person reminded of one indicator, or (indicator None) of a unit's work statistics.

    Once a day at most: whoever presses the button again sends no second letter.
    """

    Kind = ReminderKind

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="reminders")
    indicator = models.ForeignKey(
        Indicator, models.CASCADE, null=True, blank=True, related_name="reminders"
    )
    kind = models.CharField(max_length=20, choices=Kind)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminders")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    day = models.DateField()  # of `at`, in Taipei

    class Meta:
        constraints = [
            choice_check("reminder", "kind", ReminderKind),
            models.UniqueConstraint(name="reminder_once_a_day", fields=["indicator", "to", "day"]),
            models.UniqueConstraint(
                name="reminder_of_figures_once_a_day",
                fields=["plan", "to", "day"],
                condition=models.Q(indicator=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id}/{self.to_id} {self.day:%Y-%m-%d}"
