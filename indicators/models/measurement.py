"""What was measured in the year: inputs, milestones, the actual entered directly, the analysis."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from indicators.models.fields import (
    PERCENT,
    SHA256,
    ExactDecimalField,
    choice_check,
    name_checks,
    number_check,
    text_checks,
    title_checks,
)
from indicators.models.interim_choices import GatherChoice
from indicators.models.plan import Indicator


class Input(models.Model):
    """基礎資料: a named number of a formula. A list has rows and no value; None is not entered.

    `gather`: what its interim values come to, if it is asked per period.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="inputs")
    position = models.PositiveIntegerField()
    symbol = models.CharField(max_length=200)
    label = models.CharField(max_length=200, blank=True, default="")
    unit = models.CharField(max_length=200, blank=True, default="")
    is_list = models.BooleanField(default=False)
    value = ExactDecimalField(null=True, blank=True)
    gather = models.CharField(max_length=20, choices=GatherChoice, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="input_place", fields=["indicator", "position"]),
            models.UniqueConstraint(name="input_symbol_once", fields=["indicator", "symbol"]),
            models.CheckConstraint(
                name="input_list_or_value",
                condition=models.Q(is_list=False) | models.Q(value=None),
            ),
            models.CheckConstraint(
                name="input_list_or_gather",
                condition=models.Q(is_list=False) | models.Q(gather=""),
            ),
            choice_check("input", "gather", GatherChoice),
            *name_checks("input", "symbol"),
            *title_checks("input", "label"),
            *title_checks("input", "unit"),
            number_check("input", "value"),
        ]

    def __str__(self) -> str:
        return self.symbol


class InputRow(models.Model):
    """One row of a list; None is not entered, which is not zero."""

    input = models.ForeignKey(Input, models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    label = models.CharField(max_length=200)
    value = ExactDecimalField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="input_row_place", fields=["input", "position"]),
            *name_checks("input_row", "label"),
            number_check("input_row", "value"),
        ]

    def __str__(self) -> str:
        return self.label


class Milestone(models.Model):
    """A stage of 完成工作項目 with its cumulative percentage; `done` None is not entered."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="milestones")
    position = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    percent = ExactDecimalField()
    done = models.BooleanField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="milestone_date_of_done",
                condition=models.Q(done_on=None) | models.Q(done__isnull=False, done=True),
            ),
            models.UniqueConstraint(name="milestone_place", fields=["indicator", "position"]),
            *name_checks("milestone", "title"),
            number_check("milestone", "percent", PERCENT),
        ]

    def __str__(self) -> str:
        return self.title


class Measurement(models.Model):
    """The year's own words and, for the direct method, the actual; who recorded it and when."""

    indicator = models.OneToOneField(Indicator, models.CASCADE, related_name="measurement")
    actual = ExactDecimalField(null=True, blank=True)
    analysis = models.TextField(blank=True, default="")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        constraints = [
            number_check("measurement", "actual"),
            *text_checks("measurement", "analysis"),
        ]

    def __str__(self) -> str:
        return str(self.indicator)


class MissedTargetReview(models.Model):
    """未達目標項目檢討: why a target was missed and what is done about it, by whom, until when.

    Unfinished while drafted; a missed target is not submitted before all four are there.
    """

    indicator = models.OneToOneField(Indicator, models.CASCADE, related_name="review")
    cause = models.TextField(blank=True, default="")
    action = models.TextField(blank=True, default="")
    responsible = models.CharField(max_length=200, blank=True, default="")
    due = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            *text_checks("review", "cause"),
            *text_checks("review", "action"),
            *title_checks("review", "responsible"),
        ]

    def __str__(self) -> str:
        return self.cause


class EvidenceKind(models.TextChoices):
    FILE = "file", _("檔案")
    DOCUMENT = "document", _("文號")


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def in_force(self) -> EvidenceQuerySet:
        return self.filter(withdrawn_at=None).order_by("pk")


class Evidence(models.Model):
    """佐證資料: a file or a document number behind an input. Withdrawn, it stays on record.

    `about` is the input's symbol; empty: the indicator as a whole. `stored_as` is the random name
    under which the file lies in the evidence folder; a plan's next version shares it.
    """

    Kind = EvidenceKind

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="evidence")
    about = models.CharField(max_length=200, blank=True, default="")
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=200)  # the file's name, or the document number
    dated = models.DateField(null=True, blank=True)  # the document's date
    stored_as = models.CharField(max_length=64, blank=True, default="")
    content_type = models.CharField(max_length=100, blank=True, default="")
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        constraints = [
            *title_checks("evidence", "about"),
            *name_checks("evidence", "name"),
            models.CheckConstraint(
                name="evidence_file_or_document",
                condition=models.Q(kind="document", stored_as="", sha256="", dated__isnull=False)
                | models.Q(
                    kind="file",
                    stored_as__regex=r"\A[0-9a-f]{32}\Z",
                    sha256__regex=SHA256,
                    dated=None,
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name
