"""The report's words and the work statistics that they refer to."""

from __future__ import annotations

from django.db import models

from indicators.models.fields import (
    ExactDecimalField,
    filled_check,
    length_check,
    number_check,
)
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

    class Meta:
        constraints = [
            models.UniqueConstraint(name="figure_place", fields=["plan", "position"]),
            models.UniqueConstraint(name="figure_key_once", fields=["plan", "key"]),
            models.CheckConstraint(
                name="figure_key_form",
                condition=models.Q(key__regex=r"^[a-z0-9_-]{2,40}$"),
            ),
            filled_check("figure", "label"),
            length_check("figure", "label", 200),
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
            models.CheckConstraint(
                name="section_path_form",
                condition=models.Q(path__regex=r"^[0-9]{7}(\.[0-9]{7})*$"),
            ),
            filled_check("section", "title"),
            length_check("section", "title", 200),
        ]

    def __str__(self) -> str:
        return self.title
