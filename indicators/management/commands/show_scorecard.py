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
        plan = score_plan(self.load(agency, year))
        if format == "json":
            self.deliver(scorecard_json(plan).encode(), None)  # UTF-8 whatever the terminal's
        else:
            self.stdout.write(scorecard_text(plan), ending="")
