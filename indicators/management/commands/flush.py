"""Django's flush, for test databases only: the history can't be emptied."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import flush
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from indicators import guards


class Command(flush.Command):
    def handle(self, **options: Any) -> None:
        connection = connections[options["database"]]
        if not _is_test_database(connection):
            raise CommandError("只有測試資料庫可以清空；歷程與已公告的計畫不能刪除。")
        with guards.lifted(connection):
            super().handle(**options)


def _is_test_database(connection: BaseDatabaseWrapper) -> bool:
    """Django's test runner names its databases test_…, or keeps them in memory."""
    name = str(connection.settings_dict["NAME"])
    in_memory = connection.vendor == "sqlite" and (name == ":memory:" or "mode=memory" in name)
    return in_memory or Path(name).name.startswith("test_")
