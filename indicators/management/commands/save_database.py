"""A copy of the embedded database, made before anything changes it."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from indicators.backups import save_sqlite
from indicators.management.base import PortalCommand

KEPT = 10


class Command(PortalCommand):
    help = f"Copy the SQLite database into var/backups if it holds anything; keep {KEPT} copies."

    def handle(self, **options: object) -> None:
        if connection.vendor != "sqlite" or not connection.introspection.table_names():
            return
        folder = Path(settings.VAR_DIR) / "backups"
        folder.mkdir(parents=True, exist_ok=True)
        copy = folder / f"portal-{timezone.now():%Y%m%d-%H%M%S-%f}.sqlite3"
        save_sqlite(copy)
        for old in sorted(folder.glob("portal-*.sqlite3"))[:-KEPT]:
            old.unlink()
        self.stdout.write(f"資料庫已備份至 {copy.relative_to(settings.BASE_DIR)}")
