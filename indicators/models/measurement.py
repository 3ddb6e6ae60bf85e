"""What was measured in the year: inputs, milestones, the actual entered directly, the analysis."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from indicators.models.fields import (
    PERCENT,
    ExactDecimalField,
    name_checks,
    number_check,
    text_checks,
    title_checks,
)
from indicators.models.plan import Indicator


class Input(models.Model):
    """基礎資料: a named number of a formula. A list has rows and no value; None is not entered."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="inputs")
    position = models.PositiveIntegerField()
    symbol = models.CharField(max_length=200)
    label = models.CharField(max_length=200, blank=True, default="")
    unit = models.CharField(max_length=200, blank=True, default="")
    is_list = models.BooleanField(default=False)
    value = ExactDecimalField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="input_place", fields=["indicator", "position"]),
            models.UniqueConstraint(name="input_symbol_once", fields=["indicator", "symbol"]),
            models.CheckConstraint(
                name="input_list_or_value",
                condition=models.Q(is_list=False) | models.Q(value=None),
            ),
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

    class Meta:
        constraints = [
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
    """未達目標項目檢討: why a target was missed and what is done about it, by whom, until when."""

    indicator = models.OneToOneField(Indicator, models.CASCADE, related_name="review")
    cause = models.TextField()
    action = models.TextField()
    responsible = models.CharField(max_length=200)
    due = models.DateField()

    class Meta:
        constraints = [
            *text_checks("review", "cause"),
            *text_checks("review", "action"),
            *title_checks("review", "responsible"),
        ]

    def __str__(self) -> str:
        return self.cause
