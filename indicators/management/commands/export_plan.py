from __future__ import annotations

from django.core.management.base import CommandParser

from indicators.interchange.plan_writing import write_plan
from indicators.management.base import PortalCommand


class Command(PortalCommand):
    help = "Write a plan as the document that import_plan reads, numbers as written."

    def add_arguments(self, parser: CommandParser) -> None:
        self.add_plan_arguments(parser)
        parser.add_argument("--format", choices=["json"], default="json")
        self.add_output_argument(parser)

    def handle(self, *, agency: str, year: str, output: str | None, **options: object) -> None:
        self.deliver(write_plan(self.load(agency, year)).encode(), output)
