from __future__ import annotations

from django.core.management.base import CommandParser
from django.utils import timezone

from indicators import actions
from indicators.interchange.json_tree import DocumentError, read_file
from indicators.interchange.plan_reading import read_plan
from indicators.interchange.plan_warnings import warnings
from indicators.management.base import PortalCommand
from indicators.permissions import NotAllowed
from indicators.scorecards.document import scorecard_text
from indicators.scorecards.scored import score_plan


class Command(PortalCommand):
    help = "Read a plan document: create that agency's plan of that year, or replace its draft."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="check only, write nothing")

    def handle(self, *, file: str, dry_run: bool, **options: object) -> None:
        try:
            record = read_plan(read_file(file))
            if dry_run:
                actions.check_replace_plan(record)
            else:
                actions.replace_plan(record, by=None, now=timezone.now())
        except DocumentError as error:
            self.fail(map(str, error.faults))
        except NotAllowed as error:
            self.fail([str(error)])
        self.warn(f"注意 {warning}" for warning in warnings(record))
        self.stdout.write(scorecard_text(score_plan(record)))
        self.stdout.write("檢查完成，未寫入。" if dry_run else "已匯入。")
