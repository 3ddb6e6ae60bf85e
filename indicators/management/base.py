"""What the portal's commands share: one clear line on stderr for what goes wrong, exit 1."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.db.utils import Error

from indicators import guards
from indicators.interim_queries import load_document
from indicators.queries import PlanNotFound, find_plan
from indicators.records import PlanRecord

UNMIGRATED = ("no such table", "no such column", "relation ", "column ")


class PortalCommand(BaseCommand):
    """A command whose faults are sentences. It works without a login: who runs it owns the data."""

    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        if parser.called_from_command_line:
            parser.error = self._refuse_arguments  # type: ignore[method-assign]
        return parser

    def _refuse_arguments(self, message: str) -> NoReturn:
        self.fail([f"指令的參數有誤（{message}），用法請看 --help。"])

    def execute(self, *args: Any, **options: Any) -> str | None:
        # A terminal that is not UTF-8 shows what it can't print as \u7e3d instead of a crash.
        if reconfigure := getattr(self.stdout, "reconfigure", None):
            reconfigure(errors="backslashreplace")
        try:
            return super().execute(*args, **options)
        except PlanNotFound as error:
            self.fail([str(error)])
        except Error as error:
            self.fail([guards.sentence(error) or _database_sentence(error)])

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
        return load_document(find_plan(agency, year))

    def deliver(self, content: bytes, path: str | None) -> None:
        """Write the whole file or nothing; without a path, the same bytes to standard output."""
        if path is None:
            self._print(content)
            return
        try:
            _replace_file(Path(path).resolve(), content)
        except (OSError, ValueError, RuntimeError) as error:  # a NUL, a loop of links
            reason = getattr(error, "strerror", None) or str(error)
            self.fail([f"無法寫入「{path}」（{reason}）。"])

    def _print(self, content: bytes) -> None:
        self.stdout.flush()
        if buffer := getattr(self.stdout, "buffer", None):
            buffer.write(content)
            buffer.flush()
        else:
            self.stdout.write(content.decode(), ending="")


def _database_sentence(error: Error) -> str:
    lines = str(error).splitlines()
    detail = lines[0] if lines else type(error).__name__
    hint = "請先執行 python manage.py migrate。" if detail.startswith(UNMIGRATED) else ""
    return f"資料庫無法使用（{detail}）。{hint}"


def _replace_file(path: Path, content: bytes) -> None:
    if path.exists() and not path.is_file():  # a device such as /dev/stdout
        path.write_bytes(content)
        return
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(draft).chmod(0o644)
        if path.exists():
            shutil.copymode(path, draft)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
