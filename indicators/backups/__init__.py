"""Backup and restore of a running portal: the database and the evidence together.

A backup is a folder: the database, the evidence and `manifest.json` with every file's SHA-256
and the heads of the history's chains, its anchor.
"""

from indicators.backups.databases import BackupError, save_sqlite
from indicators.backups.making import make
from indicators.backups.manifest import MANIFEST
from indicators.backups.restoring import restore

__all__ = ["MANIFEST", "BackupError", "make", "restore", "save_sqlite"]
