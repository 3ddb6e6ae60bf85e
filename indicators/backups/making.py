"""Makes a backup while the portal runs."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from indicators.backups import databases, files, manifest
from indicators.evidence.storage import UNFINISHED, evidence_root
from indicators.history import heads


def make(folder: Path, *, now: datetime) -> Path:
    """A new folder inside `folder`; nothing under its final name unless it is complete.

    The heads are read first and the evidence is copied last: the database in the backup is at
    least as new as its anchor and at most as new as its evidence.
    """
    final = folder / f"portal-{now.astimezone(UTC):%Y%m%dT%H%M%S-%fZ}"
    part = final.with_name(final.name + UNFINISHED)
    part.mkdir(parents=True, mode=0o700)
    try:
        anchor = heads()
        database = databases.dump_name()
        databases.dump(part / database)
        files.copy_evidence(evidence_root(), part / files.EVIDENCE)
        content = manifest.describe(part, database, anchor, now)
        (part / manifest.MANIFEST).write_text(content.as_json(), encoding="utf-8")
        files.put_in_place(part, final)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return final
