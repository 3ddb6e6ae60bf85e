"""Puts a backup in the place of what is there, after looking at it and before trusting it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection

from indicators import guards
from indicators.backups import databases, files, manifest
from indicators.backups.databases import BackupError
from indicators.evidence.storage import UNFINISHED, evidence_root
from indicators.history import Head, Problem, verify


def restore(source: Path, *, replace: bool, now: datetime) -> Iterator[Problem]:
    """What the restored history says against itself or the backup's anchor; nothing is good.

    `source` is a backup's folder or its manifest, or a bare SQLite copy (`save_database`). All
    checks that need no restored database come before the first change. Evidence that is
    replaced is kept beside the new. The portal must not be running with `replace`.
    """
    folder, database, anchor = _looked_at(source)
    evidence = evidence_root()
    if not replace:
        _check_nothing_there(evidence if folder else None)
    databases.load(database)
    if folder:
        _replace_evidence(folder / files.EVIDENCE, evidence, now)
    guards.install(connection)
    return verify(anchors=anchor)


def _looked_at(source: Path) -> tuple[Path | None, Path, list[Head]]:
    """The backup's folder, its database and its anchor."""
    if source.is_file() and source.name != manifest.MANIFEST:
        if connection.vendor != "sqlite":
            raise BackupError("單一檔案只能還原到 SQLite；請指定備份資料夾。")
        databases.check_sqlite(source)
        return None, source, []
    folder = source.parent if source.is_file() else source
    content = manifest.read(folder)
    if content.database != databases.dump_name():
        raise BackupError(
            f"這份備份的資料庫是 {content.database}，不能還原到 {connection.vendor}。"
        )
    return folder, folder / content.database, content.heads


def _check_nothing_there(evidence: Path | None) -> None:
    if not databases.is_empty():
        raise BackupError("資料庫不是空的；確定要取代其內容時，請先停止網站，再加上 --replace。")
    if evidence and evidence.is_dir() and any(evidence.iterdir()):
        raise BackupError(f"「{evidence}」不是空的；確定要取代時請加上 --replace。")


def _replace_evidence(source: Path, target: Path, now: datetime) -> None:
    part = target.with_name(f"{target.name}{UNFINISHED}-{now.astimezone(UTC):%Y%m%dT%H%M%S%f}")
    part.parent.mkdir(parents=True, exist_ok=True)
    files.copy_evidence(source, part)
    part.mkdir(exist_ok=True)
    if target.exists():
        target.rename(
            target.with_name(f"{target.name}.replaced-{now.astimezone(UTC):%Y%m%dT%H%M%S%f}")
        )
    files.put_in_place(part, target)
