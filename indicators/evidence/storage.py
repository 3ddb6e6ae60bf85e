"""Where evidence lies: each file written once under a random name, on the disk before it counts."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

UNFINISHED = ".part"  # the end of a name that is not complete yet


@dataclass(frozen=True, slots=True)
class Stored:
    name: str
    size: int
    sha256: str


def evidence_root() -> Path:
    """Outside of everything that is served."""
    return Path(settings.EVIDENCE_ROOT)


def write(chunks: Iterable[bytes]) -> Stored:
    """The whole file, with its name, on the disk; nothing is ever overwritten."""
    root = evidence_root()
    if not root.is_dir():
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        sync_entry(root)
    name = secrets.token_hex(16)
    part = root / f"{name}{UNFINISHED}"
    try:
        size, sha256 = _write_part(part, chunks)
        os.link(part, root / name)  # a rename would overwrite
    finally:
        part.unlink(missing_ok=True)
    sync_entry(root / name)
    return Stored(name, size, sha256)


def _write_part(part: Path, chunks: Iterable[bytes]) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        for chunk in chunks:
            file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        file.flush()
        os.fsync(file.fileno())
    return size, digest.hexdigest()


def remove(name: str) -> None:
    """Only for a file that no committed row names."""
    (evidence_root() / name).unlink(missing_ok=True)


def open_stored(name: str) -> BinaryIO:
    return (evidence_root() / name).open("rb")


def file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_entry(path: Path) -> None:
    """The name of `path` in its folder, onto the disk."""
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
