"""Folders that are complete or absent, also after the power fails."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from indicators.evidence.storage import UNFINISHED, sync_entry

EVIDENCE = "evidence"  # the folder in a backup


def copy_evidence(source: Path, target: Path) -> None:
    """Evidence is written once under a name of its own, so a file is complete or not yet named."""
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns(f"*{UNFINISHED}"))


def sync(path: Path) -> None:
    """Onto the disk: a file, or a folder with all below it."""
    below = sorted(path.rglob("*")) if path.is_dir() else []
    for item in [*below, path]:
        handle = os.open(item, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def put_in_place(part: Path, final: Path) -> None:
    """Under its name only when it is whole."""
    sync(part)
    part.rename(final)
    sync_entry(final)
