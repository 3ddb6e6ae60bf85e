from __future__ import annotations

from django.conf import settings
from django.core.management.base import CommandParser

from indicators.management.base import PortalCommand
from indicators.records import PlanRecord
from indicators.scorecards.scored import score_plan
from reports.assembly import build
from reports.attachments import attachments
from reports.fonts import FontsUnavailable, MissingCharacters
from reports.models import PublishedReport
from reports.rendering import html_document, pdf_document


class Command(PortalCommand):
    help = "Write the annual report as a stand-alone HTML file or as PDF."

    def add_arguments(self, parser: CommandParser) -> None:
        self.add_plan_arguments(parser)
        parser.add_argument("--format", choices=["html", "pdf"], default="pdf")
        self.add_output_argument(parser)

    def handle(
        self, *, agency: str, year: str, format: str, output: str | None, **options: object
    ) -> None:
        record = self.load(agency, year)
        try:
            content = _published(record, format) or _rendered(record, format)
        except (MissingCharacters, FontsUnavailable) as error:
            self.fail([str(error)])
        self.deliver(content, output)


def _published(record: PlanRecord, format: str) -> bytes | None:
    """The file as it was published, byte for byte."""
    return PublishedReport.objects.file(format, plan=record.pk)


def _rendered(record: PlanRecord, format: str) -> bytes:
    plan = score_plan(record)
    report = build(plan, city=settings.CITY_NAME)
    if format == "html":
        return html_document(report).encode()
    return pdf_document(report, attachments(plan))
