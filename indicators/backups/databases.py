"""One consistent copy of each kind of database while it is in use, and the way back."""

from __future__ import annotations

import os
import sqlite3
import subprocess  # only PostgreSQL's own programs, never a shell
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.backends.sqlite3._functions import (  # type: ignore[import-untyped]
    register as register_functions,
)

SQLITE_FILE = "database.sqlite3"
POSTGRES_FILE = "database.pgdump"


class BackupError(Exception):
    """The message is a sentence for whoever runs the command."""


def dump_name() -> str:
    return POSTGRES_FILE if connection.vendor == "postgresql" else SQLITE_FILE


def dump(target: Path) -> None:
    if connection.vendor == "postgresql":
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")
    else:
        save_sqlite(target)


def save_sqlite(target: Path) -> None:
    """A plain copy of the file would miss the newest rows."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(target)])


def is_empty() -> bool:
    return not connection.introspection.table_names()


def load(source: Path) -> None:
    """Put the copy in the place of all that the database holds: whole or not at all."""
    if connection.vendor == "postgresql":
        _load_postgres(source)
    else:
        _load_sqlite(source)


def check_sqlite(source: Path) -> None:
    try:
        with closing(_read_only(source)) as copy:
            register_functions(copy)  # the CHECKs call REGEXP
            (answer,) = copy.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise BackupError(f"「{source}」不是可用的 SQLite 資料庫（{error}）。") from error
    if answer != "ok":
        raise BackupError(f"「{source}」已損壞（{answer}）。")


def _read_only(source: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)


def _load_sqlite(source: Path) -> None:
    """Page by page into the database in use, as one transaction: other connections see it."""
    check_sqlite(source)
    connection.ensure_connection()
    with closing(_read_only(source)) as copy:
        copy.backup(connection.connection)
    connection.close()


def _load_postgres(source: Path) -> None:
    connection.close()
    _run(
        "pg_restore",
        "--exit-on-error",
        "--single-transaction",
        "--clean",
        "--if-exists",
        "--no-owner",
        "--no-privileges",
        str(source),
    )


def _run(program: str, *arguments: str) -> None:
    settings = connection.settings_dict
    command = [program, f"--dbname={settings['NAME']}", "--no-password", *arguments]
    try:
        subprocess.run(  # noqa: S603
            command, env=_environment(settings), check=True, capture_output=True, text=True
        )
    except FileNotFoundError as error:
        raise BackupError(f"找不到 {program}，請安裝 postgresql-client。") from error
    except subprocess.CalledProcessError as error:
        detail = (error.stderr.strip().splitlines() or [f"exit {error.returncode}"])[0]
        raise BackupError(f"{program} 失敗（{detail}）。") from error


def _environment(settings: Mapping[str, Any]) -> dict[str, str]:
    """The connection in the environment: an argument could be read by everyone on the machine."""
    options = {"sslmode", "sslrootcert", "sslcert", "sslkey"} & settings["OPTIONS"].keys()
    wanted = {f"PG{name.upper()}": str(settings["OPTIONS"][name]) for name in options} | {
        "PGHOST": settings["HOST"],
        "PGPORT": str(settings["PORT"]),
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        "PGOPTIONS": "-c lock_timeout=30s",
    }
    return os.environ | {name: value for name, value in wanted.items() if value}
