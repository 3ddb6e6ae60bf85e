from __future__ import annotations

from indicators import evidence
from indicators.management.base import PortalCommand


class Command(PortalCommand):
    help = "Check that every evidence file is there and still is what was stored."

    def handle(self, **options: object) -> None:
        problems = list(evidence.problems())
        if problems:
            self.fail(problems)
        self.stdout.write("佐證檔案齊全，內容與存入時相同。")
