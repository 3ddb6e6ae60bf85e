"""How the commands end when something is wrong: one clear line on stderr, exit 1, no traceback."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone

from indicators import actions
from indicators.interchange.plan_reading import read_plan
from indicators.interchange.plan_writing import write_plan
from indicators.queries import find_plan, load_plan
from tests.indicators.documents import as_bytes, base, changed

ROOT = Path(__file__).resolve().parents[2]


def manage(*arguments, **environment):
    """`python manage.py …` as a process of its own."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=os.environ | {"PORTAL_LOCAL": "1", "SECRET_KEY": "x" * 60} | environment,
        capture_output=True,
        timeout=300,
        check=False,
    )


def one_line(ended):
    """The one line of stderr; the assertion shows a traceback whole."""
    lines = ended.stderr.decode().splitlines()
    assert (ended.returncode, ended.stdout, len(lines)) == (1, b"", 1), ended.stderr.decode()
    return lines[0]


# Agency and year


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["export_plan", "show_scorecard"])
@pytest.mark.parametrize(
    ("agency", "year", "line"),
    [
        ("no-such-office", "107", "找不到機關「no-such-office」107 年度的計畫。"),
        ("test-office", "108", "找不到機關「test-office」108 年度的計畫。"),
        ("test-office", "99999999999999999999",
        "找不到機關「test-office」99999999999999999999 年度的計畫。"),
        ("test-office", "abc", "找不到機關「test-office」abc 年度的計畫。"),
        ("test-office", "１０７", "找不到機關「test-office」１０７ 年度的計畫。"),
        ("test-office", "107.0", "找不到機關「test-office」107.0 年度的計畫。"),
        ("", "", "找不到機關「」 年度的計畫。"),
        ("a\nb", "107", "找不到機關「aU+000Ab」107 年度的計畫。"),
        ("a\0b", "107", "找不到機關「aU+0000b」107 年度的計畫。"),
        ("\udcff", "107", "找不到機關「U+DCFF」107 年度的計畫。"),
        ("%s' OR 1=1 --", "107", "找不到機關「%s' OR 1=1 --」107 年度的計畫。"),
    ],
)  # fmt: skip
def test_an_unknown_agency_or_year_is_told(import_plan, command, name, agency, year, line):
    import_plan(base())
    ended = command(name, "--", agency, year)
    assert (ended.code, ended.out, ended.err) == (1, "", f"{line}\n")


# Files


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("missing.json", "missing.json：讀不到檔案（找不到這個檔案）。"),
        (".", ".：讀不到檔案（這是資料夾）。"),
        ("a\0b", "a\\u0000b：讀不到檔案（embedded null byte）。"),
        ("/dev/null", "$：檔案是空的。"),
        ("x" * 300, f"{'x' * 40}…：讀不到檔案（File name too long）。"),
    ],
)
def test_a_file_that_can_not_be_read_is_told(command, monkeypatch, tmp_path, path, line):
    monkeypatch.chdir(tmp_path)
    ended = command("import_plan", path)
    assert (ended.code, ended.out, ended.err) == (1, "", f"{line}\n")


@pytest.mark.django_db
def test_a_pipe_that_nobody_writes_to_is_empty(command, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert command("import_plan", str(tmp_path / "pipe")).err == "$：檔案是空的。\n"


@pytest.mark.django_db
def test_a_pipe_is_read_to_its_end(command, tmp_path):
    reader, writer = os.pipe()
    os.write(writer, as_bytes(base()))
    os.close(writer)
    assert command("import_plan", f"/dev/fd/{reader}").code == 0
    os.close(reader)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "reason"),
    [
        (".", "Is a directory"),
        ("missing/out.json", "No such file or directory"),
        ("file/out.json", "Not a directory"),
        ("a\0b", "embedded null byte"),
    ],
)
def test_an_output_that_can_not_be_written_is_told(
    import_plan, command, monkeypatch, tmp_path, path, reason
):
    import_plan(base())
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("kept")
    ended = command("export_plan", "test-office", "107", "--format", "json", "-o", path)
    assert (ended.code, ended.out, ended.err) == (1, "", f"無法寫入「{path}」（{reason}）。\n")
    assert {p.name for p in tmp_path.iterdir()} == {"file", "plan.json"}
    assert Path("file").read_text() == "kept"


@pytest.mark.django_db
def test_an_output_keeps_its_mode_and_its_link(import_plan, command, tmp_path):
    import_plan(base())
    target, link = tmp_path / "private.json", tmp_path / "link.json"
    target.write_text("old")
    target.chmod(0o600)
    link.symlink_to(target)
    assert command("export_plan", "test-office", "107", "-o", str(link)).code == 0
    assert (link.is_symlink(), target.stat().st_mode & 0o777) == (True, 0o600)
    assert target.read_text(encoding="utf-8") == write_plan(read_plan(as_bytes(base())))


@pytest.mark.django_db
def test_without_an_output_the_document_is_printed(import_plan, command):
    import_plan(base())
    ended = command("export_plan", "test-office", "107", "--format", "json")
    assert ended.out == write_plan(read_plan(as_bytes(base())))


