from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import CommandParser
from django.db import connection

from indicators import guards, history
from indicators.management.base import PortalCommand


class Command(PortalCommand):
    help = "Check every chain of the history, and that it still holds what the anchors name."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--anchor",
            metavar="FILE",
            type=Path,
            action="append",
            default=[],
            help="a backup's manifest.json or an earlier --format json; may be repeated",
        )
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *, anchor: list[Path], format: str, **options: object) -> None:
        try:
            anchors = [head for path in anchor for head in history.read_heads(path)]
        except ValueError as error:
            self.fail([str(error)])
        with history.snapshot():
            heads = history.heads()
            found = self._as_json if format == "json" else self._as_text
            sound = found(history.verify(anchors=anchors), heads)
        if not sound:
            sys.exit(1)

    def _as_text(self, problems: Iterator[history.Problem], heads: list[history.Head]) -> bool:
        sound = True
        for problem in problems:
            sound = False
            self.warn([str(problem)])
        if sound:
            total = sum(head.sequence for head in heads)
            self.stdout.write(f"歷程完整：{len(heads)} 條鏈，{total} 筆紀錄。")
            for head in heads:
                self.stdout.write(f"{head.chain} {head.sequence} {head.hash}")
        for name in guards.missing(connection):
            self.warn([f"注意 資料庫防護 {name} 不存在，請執行 python manage.py migrate。"])
        return sound

    def _as_json(self, problems: Iterator[history.Problem], heads: list[history.Head]) -> bool:
        listed = [
            {
                "chain": problem.chain,
                "sequence": problem.sequence,
                "fault": problem.fault.value,
                "sentence": problem.sentence,
            }
            for problem in problems
        ]
        document = {
            "sound": not listed,
            "events": sum(head.sequence for head in heads),
            "heads": [head.as_json() for head in heads],
            "problems": listed,
            "missing_guards": guards.missing(connection),
        }
        self.stdout.write(json.dumps(document, ensure_ascii=False, indent=1))
        return not listed
