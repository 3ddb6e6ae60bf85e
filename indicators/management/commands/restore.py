from __future__ import annotations

from pathlib import Path

from django.core.management.base import CommandParser
from django.utils import timezone

from indicators import backups
from indicators.management.base import PortalCommand


class Command(PortalCommand):
    help = "Restore a backup into an empty database, then check its history against its anchor."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", metavar="FILE_OR_DIR", type=Path)
        parser.add_argument(
            "--replace", action="store_true", help="even if there is data; stop the portal first"
        )

    def handle(self, *, source: Path, replace: bool, **options: object) -> None:
        try:
            problems = list(map(str, backups.restore(source, replace=replace, now=timezone.now())))
        except backups.BackupError as error:
            self.fail([str(error)])
        except OSError as error:
            self.fail([f"無法還原（{error.filename}：{error.strerror}）。"])
        if problems:
            self.fail([*problems, "已還原，但歷程驗證有以上問題。"])
        self.stdout.write("已還原，歷程驗證無誤。若程式版本較新，請執行 python manage.py migrate。")
