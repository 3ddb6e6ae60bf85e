"""Running a command as a user does: what it printed, what it warned of, how it ended."""

import io
import os
from dataclasses import dataclass

import psycopg2
import pytest
from django.apps import apps
from django.core.management import call_command

from tests.indicators.documents import as_bytes
from tests.indicators.live import POSTGRES


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str

    @property
    def errors(self):
        return self.err.splitlines()

    @property
    def places(self):
        """Where the faults are: what stands before the colon of each line."""
        return [line.split("：", 1)[0] for line in self.errors]


@pytest.fixture
def command():
    def run(name, *arguments):
        out, err = io.StringIO(), io.StringIO()
        try:
            call_command(name, *arguments, stdout=out, stderr=err)
        except SystemExit as ended:
            return Ended(ended.code, out.getvalue(), err.getvalue())
        return Ended(0, out.getvalue(), err.getvalue())

    return run


@pytest.fixture
def import_plan(command, tmp_path):
    """Import a document (a dict or bytes)."""

    def run(document, *options):
        path = tmp_path / "plan.json"
        path.write_bytes(document if isinstance(document, bytes) else as_bytes(document))
        return command("import_plan", str(path), *options)

    return run


@pytest.fixture
def row_counts(db):
    def count():
        return {model.__name__: model.objects.count() for model in apps.get_models()}

    return count


@pytest.fixture
def durable():
    """A test server is often run without fsync, which would make the drill worthless."""
    if not POSTGRES:
        yield
        return
    raw = psycopg2.connect(os.environ["DATABASE_URL"])
    raw.autocommit = True
    with raw.cursor() as cursor:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            cursor.execute(f"ALTER SYSTEM SET {name} = on")
        cursor.execute("SELECT pg_reload_conf()")
        while not all(_shown(raw, name) for name in ("fsync", "synchronous_commit")):
            pass
        yield
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            cursor.execute(f"ALTER SYSTEM RESET {name}")
        cursor.execute("SELECT pg_reload_conf()")
    raw.close()


def _shown(raw, name: str) -> bool:
    with raw.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        return cursor.fetchone() == ("on",)
