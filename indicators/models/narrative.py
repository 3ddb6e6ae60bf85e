"""The report's words and the work statistics that they refer to."""

from __future__ import annotations

from django.db import models

from indicators.models.fields import (
    KEY,
    ExactDecimalField,
    form_check,
    name_checks,
    number_check,
    text_checks,
    title_checks,
)
from indicators.models.organisation import Unit
from indicators.models.plan import Plan


class Figure(models.Model):
    """A work statistic: recorded once, referred to in texts by its key; None is not entered."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="figures")
    position = models.PositiveIntegerField()
    key = models.CharField(max_length=40)
    label = models.CharField(max_length=200)
    unit = models.CharField(max_length=200, blank=True, default="")
    value = ExactDecimalField(null=True, blank=True)
    source = models.TextField(blank=True, default="")
    previous = ExactDecimalField(null=True, blank=True)
    owner = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="figures")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="figure_place", fields=["plan", "position"]),
            models.UniqueConstraint(name="figure_key_once", fields=["plan", "key"]),
            form_check("figure", "key", KEY),
            *name_checks("figure", "label"),
            *title_checks("figure", "unit"),
            *text_checks("figure", "source"),
            number_check("figure", "value"),
            number_check("figure", "previous"),
        ]

    def __str__(self) -> str:
        return self.label


class ReportSection(models.Model):
    """A titled piece of the report. `path` gives its place in the tree: `0000001.0000002`."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="sections")
    path = models.CharField(max_length=200)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="section_place", fields=["plan", "path"]),
            form_check("section", "path", r"\A[0-9]{7}(\.[0-9]{7}){0,19}\Z"),
            *name_checks("section", "title"),
            *text_checks("section", "body"),
        ]

    def __str__(self) -> str:
        return self.title
