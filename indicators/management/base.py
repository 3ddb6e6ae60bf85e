"""What the portal's commands share: one clear line on stderr for what goes wrong, exit 1."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.db.utils import DatabaseError

from indicators.queries import PlanNotFound, find_plan, load_plan
from indicators.records import PlanRecord


class PortalCommand(BaseCommand):
    """A command whose faults are sentences. It works without a login: who runs it owns the data."""

    requires_system_checks: list[str] = []

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except PlanNotFound as error:
            self.fail([str(error)])
        except DatabaseError as error:
            detail = str(error).splitlines()[0] if str(error) else type(error).__name__
            self.fail(
                [f"資料庫無法使用（{detail}）。若是新資料庫，請先執行 python manage.py migrate。"]
            )

    def fail(self, lines: Iterable[str]) -> NoReturn:
        self.warn(lines)
        sys.exit(1)

    def warn(self, lines: Iterable[str]) -> None:
        self.stderr.write("".join(f"{line}\n" for line in lines), ending="")

    @staticmethod
    def add_plan_arguments(parser: CommandParser) -> None:
        parser.add_argument("agency", metavar="AGENCY", help="the agency's code")
        parser.add_argument("year", metavar="YEAR", help="the ROC year, e.g. 107")

    @staticmethod
    def add_output_argument(parser: CommandParser) -> None:
        parser.add_argument("-o", "--output", metavar="FILE", help="default: standard output")

    def load(self, agency: str, year: str) -> PlanRecord:
        return load_plan(find_plan(agency, year))

    def deliver(self, content: bytes, path: str | None) -> None:
        """Write the whole file or nothing."""
        if path is None:
            getattr(self.stdout, "buffer", sys.stdout.buffer).write(content)
            return
        try:
            _replace_file(Path(path), content)
        except OSError as error:
            self.fail([f"無法寫入「{path}」（{error.strerror}）。"])


def _replace_file(path: Path, content: bytes) -> None:
    if path.exists() and not path.is_file():  # a device such as /dev/stdout
        path.write_bytes(content)
        return
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(draft, 0o644)
        os.replace(draft, path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
