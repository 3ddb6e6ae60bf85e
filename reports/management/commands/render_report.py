from __future__ import annotations

from django.conf import settings
from django.core.management.base import CommandParser

from indicators.management.base import PortalCommand
from indicators.scorecards.scored import score_plan
from reports.assembly import build
from reports.attachments import attachments
from reports.fonts import FontsUnavailable, MissingCharacters
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
        plan = score_plan(self.load(agency, year))
        report = build(plan, city=settings.CITY_NAME)
        try:
            content = (
                html_document(report).encode()
                if format == "html"
                else pdf_document(report, attachments(plan))
            )
        except (MissingCharacters, FontsUnavailable) as error:
            self.fail([str(error)])
        self.deliver(content, output)
