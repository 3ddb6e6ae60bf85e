from __future__ import annotations

from django.core.management.base import CommandParser

from indicators.management.base import PortalCommand
from indicators.scorecards.document import scorecard_json, scorecard_text
from indicators.scorecards.scored import score_plan


class Command(PortalCommand):
    help = "Print a plan's scorecard."

    def add_arguments(self, parser: CommandParser) -> None:
        self.add_plan_arguments(parser)
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *, agency: str, year: str, format: str, **options: object) -> None:
        write = scorecard_json if format == "json" else scorecard_text
        self.stdout.write(write(score_plan(self.load(agency, year))), ending="")
