"""Log in, lockout, disabled accounts, and what the record says of it."""

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from indicators import history, models
from indicators.accounts import callers
from indicators.actions import people
from indicators.permissions import actor_of
from tests.conftest import NOW
from tests.indicators.accounts import (
    NEW,
    PASSWORD,
    add_app,
    code,
    events,
    is_in,
    last_event,
    log_in,
    sent,
    wrong_code,
)
from tests.indicators.test_pages import text

pytestmark = pytest.mark.django_db
NOT_ACCEPTED = "帳號或密碼不正確，請核對大小寫後再試一次。"


@pytest.fixture
def clerk(secretariat, make_user):
    return make_user("clerk", secretariat.agency)


def fail(client, times=5, **kwargs):
    return [log_in(client, password="wrong", **kwargs).status_code for _ in range(times)]


def age_attempts(minutes):
    passed = timezone.now() - timedelta(minutes=minutes)
    AccessAttempt.objects.update(attempt_time=passed)


# The lockout --------------------------------------------------------------------------------------


def test_five_failures_lock_the_right_password_out(client, clerk):
    assert fail(client) == [200, 200, 200, 200, 429]
    response = log_in(client)
    assert response.status_code == 429
    assert "這個帳號連續 5 次沒有登入成功，為了安全先停用 15 分鐘。" in text(response)
    assert not is_in(client)


def test_four_failures_lock_nothing_and_success_forgets_them(client, clerk):
    fail(client, 4)
    assert log_in(client).headers["Location"] == "/"
    client.post("/logout/")
    assert fail(client, 4) == [200] * 4


@pytest.mark.parametrize(("minutes", "status"), [(14, 429), (16, 302)])
def test_the_lockout_ends_after_fifteen_minutes(minutes, status, client, clerk):
    fail(client)
    age_attempts(minutes)
    assert log_in(client).status_code == status


def test_tries_during_the_lockout_do_not_prolong_it(client, clerk):
    fail(client)
    age_attempts(14)
    fail(client, 3)
    age_attempts(16)
    assert log_in(client).status_code == 302


def test_ways_to_write_a_name_are_counted_together(client, clerk):
    names = ["test-clerk", "TEST-CLERK", " Test-Clerk ", "ｔｅｓｔ-clerk", "test-clerK"]
    assert [fail(client, 1, username=name)[0] for name in names] == [200] * 4 + [429]
    assert log_in(client).status_code == 429


def test_the_lockout_holds_for_other_addresses_and_browsers(client, clerk):
    for number in range(5):
        client.post(
            "/login/",
            sent(password="wrong"),
            headers={"user-agent": f"browser {number}"},
            REMOTE_ADDR=f"10.0.0.{number}",
        )
    assert log_in(client).status_code == 429


def test_a_name_that_does_not_exist_is_locked_alike(client, clerk):
    assert fail(client, username="nobody") == [200, 200, 200, 200, 429]
    assert log_in(client).status_code == 302


def test_what_was_typed_is_not_stored(client, clerk):
    fail(client, 2)
    client.force_login(clerk)
    client.post("/account/password/", {"oldpassword": "Old-0", "password1": NEW, "password2": NEW})
    stored = " ".join(AccessAttempt.objects.values_list("post_data", flat=True))
    assert not {"wrong", "Old-0", NEW} & set(re.split(r"[=\s]", stored))
    payloads = "".join(models.AuditEvent.objects.values_list("payload", flat=True))
    assert "wrong" not in payloads
    assert NEW not in payloads


def test_no_address_is_no_obstacle(client, clerk):
    assert client.post("/login/", sent(), REMOTE_ADDR="").status_code == 302
    assert last_event().content()["after"]["address"] == "0.0.0.0"


