"""Published versions: the files as they were given to the public, and what proves them.

A row is written once, at publication; `indicators.guards` keeps the database to that.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from indicators.models.fields import SHA256, form_check, text_checks

# The files' names in addresses and downloads, and the fields that hold them.
FILES = {
    "report.pdf": "pdf",
    "report.html": "html",
    "plan.json": "plan_json",
    "scorecard.json": "scorecard_json",
}


WORDS = {
    "report.pdf": _("報告 PDF"),
    "report.html": _("報告 HTML"),
    "plan.json": _("計畫 JSON"),
    "scorecard.json": _("計分表 JSON"),
}


class PublishedReportQuerySet(models.QuerySet["PublishedReport"]):
    def of_year(self, agency: str, year: int) -> PublishedReportQuerySet:
        """All versions of a plan, the newest first, without the files themselves."""
        found = self.filter(plan__agency__code=agency, plan__year=year)
        return found.defer(*FILES.values()).order_by("-version")

    def file(self, field: str, **which: Any) -> bytes | None:
        """One file of one version, None if it isn't published. 1 query."""
        found = self.filter(**which).values_list(field, flat=True).first()
        return None if found is None else bytes(found)


class PublishedReport(models.Model):
    """One published version of a plan. `reason` is that of a correction.

    `chain`, `sequence` and `chain_hash` are the head of the plan's history after its publication:
    the anchor that the report prints.
    """

    plan = models.OneToOneField("indicators.Plan", models.PROTECT, related_name="publication")
    version = models.PositiveSmallIntegerField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField(blank=True, default="")
    chain = models.CharField(max_length=40)
    sequence = models.PositiveBigIntegerField()
    chain_hash = models.CharField(max_length=64)
    html = models.BinaryField()
    html_sha256 = models.CharField(max_length=64)
    pdf = models.BinaryField()
    pdf_sha256 = models.CharField(max_length=64)
    plan_json = models.BinaryField()
    plan_json_sha256 = models.CharField(max_length=64)
    scorecard_json = models.BinaryField()
    scorecard_json_sha256 = models.CharField(max_length=64)

    objects = PublishedReportQuerySet.as_manager()

    class Meta:
        constraints = [
            form_check("published_report", "chain_hash", SHA256),
            *(
                form_check("published_report", f"{field}_sha256", SHA256)
                for field in FILES.values()
            ),
            *text_checks("published_report", "reason"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}/{self.version}"

    def files(self) -> list[tuple[str, str, str]]:
        """Each file's name, what it is, and its SHA-256."""
        return [(name, str(WORDS[name]), digest) for name, digest in self.hashes().items()]

    def hashes(self) -> dict[str, str]:
        """SHA-256 by the name of the file."""
        return {name: getattr(self, f"{field}_sha256") for name, field in FILES.items()}
