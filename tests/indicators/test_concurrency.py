"""Many at one plan, in processes and threads of their own, on whichever database is tested."""

import json
from collections import Counter

import pytest

from tests.indicators.live import LiveDatabase, portal_database

PROCESSES, THREADS, ROUNDS = 2, 10, 5
SAVES = PROCESSES * THREADS * ROUNDS


@pytest.fixture
def database() -> LiveDatabase:
    return portal_database()


def test_twenty_writers_lose_no_update_and_no_history(database):
    processes = [database.start("count", str(THREADS), str(ROUNDS)) for _ in range(PROCESSES)]
    ended = [process.communicate(timeout=60) for process in processes]
    assert [process.returncode for process in processes] == [0] * PROCESSES, ended

    said = Counter(line for out, _ in ended for line in out.splitlines())
    assert said["saved"] == SAVES
    assert said["conflict"] > 0  # they did meet
    assert database.query("SELECT actual FROM indicators_measurement ORDER BY id LIMIT 1") == [
        (str(SAVES),)
    ]
    rows = database.query(
        "SELECT payload FROM indicators_auditevent WHERE action = 'count' ORDER BY sequence"
    )
    steps = [json.loads(payload) for (payload,) in rows]
    assert [(step["before"]["actual"], step["after"]["actual"]) for step in steps] == [
        (str(number), str(number + 1)) for number in range(SAVES)
    ]
    assert database.run("verify_history").returncode == 0


def test_events_of_no_plan_from_many_writers_are_one_chain(database):
    """The chain doesn't exist before: all begin at once."""
    processes = [database.start("sign_ins", "5", "10") for _ in range(PROCESSES)]
    ended = [process.communicate(timeout=60) for process in processes]
    assert [process.returncode for process in processes] == [0] * PROCESSES, ended
    assert database.query("SELECT sequence FROM indicators_chain WHERE name = 'accounts'") == [
        (PROCESSES * 5 * 10,)
    ]
    assert database.run("verify_history").returncode == 0


def test_a_deadlock_is_resolved_by_trying_again(database):
    said = Counter(database.work("deadlock"))
    assert said["done"] == 2
    if database.url.startswith("postgres"):
        assert said["try"] == 3  # SQLite lets only one begin: there is nothing to resolve


def test_an_edit_during_publication_is_refused(database):
    said = database.work("publish_against_edit")
    assert sorted(said) == sorted(
        ["published", "計畫已公告，內容不能再變更；更正請另立新版本並說明理由。"]
    )
    assert database.query(
        "SELECT count(*) FROM indicators_measurement WHERE analysis = '偷改'"
    ) == [(0,)]
