"""Many at one plan, in processes and threads of their own, on whichever database is tested."""

import json
from collections import Counter

import pytest

from tests.indicators.live import LiveDatabase, portal_database

PROCESSES = 2
WRITERS, ROUNDS = 20, 4


@pytest.fixture
def database() -> LiveDatabase:
    return portal_database()


@pytest.fixture(scope="module")
def worked_on():
    """The portal after twenty clerks saved while others submitted, approved, returned, attached."""
    database = portal_database()
    before = dict(database.query("SELECT indicator_id, analysis FROM indicators_measurement"))
    return (
        database,
        before,
        [line.split() for line in database.work("people", str(WRITERS), str(ROUNDS))],
    )


def said(lines: list[list[str]], *names: str) -> list[list[str]]:
    return [rest for name, *rest in lines if name in names]


def events(database: LiveDatabase, *actions: str) -> list[dict]:
    rows = database.query("SELECT payload FROM indicators_auditevent ORDER BY chain_id, sequence")
    return [event for (text,) in rows if (event := json.loads(text))["action"] in actions]


def walked(found: list[dict], field: str, start: dict[int, str]) -> dict[int, str]:
    """Where each indicator's field ends, after steps that each begin where the last one ended."""
    now = dict(start)
    for event in found:
        assert event["before"][field] == now[event["id"]]
        now[event["id"]] = event["after"][field]
    return now


def test_twenty_writers_lose_no_update(worked_on):
    database, before, lines = worked_on
    saved = said(lines, "saved")
    assert len(saved) == WRITERS * ROUNDS
    assert said(lines, "conflict") != []  # they did meet
    stored = dict(database.query("SELECT indicator_id, analysis FROM indicators_measurement"))
    for key, analysis in stored.items():
        lasting = analysis.removeprefix(before[key]).split()
        assert sorted(lasting) == sorted(token for owner, token in saved if int(owner) == key)


def test_twenty_writers_leave_a_history_that_is_complete(worked_on):
    database, before, _ = worked_on
    found = events(database, "record")
    assert len(found) == WRITERS * ROUNDS
    stored = dict(database.query("SELECT indicator_id, analysis FROM indicators_measurement"))
    assert walked(found, "analysis", before) == stored
    revisions = dict(database.query("SELECT id, revision FROM indicators_indicator"))
    counted = [*found, *events(database, "return")]  # a return is a revision too
    assert Counter(event["id"] for event in counted) == Counter(revisions)
    assert database.run("verify_history").returncode == 0


def test_steps_taken_among_the_writers_are_all_recorded_and_follow_each_other(worked_on):
    database, before, lines = worked_on
    found = events(database, "submit", "return", "approve")
    assert Counter(event["action"] for event in found) == Counter(
        name for name, *_ in lines if name in {"submit", "return", "approve"}
    )
    assert {event["action"] for event in found} == {"submit", "return", "approve"}
    stored = dict(database.query("SELECT id, status FROM indicators_indicator"))
    assert walked(found, "status", dict.fromkeys(before, "draft")) == stored
    assert database.query("SELECT count(*) FROM indicators_step") == [(len(found),)]


def test_files_attached_among_the_writers_are_all_there(worked_on):
    database, _, lines = worked_on
    names = sorted(name for (name,) in said(lines, "attach"))
    assert len(names) == ROUNDS
    files = sorted(path.name for path in database.evidence.iterdir())
    rows = database.query("SELECT stored_as FROM indicators_evidence WHERE kind = 'file'")
    assert files == sorted(name for (name,) in rows) == names
    assert len(events(database, "attach")) == ROUNDS
    assert database.run("verify_evidence").returncode == 0


def test_events_of_no_plan_from_many_writers_are_one_chain(database):
    """The chain doesn't exist before: all begin at once."""
    processes = [database.start("sign_ins", "5", "10") for _ in range(PROCESSES)]
    ended = [process.communicate(timeout=300) for process in processes]
    assert [process.returncode for process in processes] == [0] * PROCESSES, ended
    assert database.query("SELECT sequence FROM indicators_chain WHERE name = 'accounts'") == [
        (PROCESSES * 5 * 10,)
    ]
    assert database.run("verify_history").returncode == 0


def test_a_deadlock_is_resolved_by_trying_again(database):
    lines = Counter(database.work("deadlock"))
    assert lines["done"] == 2
    if database.url.startswith("postgres"):
        assert lines["try"] == 3  # SQLite lets only one begin: there is nothing to resolve


def test_an_edit_during_publication_is_refused(database):
    lines = database.work("publish_against_edit")
    assert sorted(lines) == sorted(
        ["published", "計畫已公告，內容不能再變更；更正請另立新版本並說明理由。"]
    )
    assert database.query(
        "SELECT count(*) FROM indicators_measurement WHERE analysis = '偷改'"
    ) == [(0,)]
