"""Backup of a portal in use and restore into a new one: real processes, real databases."""

import json
import shutil
from contextlib import contextmanager

import pytest

from tests.indicators.live import (
    POSTGRES,
    LiveDatabase,
    acknowledged,
    empty_database,
    portal_database,
)

OTHER_KIND = "database.sqlite3" if POSTGRES else "database.pgdump"
OWN_KIND = "database.pgdump" if POSTGRES else "database.sqlite3"


@pytest.fixture
def portal() -> LiveDatabase:
    return filled_portal()


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """A portal and its backup, made once; each test gets its own copy of the backup."""
    database = filled_portal()
    return database, backed_up(database, tmp_path_factory.mktemp("source"))


@pytest.fixture
def backup(source, tmp_path):
    return shutil.copytree(source[1], tmp_path / "backups" / "portal-copy")


def filled_portal() -> LiveDatabase:
    database = portal_database()
    (database.evidence / "ab").mkdir(parents=True)
    (database.evidence / "ab" / "cdef").write_bytes(b"\x00proof" * 1000)
    (database.evidence / "ab" / "gh.part").write_bytes(b"half an upload")
    return database


def backed_up(database, folder):
    ended = database.run("backup", str(folder))
    assert (ended.returncode, ended.stderr) == (0, "")
    (made,) = folder.iterdir()
    assert ended.stdout.splitlines()[0] == f"已備份至 {made}"
    return made


def restored(backup, *options):
    """The database, and how the command ended."""
    database = empty_database()
    return database, database.run("restore", str(backup), *options)


@contextmanager
def writers(database):
    """A process that saves all the time; gives a list that gets what it acknowledged at the end."""
    process = database.start("write", "2")
    first = [process.stdout.readline() for _ in range(20)]
    said = [line.strip() for line in first]
    try:
        yield said
    finally:
        process.kill()
        rest, err = process.communicate()
        said += sorted(acknowledged(rest))
        assert err == ""


def test_a_backup_of_a_portal_in_use_is_restored_elsewhere(portal, tmp_path):
    with writers(portal) as said:
        before = set(said)
        made = backed_up(portal, tmp_path / "backups")
    assert len(said) > len(before)  # it was in use all the time
    other, ended = restored(made)
    assert (ended.returncode, ended.stderr) == (0, "")

    kept = other.tokens()
    assert before - kept == set()
    assert kept - portal.tokens() == set()
    assert (other.evidence / "ab" / "cdef").read_bytes() == b"\x00proof" * 1000
    assert [path.name for path in other.evidence.rglob("*")] == ["ab", "cdef"]
    events = "SELECT count(*) FROM indicators_auditevent"
    assert other.query(events)[0][0] == len(kept) + 1

    assert other.work("save", "afterwards") == ["afterwards"]  # its sequences and guards go on
    assert other.run("verify_history", "--anchor", str(made / "manifest.json")).returncode == 0
    assert other.run("check", "--database", "default").returncode == 0
    assert portal.run("verify_history", "--anchor", str(made / "manifest.json")).returncode == 0


def attached(database, name):
    (said,) = database.work("attach", name)
    return said.removeprefix("attach ")


def test_evidence_that_was_attached_comes_back_with_its_row(portal, tmp_path):
    stored = attached(portal, "proof")
    content = (portal.evidence / stored).read_bytes()
    made = backed_up(portal, tmp_path / "backups")
    later = attached(portal, "later")
    other, ended = restored(made)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert other.query("SELECT stored_as, name FROM indicators_evidence") == [(stored, "proof.pdf")]
    assert (other.evidence / stored).read_bytes() == content
    assert other.run("verify_evidence").returncode == 0

    ended = portal.run("restore", "--replace", str(made))
    assert (ended.returncode, ended.stderr) == (0, "")
    assert portal.run("verify_evidence").returncode == 0
    assert not (portal.evidence / later).exists()
    (portal.evidence / stored).write_bytes(b"changed")
    ended = portal.run("verify_evidence")
    assert (ended.returncode, ended.stderr) == (1, f"{stored}（proof.pdf）遭變更。\n")


def test_the_manifest_names_every_file_and_the_heads(source):
    portal, backup = source
    manifest = json.loads((backup / "manifest.json").read_text())
    assert list(manifest["files"]) == [OWN_KIND, "evidence/ab/cdef"]
    ((name, sequence, digest),) = portal.query("SELECT name, sequence, hash FROM indicators_chain")
    assert manifest["heads"] == [{"chain": name, "sequence": sequence, "hash": digest}]
    assert backup.stat().st_mode & 0o077 == 0  # it holds everyone's data


def test_a_failed_backup_leaves_nothing_that_looks_like_one(portal, tmp_path):
    (portal.evidence / "secret").symlink_to("/nowhere")
    ended = portal.run("backup", str(tmp_path / "backups"))
    assert ended.returncode == 1
    assert list((tmp_path / "backups").iterdir()) == []


def changed(backup):
    path = backup / "evidence" / "ab" / "cdef"
    path.write_bytes(path.read_bytes() + b" ")


def changed_database(backup):
    path = backup / OWN_KIND
    path.write_bytes(path.read_bytes() + b" ")


def lost(backup):
    (backup / "evidence" / "ab" / "cdef").unlink()


def added(backup):
    (backup / "evidence" / "new").write_bytes(b"")


