"""What `make run` starts with: who can do what at once, and that a second run leaves all alone."""

from __future__ import annotations

import io
import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from indicators import actions, demo, models
from indicators.accounts import demo as accounts
from indicators.evidence.storage import evidence_root
from indicators.interchange.plan_reading import read_plan
from indicators.interchange.plan_writing import write_plan
from indicators.permissions import NotAllowed, Subject, actor_of, can
from indicators.queries import load_plan
from indicators.scorecards.scored import score_plan
from reports.assembly import build_with_problems
from reports.consistency import audit
from tests.conftest import NOW, ROOT

pytestmark = pytest.mark.django_db

USERNAMES = ["clerk", "clerk2", "supervisor", "manager", "reviewer", "admin", "auditor"]
SAMPLES = [
    ("tc-secretariat", "taichung-secretariat-108.json"),
    ("tc-sample-library", "sample-library-108.json"),
    ("tc-sample-land-office", "sample-land-office-108.json"),
]


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    return tmp_path / "demo-accounts.txt"


def load(capsys) -> str:
    call_command("load_demo")
    return capsys.readouterr().out


def at(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


@pytest.fixture
def today(played):
    return timezone.localdate()


@pytest.fixture
def today_with_files(own_folder, db):
    """The demo played for one test alone, whose folder then has its files."""
    demo.load({}, now=NOW)
    return timezone.localdate()


def plan_of(code: str, year: int = 108) -> models.Plan:
    return models.Plan.objects.select_related("agency").get(agency__code=code, year=year)


def actor(username: str, day):
    return actor_of(models.User.objects.get(username=username), day)


def may(name: str, username: str, day) -> set[str]:
    """The Secretariat's indicators of 108 with which the person may do it."""
    plan, who = plan_of("tc-secretariat"), actor(username, day)
    rows = plan.indicators.order_by("pk")
    return {row.lineage for row in rows if can(name, who, Subject.of(plan, row))}


# Accounts ----------------------------------------------------------------------------------------


def test_first_run_makes_accounts_that_open_and_says_what_each_can_try(own_folder, capsys):
    printed = load(capsys)
    passwords = accounts.read_passwords(own_folder)
    assert list(passwords) == USERNAMES
    for account in accounts.ACCOUNTS:
        password = passwords[account.username]
        assert models.User.objects.get(username=account.username).check_password(password)
        assert f"{account.username:<11}{password}" in printed
        assert account.tries in printed


def test_roles_are_those_of_the_demo(played):
    roles = {
        user.username: [(r.name, r.agency and r.agency.code, r.unit and r.unit.name) for r in held]
        for user in models.User.objects.filter(username__in=USERNAMES)
        for held in [user.roles.select_related("agency", "unit")]
    }
    assert roles == {
        "clerk": [("clerk", "tc-secretariat", "採購管理科")],
        "clerk2": [("clerk", "tc-secretariat", "人事室")],
        "supervisor": [("supervisor", "tc-secretariat", None)],
        "manager": [("plan_manager", "tc-secretariat", None)],
        "reviewer": [("reviewer", None, None)],
        "admin": [("administrator", None, None)],
        "auditor": [("auditor", None, None)],
    }


def test_nothing_opens_the_accounts_of_the_colleagues(played):
    others = models.User.objects.exclude(username__in=USERNAMES)
    assert others.count() == 8
    assert not any(user.has_usable_password() for user in others)


def test_password_file_is_for_its_owner_only(own_folder, capsys):
    load(capsys)
    assert stat.S_IMODE(own_folder.stat().st_mode) == 0o600


def test_new_database_takes_the_passwords_of_the_file(own_folder, capsys):
    passwords = dict.fromkeys(USERNAMES, "from-an-earlier-run")
    accounts.write_passwords(own_folder, passwords)
    load(capsys)
    assert accounts.read_passwords(own_folder) == passwords
    assert models.User.objects.get(username="auditor").check_password("from-an-earlier-run")


def test_lost_file_gives_new_passwords_that_open(own_folder, capsys):
    load(capsys)
    own_folder.unlink()
    load(capsys)
    for username, password in accounts.read_passwords(own_folder).items():
        assert models.User.objects.get(username=username).check_password(password)


def test_password_that_its_owner_changed_stays(own_folder, capsys):
    load(capsys)
    user = models.User.objects.get(username="admin")
    user.set_password("their own words")
    user.save()
    assert "admin      （密碼已由使用者更改）" in load(capsys)
    assert accounts.read_passwords(own_folder)["admin"] == accounts.CHANGED
    load(capsys)
    user.refresh_from_db()
    assert user.check_password("their own words")


def test_somebody_of_the_same_username_keeps_password_and_roles(own_folder, capsys):
    user = models.User(username="manager", first_name="王小明")
    user.set_password("their own words")
    user.save()
    load(capsys)
    user.refresh_from_db()
    assert user.check_password("their own words")
    assert not user.roles.exists()


def test_two_passwords_are_never_the_same():
    assert len({accounts.new_password() for _ in range(100)}) == 100


# What each account finds -------------------------------------------------------------------------


def test_clerk_finds_something_due_overdue_returned_sent_and_not_begun(today):
    rows = plan_of("tc-secretariat").indicators.filter(owner__name="採購管理科")
    found = {row.lineage: (row.status, row.due and (row.due - today).days) for row in rows}
    assert found == {
        "basic-class-pass-rate": ("draft", 3),
        "contract-platform-progress": ("draft", -2),
        "failed-tender-rate": ("returned", 5),
        "e-tender-rate": ("submitted", None),
        "consultation-satisfaction": ("draft", None),
    }
    assert (plan_of("tc-secretariat").due - today).days == 10
    assert may("record", "clerk", today) == set(found) - {"e-tender-rate"}


def test_what_is_due_is_half_filled(today):
    row = plan_of("tc-secretariat").indicators.get(lineage="basic-class-pass-rate")
    values = {
        given.symbol: [line.value for line in given.rows.order_by("position")]
        for given in row.inputs.order_by("position")
    }
    assert values["受訓人數"] == [70, 70, 70, 68, 70, 62]
    assert values["取得證照人數"] == [62, 65, 61, 58, None, None]
    assert [e.about for e in row.evidence.all()] == ["受訓人數"]


def test_returned_input_has_a_file_that_says_147(today_with_files, sign_in, capsys):
    file = models.Evidence.objects.get(kind="file")
    place = (file.indicator.lineage, file.about, file.added_by.username)
    assert place == ("failed-tender-rate", "流廢標件數", "clerk")
    client = sign_in(models.User.objects.get(username="supervisor"))
    answer = client.get(f"/tc-secretariat/108/evidence/{file.pk}/")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("範例資料")
    assert sum(int(line.split(",")[1]) for line in lines[2:14]) == 147
    assert lines[14] == "合計,147,"
    call_command("verify_evidence")
    assert capsys.readouterr().err == ""


def test_second_run_attaches_nothing_again(today_with_files, capsys):
    before = models.Evidence.objects.count()
    file = models.Evidence.objects.get(kind="file")
    clerk = actor("clerk", today_with_files)
    actions.withdraw_evidence(
        indicator_id=file.indicator_id, evidence_id=file.pk, actor=clerk, now=timezone.now()
    )
    load(capsys)
    assert models.Evidence.objects.count() == before
    assert [path.name for path in evidence_root().iterdir()] == [file.stored_as]


def test_clerk_finds_nine_work_statistics_seven_of_them_counted(today):
    figures = plan_of("tc-secretariat").figures.filter(owner__name="採購管理科")
    assert (figures.count(), figures.exclude(value=None).count()) == (9, 7)


def test_what_came_back_has_a_reason_in_full(today):
    row = plan_of("tc-secretariat").indicators.get(lineage="failed-tender-rate")
    step = row.steps.order_by("-pk").first()
    assert (step.name, step.by.username) == ("return", "supervisor")
    assert "填 151 件" in step.reason
    assert "147 件不符" in step.reason
    assert list(step.notes) == ["input:流廢標件數"]


def test_second_clerk_has_the_same_kinds_of_work(today):
    rows = plan_of("tc-secretariat").indicators.filter(owner__name="人事室")
    found = {row.lineage: (row.status, row.due and (row.due - today).days) for row in rows}
    assert found == {
        "statutory-quota": ("returned", 5),
        "exam-recruits-ratio": ("submitted", None),
        "lifelong-learning": ("draft", -1),
        "language-certification": ("draft", 6),
    }


def test_second_clerk_is_deputy_of_the_clerk_and_of_the_supervisor(today):
    assert may("record", "clerk2", today) >= may("record", "clerk", today)
    assert may("approve", "clerk2", today) == may("approve", "supervisor", today)
    later = today + timedelta(days=14)
    assert may("record", "clerk2", later) == {
        "statutory-quota",
        "lifelong-learning",
        "language-certification",
    }


def test_second_clerk_runs_into_the_four_eyes_rule(today):
    row = plan_of("tc-secretariat").indicators.get(lineage="exam-recruits-ratio")
    with pytest.raises(NotAllowed, match="自己送出"):
        actions.approve(
            revisions={row.pk: row.revision}, actor=actor("clerk2", today), now=timezone.now()
        )


def test_supervisor_finds_three_to_check_and_can_approve_them(today):
    waiting = {"e-tender-rate", "exam-recruits-ratio", "capital-budget-execution"}
    assert may("approve", "supervisor", today) == waiting
    plan = plan_of("tc-secretariat")
    rows = plan.indicators.filter(lineage__in=waiting)
    actions.approve(
        revisions=dict(rows.values_list("pk", "revision")),
        actor=actor("supervisor", today),
        now=timezone.now(),
    )
    assert plan.indicators.filter(status="approved").count() == 6


def test_a_missed_target_is_approved_with_its_review(today):
    plan = score_plan(load_plan(plan_of("tc-secretariat")))
    item = next(i for i in plan.indicators() if i.record.lineage == "volunteer-growth")
    assert (item.result.status, item.record.status) == ("missed", "approved")
    assert str(item.result.actual) == "6.2"  # (69-65)/65 = 6.15 %
    assert all((item.record.review.cause, item.record.review.action, item.record.review.due))


def test_manager_assigns_and_sends_back_and_may_not_close_yet(today):
    assert len(may("assign", "manager", today)) == 13
    plan = plan_of("tc-secretariat")
    with pytest.raises(NotAllowed, match="還有 10 項"):
        actions.close(plan_id=plan.pk, actor=actor("manager", today), now=timezone.now())


def test_reviewer_finds_one_plan_to_review_and_one_to_publish(today):
    reviewer, now = actor("reviewer", today), timezone.now()
    library, land_office = plan_of("tc-sample-library"), plan_of("tc-sample-land-office")
    assert (library.status, land_office.status) == ("approved", "reviewed")
    actions.review(plan_id=library.pk, actor=reviewer, now=now)
    actions.publish(plan_id=land_office.pk, actor=reviewer, now=now)
    names = library.steps.filter(indicator=None).order_by("pk").values_list("name", flat=True)
    assert list(names) == ["close", "ask_back", "close", "review"]


@pytest.mark.parametrize("code", ["tc-sample-library", "tc-sample-land-office"])
def test_plans_at_the_city_are_whole_and_proven(today, code):
    plan = score_plan(load_plan(plan_of(code)))
    assert plan.totals.complete
    rows = plan_of(code).indicators.order_by("pk")
    assert {row.status for row in rows} == {"approved"}
    assert all(row.evidence.exists() for row in rows)


# Sound and marked --------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "name"), SAMPLES)
def test_sample_document_comes_back_as_it_was(code, name):
    text = (ROOT / "fixtures" / name).read_text(encoding="utf-8")
    record = read_plan(text.encode())
    plan = actions.replace_plan(record, by=None, now=timezone.now())
    assert write_plan(load_plan(plan)) == text


@pytest.mark.parametrize("code", [code for code, _ in SAMPLES])
def test_played_plan_is_marked_and_its_document_keeps_the_mark(today, code):
    record = load_plan(plan_of(code))
    assert record.sample_note
    again = read_plan(write_plan(record).encode())
    assert (again.sample_note, again.year) == (record.sample_note, 108)


@pytest.mark.parametrize("code", [code for code, _ in SAMPLES])
def test_report_of_a_played_plan_contradicts_itself_nowhere(today, code):
    plan = score_plan(load_plan(plan_of(code)))
    report, problems = build_with_problems(plan, city="臺中市政府")
    assert [f for f in audit(plan, report, problems) if f.level == "error"] == []
    assert report.title.endswith("108年度施政績效報告（範例資料）")


def test_last_year_is_what_the_107_report_says(today):
    last = {
        i.record.lineage: i
        for i in score_plan(load_plan(plan_of("tc-secretariat", 107))).indicators()
    }
    for row in plan_of("tc-secretariat").indicators.exclude(title__endswith="（範例）"):
        was = last[row.lineage]
        assert (row.previous_target, row.previous_actual) == (was.spec.target, was.result.actual)
        assert row.target == was.spec.target


def test_the_107_report_is_as_imported_and_its_commands_run(today, command, seed_record):
    plan = plan_of("tc-secretariat", 107)
    assert (plan.status, plan.sample_note, plan.due) == ("draft", "", None)
    assert write_plan(load_plan(plan)) == write_plan(seed_record)
    ended = command("check_report", "tc-secretariat", "107")
    assert (ended.code, ended.out.count("錯誤")) == (1, 1)
    assert "48" in ended.out
    fixture = str(ROOT / "fixtures" / "taichung-secretariat-107.json")
    assert command("import_plan", fixture).code == 0


def test_history_is_sound(today, command):
    assert command("verify_history").code == 0


@pytest.mark.parametrize(
    "now",
    [
        "2026-11-28T00:20:00",
        "2026-11-30T07:00:00",
        "2027-01-01T23:59:00",
        "2028-02-29T12:00",
        "2024-02-29T12:00",  # the day after 和平紀念日
        "2026-02-23T12:00",  # the day after the week of the New Year
    ],
)
def test_whatever_the_day_the_past_is_past_and_in_order(now):
    _, said = demo.load({}, now=at(now))
    assert said == []
    for plan in models.Plan.objects.for_year(108):
        times = list(plan.events.order_by("pk").values_list("at", flat=True))
        assert times == sorted(times)
        assert times[-1] < at(now)


# Run again ---------------------------------------------------------------------------------------


def test_second_run_changes_nothing_and_prints_the_same(capsys, row_counts):
    first, counts = load(capsys), row_counts()
    assert load(capsys) == first
    assert row_counts() == counts


def test_what_people_did_since_stays(capsys, row_counts):
    load(capsys)
    today, plan = timezone.localdate(), plan_of("tc-secretariat")
    plan_of("tc-secretariat", 107).figures.all().delete()
    row = plan.indicators.get(lineage="e-tender-rate")
    actions.approve(
        revisions={row.pk: row.revision}, actor=actor("supervisor", today), now=timezone.now()
    )
    models.Deputyship.objects.all().delete()
    counts = row_counts()
    load(capsys)
    assert row_counts() == counts
    assert plan.indicators.get(lineage="e-tender-rate").status == "approved"


def test_database_of_an_earlier_release_gets_the_year_under_way(capsys, secretariat, own_folder):
    """It holds the 107 plan, which people have changed, and accounts with known passwords."""
    secretariat.figures.all().delete()
    clerk = models.User(username="clerk", first_name="示範承辦")
    clerk.set_password("as-printed-then")
    clerk.save()
    unit = secretariat.agency.units.get(name="採購管理科")
    models.Role.objects.create(user=clerk, name="clerk", agency=secretariat.agency, unit=unit)
    accounts.write_passwords(own_folder, {"clerk": "as-printed-then"})
    assert "clerk      as-printed-then" in load(capsys)
    assert secretariat.figures.count() == 0
    assert plan_of("tc-secretariat").indicators.filter(status="returned").count() == 2


def test_a_plan_of_108_that_is_there_already_stays(capsys, secretariat):
    models.Plan.objects.filter(pk=secretariat.pk).update(year=108)
    load(capsys)
    assert plan_of("tc-secretariat").indicators.count() == 11
    assert not models.Step.objects.filter(plan=secretariat).exists()


def test_changed_roles_leave_a_plan_without_its_journey_and_say_so(capsys, secretariat):
    user = models.User.objects.create(username="supervisor", first_name="示範主管")
    models.Role.objects.create(user=user, name="clerk", agency=secretariat.agency)
    said = io.StringIO()
    call_command("load_demo", stdout=io.StringIO(), stderr=said)
    assert "臺中市政府秘書處 108：已匯入計畫，但無法重演填報流程" in said.getvalue()
    plan = plan_of("tc-secretariat")
    assert (plan.indicators.count(), plan.steps.count(), plan.due) == (13, 0, None)
    assert plan_of("tc-sample-library").status == "approved"


def test_fixtures_are_found_wherever_the_command_is_started(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert "clerk" in load(capsys)
    assert Path.cwd() == tmp_path


# On the pages ------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["", "report/"])
def test_pages_of_a_sample_say_what_is_invented_and_real_ones_say_nothing(today, sign_in, page):
    client = sign_in(models.User.objects.get(username="supervisor"))
    note = plan_of("tc-secretariat").sample_note
    sample = client.get(f"/tc-secretariat/108/{page}").content.decode()
    assert f'<span class="kp-sample">範例資料</span><span lang="zh-Hant-TW">{note}</span>' in sample
    assert "範例資料" not in client.get(f"/tc-secretariat/107/{page}").content.decode()


def test_own_work_says_what_of_it_is_invented(today, sign_in):
    client = sign_in(models.User.objects.get(username="clerk"))
    assert plan_of("tc-secretariat").sample_note in client.get("/my-work/").content.decode()


def test_list_of_plans_marks_the_samples(today, sign_in):
    client = sign_in(models.User.objects.get(username="reviewer"))
    assert client.get("/plans/").content.decode().count("範例資料") == 5


def test_correction_of_a_sample_is_a_sample(today):
    plan = plan_of("tc-sample-land-office")
    who, now = actor("reviewer", today), timezone.now()
    actions.publish(plan_id=plan.pk, actor=who, now=now)
    new = actions.correct(
        plan_id=plan.pk,
        reason="件數有誤",
        indicator_ids=[plan.indicators.order_by("pk")[0].pk],
        actor=who,
        now=now,
    )
    assert (new.version, new.sample_note) == (2, plan.sample_note)


def test_import_of_a_real_document_takes_the_mark_away(secretariat, seed_record):
    models.Plan.objects.filter(pk=secretariat.pk).update(sample_note="虛構")
    plan = actions.replace_plan(seed_record, by=None, now=timezone.now())
    assert plan.sample_note == ""


def test_past_years_of_the_secretariat_are_published_elsewhere_and_said_to_be_samples(today):
    for year in (105, 106):
        plan = plan_of("tc-secretariat", year)
        assert (plan.status, plan.sample_note[:3]) == ("published", str(year))
        assert set(plan.indicators.values_list("status", flat=True)) == {"approved"}