@pytest.mark.parametrize(
    ("count", "forwarded", "expected"),
    [
        (0, "1.1.1.1", "9.9.9.9"),
        (1, "1.1.1.1, 2.2.2.2", "2.2.2.2"),
        (2, "1.1.1.1, 2.2.2.2", "1.1.1.1"),
        (3, "1.1.1.1, 2.2.2.2", "9.9.9.9"),
        (1, "", "9.9.9.9"),
        (1, "<script>", "9.9.9.9"),
    ],
)
def test_address_is_what_the_trusted_proxy_saw(rf, settings, count, forwarded, expected):
    settings.TRUSTED_PROXY_COUNT = count
    request = rf.get("/", REMOTE_ADDR="9.9.9.9", HTTP_X_FORWARDED_FOR=forwarded)
    assert callers.address(request) == expected


def test_a_flood_of_tries_is_slowed_down(client, clerk, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    cache.clear()
    assert [log_in(client, username=f"n{n}").status_code for n in range(3)] == [200, 200, 429]


# The second factor --------------------------------------------------------------------------------


def test_password_then_code_opens(client, clerk):
    secret = add_app(clerk)
    assert log_in(client, next="/plans/").headers["Location"] == "/login/code/"
    assert not is_in(client)
    assert client.post("/login/code/", {"code": code(secret)}).headers["Location"] == "/plans/"
    assert is_in(client)
    assert last_event().content()["after"]["methods"] == ["password", "totp"]


def test_a_code_opens_once(client, clerk):
    secret = add_app(clerk)
    used = code(secret)
    for expected in (302, 200):
        log_in(client)
        assert client.post("/login/code/", {"code": used}).status_code == expected
        client.post("/logout/")


def test_wrong_codes_are_counted_with_wrong_passwords(client, clerk):
    secret = add_app(clerk)
    fail(client, 2)
    log_in(client)
    bad = {"code": wrong_code(secret)}
    assert [client.post("/login/code/", bad).status_code for _ in range(3)] == [200, 200, 429]
    assert log_in(type(client)()).status_code == 429


def test_the_right_code_opens_nothing_during_a_lockout(client, clerk, django_user_model):
    secret = add_app(clerk)
    log_in(client)
    fail(type(client)())
    assert client.post("/login/code/", {"code": code(secret)}).status_code == 429
    assert not is_in(client)


def test_a_code_that_was_refused_in_a_lockout_is_not_used_up(client, clerk):
    secret = add_app(clerk)
    log_in(client)
    fail(type(client)())
    tried = code(secret)
    client.post("/login/code/", {"code": tried})
    age_attempts(16)
    assert client.post("/login/code/", {"code": tried}).status_code == 302


def test_a_recovery_code_opens_once(client, clerk):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    add_app(clerk)
    first = RecoveryCodes.activate(clerk).get_unused_codes()[0]
    for expected in (302, 200):
        log_in(client)
        assert client.post("/login/code/", {"code": first}).status_code == expected
        client.post("/logout/")


# Accounts that are not open -----------------------------------------------------------------------


@pytest.mark.parametrize("password", [PASSWORD, "wrong"])
def test_a_disabled_account_looks_like_a_wrong_password(password, client, clerk):
    models.User.objects.filter(pk=clerk.pk).update(is_active=False)
    assert NOT_ACCEPTED in text(log_in(client, password=password))


def test_who_is_disabled_is_out_at_the_next_click(client, clerk, make_user):
    client.force_login(clerk)
    admin = actor_of(make_user("administrator"), NOW.date())
    people.disable_account(user_id=clerk.pk, actor=admin, now=NOW)
    assert not is_in(client)


@pytest.mark.parametrize(("days", "is_open"), [(179, True), (181, False)])
def test_an_account_that_nobody_used_is_disabled_at_sign_in(days, is_open, client, clerk):
    before = timezone.now() - timedelta(days=days)
    models.User.objects.filter(pk=clerk.pk).update(enabled_at=before)
    response = client.post("/login/", sent(), follow=True)
    assert is_in(client) is is_open
    if not is_open:
        assert "這個帳號因為久未使用已停用" in text(response)
        assert events("disable") == [("disable", "test-clerk")]


def test_a_recent_log_in_keeps_an_account(client, clerk):
    now = timezone.now()
    models.User.objects.filter(pk=clerk.pk).update(
        enabled_at=now - timedelta(days=999), last_login=now - timedelta(days=3)
    )
    log_in(client)
    assert is_in(client)


def test_the_command_disables_what_is_unused(clerk, make_user, secretariat, capsys):
    make_user("supervisor", secretariat.agency)
    models.User.objects.filter(pk=clerk.pk).update(enabled_at=timezone.now() - timedelta(days=181))
    call_command("disable_unused_accounts")
    assert capsys.readouterr().out == "已停用：test-clerk\n"
    active = models.User.objects.filter(is_active=True)
    assert [user.username for user in active] == ["test-supervisor"]


def test_zero_days_disable_nobody(clerk, settings, capsys):
    settings.UNUSED_ACCOUNT_DAYS = 0
    models.User.objects.update(enabled_at=timezone.now() - timedelta(days=9999))
    call_command("disable_unused_accounts")
    assert capsys.readouterr().out == ""


def test_an_account_that_is_enabled_again_opens(client, clerk, make_user):
    admin = actor_of(make_user("administrator"), NOW.date())
    old = timezone.now() - timedelta(days=999)
    models.User.objects.filter(pk=clerk.pk).update(enabled_at=old, is_active=False)
    people.enable_account(user_id=clerk.pk, actor=admin, now=timezone.now())
    log_in(client)
    assert is_in(client)


def test_the_server_s_operator_lets_the_last_administrator_in_again(client, make_user, capsys):
    admin = make_user("administrator")
    add_app(admin)
    models.User.objects.filter(pk=admin.pk).update(is_active=False)
    call_command(
        "mend_account", "test-administrator", "--enable", "--remove-second-factor", "--link"
    )
    path = capsys.readouterr().out.splitlines()[-1]
    client.get(path)
    client.post("/reset/", {"password1": NEW, "password2": NEW})
    log_in(client, username="test-administrator", password=NEW)
    assert is_in(client)
    assert [action for action, _ in events()] == [
        "enable",
        "mfa-remove",
        "reset-issue",
        "password-reset",
        "sign-in",
    ]


def test_an_account_that_is_not_there_is_said_so(capsys, db):
    with pytest.raises(SystemExit):
        call_command("mend_account", "nobody", "--link")
    assert "沒有「nobody」這個帳號。" in capsys.readouterr().err


# The record ---------------------------------------------------------------------------------------


def test_the_record_tells_of_each_step(client, clerk):
    fail(client, 1)
    log_in(client)
    client.post("/logout/")
    fail(client, 6)
    assert events() == [
        ("sign-in-failed", "test-clerk"),
        ("sign-in", "test-clerk"),
        ("sign-out", "test-clerk"),
        *[("sign-in-failed", "test-clerk")] * 5,
        ("lockout", "test-clerk"),
    ]
    assert list(history.verify()) == []


def test_tries_during_a_lockout_do_not_fill_the_record(client, clerk):
    fail(client)
    count = len(events())
    fail(client, 10)
    assert len(events()) == count


def test_names_in_the_record_are_bounded_and_clean(client, clerk):
    log_in(client, username="a\u202eb\x07c\n" + "d" * 130)
    log_in(client, username="My-secret-pass-42")  # typed into the wrong field
    log_in(client, username="TEST-clerk", password="x")
    assert [label for _, label in events()] == ["abc***", "My-***", "test-clerk"]
    log_in(client, username="e" * 151)
    assert len(events()) == 3


def test_sign_in_event_names_the_person_and_the_address(client, clerk):
    client.post("/login/", sent(), REMOTE_ADDR="10.1.2.3")
    event = last_event()
    assert (event.actor, event.object_id) == (clerk, clerk.pk)
    assert event.content()["after"] == {"address": "10.1.2.3", "methods": ["password"]}
