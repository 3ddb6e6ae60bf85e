"""kill -9 in the middle of saves: what was acknowledged is there afterwards."""

import signal

from tests.indicators.live import LiveDatabase, acknowledged, portal_database

THREADS = "6"
SAVES_BEFORE_KILL = 40


def killed(database: LiveDatabase, mode: str) -> set[str]:
    """What a process had acknowledged when it was killed while its threads were saving."""
    process = database.start(mode, THREADS)
    seen = "".join(process.stdout.readline() for _ in range(SAVES_BEFORE_KILL))
    process.send_signal(signal.SIGKILL)
    rest, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (-signal.SIGKILL, "")
    return acknowledged(seen + rest)


def test_everything_acknowledged_survives_kill_9(durable):
    database = portal_database()
    said = set()
    for _ in range(3):
        said |= killed(database, "write")
        assert said - database.tokens() == set()
    assert len(said) >= 3 * SAVES_BEFORE_KILL
    assert database.run("verify_history").returncode == 0


def test_the_drill_notices_an_acknowledgement_before_the_commit(durable):
    database = portal_database()
    said = killed(database, "write_and_say_first")
    assert said - database.tokens() != set()
