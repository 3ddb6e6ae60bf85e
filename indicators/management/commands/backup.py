from __future__ import annotations

from pathlib import Path

from django.core.management.base import CommandParser
from django.utils import timezone

from indicators import backups
from indicators.evidence.storage import file_hash
from indicators.management.base import PortalCommand


class Command(PortalCommand):
    help = "Back up the database and the evidence of the running portal into a new folder in DIR."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path)

    def handle(self, *, folder: Path, **options: object) -> None:
        try:
            made = backups.make(folder, now=timezone.now())
        except backups.BackupError as error:
            self.fail([str(error)])
        except OSError as error:
            self.fail([f"無法寫入「{folder}」（{error.strerror}）。"])
        self.stdout.write(f"已備份至 {made}")
        self.stdout.write(f"{backups.MANIFEST} SHA-256：{file_hash(made / backups.MANIFEST)}")
