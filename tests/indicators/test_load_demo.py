import stat

import pytest
from django.core.management import call_command

from indicators.accounts import demo
from indicators.models import Plan, User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return tmp_path / "demo-accounts.txt"


def load(capsys) -> str:
    call_command("load_demo")
    return capsys.readouterr().out


def test_first_run_makes_the_plan_and_four_accounts_that_open(own_folder, capsys):
    printed = load(capsys)
    passwords = demo.read_passwords(own_folder)
    assert list(passwords) == ["clerk", "supervisor", "reviewer", "admin"]
    for username, password in passwords.items():
        assert User.objects.get(username=username).check_password(password)
        assert f"{username:<11}{password}" in printed
    assert Plan.objects.get().agency.code == "tc-secretariat"


def test_roles_are_those_of_the_demo(capsys):
    load(capsys)
    roles = {
        user.username: [(r.name, r.agency and r.agency.code, r.unit and r.unit.name) for r in held]
        for user in User.objects.all()
        for held in [user.roles.select_related("agency", "unit")]
    }
    assert roles == {
        "clerk": [("clerk", "tc-secretariat", "採購管理科")],
        "supervisor": [("supervisor", "tc-secretariat", None)],
        "reviewer": [("reviewer", None, None)],
        "admin": [("administrator", None, None)],
    }


def test_password_file_is_for_its_owner_only(own_folder, capsys):
    load(capsys)
    assert stat.S_IMODE(own_folder.stat().st_mode) == 0o600


def test_second_run_changes_nothing_and_prints_the_same(own_folder, capsys):
    first = load(capsys)
    assert load(capsys) == first
    assert User.objects.count() == 4


def test_plan_that_was_changed_since_stays(capsys):
    load(capsys)
    Plan.objects.get().figures.all().delete()
    load(capsys)
    assert Plan.objects.get().figures.count() == 0


def test_new_database_takes_the_passwords_of_the_file(own_folder, capsys):
    first = load(capsys)
    User.objects.all().delete()
    assert load(capsys) == first


def test_lost_file_gives_new_passwords_that_open(own_folder, capsys):
    load(capsys)
    own_folder.unlink()
    load(capsys)
    for username, password in demo.read_passwords(own_folder).items():
        assert User.objects.get(username=username).check_password(password)


def test_password_that_its_owner_changed_stays(own_folder, capsys):
    load(capsys)
    user = User.objects.get(username="admin")
    user.set_password("their own words")
    user.save()
    assert "admin      （密碼已由使用者更改）" in load(capsys)
    assert demo.read_passwords(own_folder)["admin"] == demo.CHANGED
    load(capsys)
    user.refresh_from_db()
    assert user.check_password("their own words")


def test_two_passwords_are_never_the_same():
    assert len({demo.new_password() for _ in range(100)}) == 100
