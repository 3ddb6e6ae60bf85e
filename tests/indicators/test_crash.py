"""kill -9 in the middle of saves: what was acknowledged is there afterwards."""

import os
import signal

import psycopg2
import pytest

from tests.indicators.live import POSTGRES, LiveDatabase, acknowledged, portal_database

THREADS = "6"
SAVES_BEFORE_KILL = 40


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


def killed(database: LiveDatabase, mode: str) -> set[str]:
    """What a process had acknowledged when it was killed while its threads were saving."""
    process = database.start(mode, THREADS)
    seen = "".join(process.stdout.readline() for _ in range(SAVES_BEFORE_KILL))
    process.send_signal(signal.SIGKILL)
    rest, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (-signal.SIGKILL, "")
    return acknowledged(seen + rest)


def test_everything_acknowledged_survives_kill_9(durable):
    database = portal_database()
    said = set()
    for _ in range(4):
        said |= killed(database, "write")
        assert said - database.tokens() == set()
    assert len(said) >= 4 * SAVES_BEFORE_KILL
    assert database.run("verify_history").returncode == 0


def test_the_drill_notices_an_acknowledgement_before_the_commit(durable):
    database = portal_database()
    said = killed(database, "write_and_say_first")
    assert said - database.tokens() != set()
