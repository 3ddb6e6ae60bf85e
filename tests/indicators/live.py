"""Databases of their own, used by processes of their own: commits that last, kills that hurt."""

from __future__ import annotations

import atexit
import functools
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import uuid
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
from django.db.backends.sqlite3._functions import register as register_functions

ROOT = Path(__file__).resolve().parent.parent.parent
POSTGRES = os.environ.get("DATABASE_URL", "").startswith("postgres")
WORKER = "tests.indicators.live_worker"


@dataclass(frozen=True)
class LiveDatabase:
    """A database that exists until the test run ends, and a folder for its evidence."""

    url: str
    evidence: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`manage.py …` as an operator runs it."""
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment(), capture_output=True, text=True, check=False
        )

    def work(self, *arguments: str) -> list[str]:
        """What the worker printed; its failure is the test's."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        return out.splitlines()

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", WORKER, *arguments],
            cwd=ROOT,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def query(self, sql: str) -> list[tuple]:
        """Past Django, as anyone with a database client sees it."""
        with closing(self._connect()) as raw, raw, closing(raw.cursor()) as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def tokens(self) -> set[str]:
        """What the workers' saves left in the history."""
        rows = self.query("SELECT payload FROM indicators_auditevent WHERE action = 'record'")
        return {json.loads(payload)["after"]["analysis"] for (payload,) in rows}

    def _connect(self):
        if POSTGRES:
            return psycopg2.connect(self.url)
        raw = sqlite3.connect(urlsplit(self.url).path[1:])
        register_functions(raw)  # the CHECKs call REGEXP
        return raw

    def environment(self) -> dict[str, str]:
        return os.environ | {
            "DATABASE_URL": self.url,
            "DJANGO_SETTINGS_MODULE": "tests.indicators.live_settings",
            "LIVE_EVIDENCE": str(self.evidence),
        }


def empty_database() -> LiveDatabase:
    return _database(None)


def portal_database() -> LiveDatabase:
    """Migrated, with the 107 plan. Copied from one that was made once."""
    return _database(_template())


def acknowledged(lines: str) -> set[str]:
    """The lines that were printed whole."""
    return {line[:-1] for line in lines.splitlines(keepends=True) if line.endswith("\n")}


@functools.cache
def _template() -> LiveDatabase:
    database = empty_database()
    database.work("prepare")
    return database


@functools.cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="portal-live-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _database(template: LiveDatabase | None) -> LiveDatabase:
    name = f"live_{uuid.uuid4().hex}"
    evidence = _folder() / f"{name}-evidence"
    if POSTGRES:
        source = urlsplit(template.url).path[1:] if template else "template1"
        _administer(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
        atexit.register(_administer, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        return LiveDatabase(
            urlsplit(os.environ["DATABASE_URL"])._replace(path=name).geturl(), evidence
        )
    path = _folder() / f"{name}.sqlite3"
    if template:
        shutil.copyfile(urlsplit(template.url).path[1:], path)
    return LiveDatabase(f"sqlite:///{path}", evidence)


def _administer(sql: str) -> None:
    with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as raw:
        raw.autocommit = True
        with raw.cursor() as cursor:
            cursor.execute(sql)