# Processes: settings, databases, terminals


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """A migrated SQLite database with a plan in it."""
    folder = tmp_path_factory.mktemp("database")
    url = f"sqlite:///{folder}/portal.sqlite3"
    (folder / "plan.json").write_bytes(as_bytes(base()))
    assert manage("migrate", "-v", "0", DATABASE_URL=url).returncode == 0
    imported = manage("import_plan", f"{folder}/plan.json", DATABASE_URL=url)
    assert (imported.returncode, imported.stderr) == (0, b"")
    return {"DATABASE_URL": url}


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["show_scorecard", "test-office", "107", "--format", "xml"], "invalid choice: 'xml'"),
        (["export_plan", "test-office"], "YEAR"),
    ],
)
def test_wrong_arguments_are_told_in_one_line(database, arguments, part):
    line = one_line(manage(*arguments, **database))
    assert line.startswith("指令的參數有誤（") and part in line


@pytest.mark.parametrize(
    ("url", "line"),
    [
        (
            "mysql://x/y",
            "設定有誤：DATABASE_URL 應為 sqlite:////absolute/path "
            "或 postgres://user:password@host:port/name。",
        ),
        (
            "sqlite:////missing-folder/x.sqlite3",
            "資料庫無法使用（unable to open database file）。",
        ),
        (f"sqlite:///{ROOT}/manage.py", "資料庫無法使用（file is not a database）。"),
    ],
)
def test_a_wrong_database_is_told_in_one_line(url, line):
    assert one_line(manage("show_scorecard", "a-b", "107", DATABASE_URL=url)) == line


def test_an_unmigrated_database_is_told_in_one_line(tmp_path):
    (tmp_path / "plan.json").write_bytes(as_bytes(base()))
    url = f"sqlite:///{tmp_path}/new.sqlite3"
    line = one_line(manage("import_plan", f"{tmp_path}/plan.json", DATABASE_URL=url))
    assert line == (
        "資料庫無法使用（no such table: indicators_plan）。請先執行 python manage.py migrate。"
    )


def test_a_postgresql_that_does_not_answer_is_told_in_one_line():
    url = "postgres://user:hidden-word@127.0.0.1:1/name"
    line = one_line(manage("show_scorecard", "a-b", "107", DATABASE_URL=url))
    assert line.startswith("資料庫無法使用（") and "hidden-word" not in line


@pytest.mark.parametrize("encoding", ["ascii", "cp950"])
def test_a_terminal_that_is_not_utf8_is_no_reason_to_stop(database, encoding):
    ended = manage("show_scorecard", "test-office", "107", PYTHONIOENCODING=encoding, **database)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert ended.stdout.decode(encoding).splitlines()[0] == (
        "測試局 107 年度計分表" if encoding == "cp950"
        else r"\u6e2c\u8a66\u5c40 107 \u5e74\u5ea6\u8a08\u5206\u8868"
    )  # fmt: skip


def test_a_json_document_is_utf8_whatever_the_terminal(database):
    ended = manage(
        "show_scorecard", "test-office", "107", "--format", "json",
        PYTHONIOENCODING="ascii", **database,
    )  # fmt: skip
    assert json.loads(ended.stdout.decode("utf-8"))["agency"]["name"] == "測試局"


def test_faults_are_printed_on_a_terminal_that_is_not_utf8(database, tmp_path):
    (tmp_path / "plan.json").write_bytes(as_bytes(changed(("year", 0), ("agency.code", "A"))))
    ended = manage("import_plan", f"{tmp_path}/plan.json", PYTHONIOENCODING="ascii", **database)
    assert (ended.returncode, len(ended.stderr.splitlines())) == (1, 2)


# Two at the same time


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgresql
@pytest.mark.parametrize("start", [[], ["stored"]])
def test_two_imports_at_the_same_time_leave_one_whole_plan(start):
    records = [read_plan(as_bytes(changed(("agency.name", name)))) for name in "甲乙丙丁"]
    for _ in start:
        actions.replace_plan(records[0], by=None, now=timezone.now())
    gate, failures = threading.Barrier(len(records)), []

    def store(record):
        try:
            gate.wait()
            actions.replace_plan(record, by=None, now=timezone.now())
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=store, args=[record]) for record in records]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    found = write_plan(load_plan(find_plan("test-office", 107)))
    assert found in [write_plan(record) for record in records]


def test_two_processes_that_import_at_once_both_end_well(database, tmp_path):
    files = []
    for name in ("甲局", "乙局"):
        files.append(tmp_path / f"{name}.json")
        files[-1].write_bytes(as_bytes(changed(("agency.name", name))))
    ended = [None, None]

    def run(index):
        ended[index] = manage("import_plan", str(files[index]), **database)

    threads = [threading.Thread(target=run, args=[index]) for index in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(one.returncode, one.stderr) for one in ended] == [(0, b""), (0, b"")]
    whole = [write_plan(read_plan(file.read_bytes())).encode() for file in files]
    assert manage("export_plan", "test-office", "107", **database).stdout in whole
