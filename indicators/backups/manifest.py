"""What a backup says of itself, and whether its files still are what it says."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from indicators.backups.databases import BackupError
from indicators.evidence.storage import file_hash
from indicators.history import Head
from indicators.history.chains import parse_heads

MANIFEST = "manifest.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """`files`: path inside the backup → SHA-256. `heads`: at the latest when it was begun."""

    made_at: str
    database: str
    files: dict[str, str]
    heads: list[Head]

    def as_json(self) -> str:
        content = {
            "format": FORMAT,
            "made_at": self.made_at,
            "database": self.database,
            "files": self.files,
            "heads": [head.as_json() for head in self.heads],
        }
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def describe(folder: Path, database: str, heads: list[Head], now: datetime) -> Manifest:
    return Manifest(now.isoformat(), database, _hashes(folder), heads)


def read(folder: Path) -> Manifest:
    """Raises BackupError unless the folder holds exactly what its manifest says."""
    path = folder / MANIFEST
    try:
        manifest = _parse(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise BackupError(
            f"「{folder}」不是備份：讀不到 {MANIFEST}（{error.strerror}）。"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError(f"「{path}」不是可用的備份清單。") from error
    actual = _hashes(folder)
    if actual != manifest.files:
        different = sorted(
            name
            for name in actual.keys() | manifest.files.keys()
            if actual.get(name) != manifest.files.get(name)
        )
        raise BackupError(f"備份與其清單不符：{'、'.join(different[:10])}。")
    return manifest


def _parse(content: Any) -> Manifest:
    if content["format"] != FORMAT:
        raise ValueError("another format")
    files = {str(name): str(digest) for name, digest in content["files"].items()}
    database = str(content["database"])
    if database not in files:
        raise ValueError("no database")
    return Manifest(str(content["made_at"]), database, files, parse_heads(content))


def _hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): file_hash(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / MANIFEST
    }