@pytest.mark.parametrize(
    ("harm", "named"),
    [
        (changed, "evidence/ab/cdef"),
        (changed_database, OWN_KIND),
        (lost, "evidence/ab/cdef"),
        (added, "evidence/new"),
    ],
)
def test_a_backup_that_is_not_what_it_says_is_not_restored(backup, harm, named):
    harm(backup)
    database, ended = restored(backup)
    assert (ended.returncode, ended.stderr) == (1, f"備份與其清單不符：{named}。\n")
    assert untouched(database)


def untouched(database):
    if POSTGRES:
        tables = "SELECT 1 FROM pg_tables WHERE schemaname = 'public'"
    else:
        tables = "SELECT 1 FROM sqlite_master"
    return database.query(tables) == [] and not database.evidence.exists()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"format": 2}',
        '{"format": 1, "made_at": "", "database": "x", "files": {}, "heads": []}',
        '{"format": 1, "made_at": "", "database": "x", "files": {"x": ""}}',
    ],
)
def test_a_manifest_that_is_none_is_refused(tmp_path, content):
    (tmp_path / "manifest.json").write_text(content)
    _, ended = restored(tmp_path)
    path = tmp_path / "manifest.json"
    assert (ended.returncode, ended.stderr) == (1, f"「{path}」不是可用的備份清單。\n")


def test_a_folder_that_is_no_backup_is_refused(tmp_path):
    _, ended = restored(tmp_path)
    assert ended.returncode == 1
    assert "讀不到 manifest.json" in ended.stderr


def test_a_backup_of_the_other_kind_of_database_is_refused(backup):
    (backup / OWN_KIND).rename(backup / OTHER_KIND)
    manifest = backup / "manifest.json"
    manifest.write_text(manifest.read_text().replace(OWN_KIND, OTHER_KIND))
    _, ended = restored(backup)
    assert ended.returncode == 1
    assert f"這份備份的資料庫是 {OTHER_KIND}，不能還原到" in ended.stderr


def test_data_is_replaced_only_when_asked_for(portal, tmp_path):
    backup = backed_up(portal, tmp_path / "backups")
    portal.work("save", "later")
    (portal.evidence / "later").write_bytes(b"later")
    ended = portal.run("restore", str(backup))
    assert (ended.returncode, "資料庫不是空的" in ended.stderr) == (1, True)
    assert portal.tokens() == {"later"}

    ended = portal.run("restore", "--replace", str(backup / "manifest.json"))
    assert (ended.returncode, ended.stderr) == (0, "")
    assert portal.tokens() == set()
    assert not (portal.evidence / "later").exists()
    (kept,) = portal.evidence.parent.glob(f"{portal.evidence.name}.replaced-*")
    assert (kept / "later").read_bytes() == b"later"
    assert portal.run("check", "--database", "default").returncode == 0


def test_evidence_that_is_there_already_is_not_mixed_in(backup):
    database = empty_database()
    database.evidence.mkdir()
    (database.evidence / "own").write_bytes(b"own")
    ended = database.run("restore", str(backup))
    assert (ended.returncode, "不是空的" in ended.stderr) == (1, True)
    assert (database.evidence / "own").read_bytes() == b"own"


def test_a_backup_whose_history_was_harmed_is_told_of(portal, tmp_path):
    portal.work("save", "one")
    if POSTGRES:
        portal.query("ALTER TABLE indicators_auditevent DISABLE TRIGGER ALL")
    else:
        portal.query("DROP TRIGGER guard_indicators_auditevent_update")
    portal.query("UPDATE indicators_auditevent SET object_label = 'x' WHERE sequence = 2")
    database, ended = restored(backed_up(portal, tmp_path / "backups"))
    assert ended.returncode == 1
    assert "第 2 筆遭變更" in ended.stderr
    assert database.run("verify_history").returncode == 1
    assert database.run("check", "--database", "default").returncode == 0  # repaired


def test_a_rewound_database_contradicts_the_backup(portal, tmp_path):
    """The whole database put back to an older state is sound in itself."""
    backup = backed_up(portal, tmp_path / "older")
    portal.work("save", "one")
    shutil.rmtree(portal.evidence)
    newer = backed_up(portal, tmp_path / "newer")
    assert portal.run("restore", "--replace", str(backup)).returncode == 0
    ended = portal.run("verify_history", "--anchor", str(newer / "manifest.json"))
    assert (ended.returncode, "第 2 筆與錨點不符：已不存在" in ended.stderr) == (1, True)
    ended = portal.run("verify_history", "--format", "json")
    assert (ended.returncode, json.loads(ended.stdout)["sound"]) == (0, True)


@pytest.mark.sqlite  # a single file is SQLite's
def test_a_bare_copy_is_restored_without_evidence(portal, tmp_path):
    copy = tmp_path / "portal-20190101.sqlite3"
    portal.query(f"VACUUM INTO '{copy}'")
    database, ended = restored(copy)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert database.query("SELECT count(*) FROM indicators_plan") == [(1,)]
    copy.write_bytes(b"no database")
    assert restored(copy)[1].returncode == 1


@pytest.mark.postgresql  # a single file is SQLite's
def test_a_bare_file_is_not_restored_into_postgresql(backup):
    _, ended = restored(backup / OWN_KIND)
    assert (ended.returncode, "請指定備份資料夾" in ended.stderr) == (1, True)
