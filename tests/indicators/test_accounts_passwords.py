"""Passwords: rules, history, first log-in, links for a new one; sessions and their limits."""

import time
from datetime import timedelta
from itertools import pairwise

import pytest
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.utils import timezone

from indicators import accounts, models
from indicators.accounts import resets
from indicators.permissions import NotAllowed
from tests.indicators.accounts import NEW, PASSWORD, events, is_in, log_in
from tests.indicators.test_pages import text

pytestmark = pytest.mark.django_db
OTHERS = ["Second-pass-42", "Third-pass-42", "Fourth-pass-42", "Fifth-pass-42"]


@pytest.fixture
def clerk(secretariat, make_user):
    return make_user("clerk", secretariat.agency)


@pytest.fixture
def admin(make_user):
    return make_user("administrator")


def change(client, new=NEW, old=PASSWORD, again=None):
    sent = {"oldpassword": old, "password1": new, "password2": again or new}
    return client.post("/account/password/", sent)


# Rules --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "bad",
    ["Short-1", "alllowercaseletters", "lowercase12345", "MajorMinorOnly", "password1234"],
)
def test_weak_passwords_are_refused(bad, client, clerk):
    client.force_login(clerk)
    assert change(client, bad).status_code == 200
    clerk.refresh_from_db()
    assert clerk.check_password(PASSWORD)


@pytest.mark.parametrize("good", ["Another-pass-42", "lower-case-1234", "密碼密碼密碼Secret42"])
def test_three_kinds_of_characters_are_enough(good):
    validate_password(good)


def test_password_like_the_name_is_refused(clerk):
    with pytest.raises(ValidationError):
        validate_password("Test-Clerk-12", clerk)


def test_no_reuse_of_the_present_and_the_last_three(client, clerk):
    client.force_login(clerk)
    used = [PASSWORD, *OTHERS[:3]]
    for old, new in pairwise(used):
        assert change(client, new, old).status_code == 302
    for again in used:
        assert "密碼不可與現在的或前三次的相同。" in text(change(client, again, used[-1]))
    assert change(client, OTHERS[3], used[-1]).status_code == 302
    clerk.refresh_from_db()
    assert len(clerk.former_passwords) == 3
    validate_password(PASSWORD + "-A1", clerk)


def test_the_fourth_last_may_come_back(clerk):
    for password in ["Zeroth-pass-42", *OTHERS]:
        clerk.set_password(password)
    validate_password("Zeroth-pass-42x", clerk)
    with pytest.raises(ValidationError):
        validate_password(OTHERS[0], clerk)
    clerk.set_password("Sixth-pass-42")
    validate_password("Zeroth-pass-42", clerk)


def test_two_different_new_passwords_are_refused(client, clerk):
    client.force_login(clerk)
    assert "兩次填寫的新密碼不同。" in text(change(client, NEW, again="Otherwise-42-x"))


# Changing -----------------------------------------------------------------------------------------


def test_change_keeps_this_session_and_ends_the_others(client, clerk):
    other = type(client)()
    log_in(client)
    log_in(other)
    response = change(client)
    assert response.headers["Location"] == "/account/"
    assert is_in(client)
    assert not is_in(other)
    assert events("password-change") == [("password-change", "test-clerk")]


def test_a_wrong_present_password_counts_as_a_failed_log_in(client, clerk):
    client.force_login(clerk)
    answers = [change(client, old="wrong").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    assert log_in(type(client)()).status_code == 429


def test_other_devices_are_listed_and_can_be_logged_out(client, clerk):
    other = type(client)(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"})
    log_in(client)
    log_in(other)
    page = text(client.get("/account/"))
    assert "Firefox，Windows" in page
    assert "登出其他裝置" in page
    assert client.post("/account/sessions/", follow=True).status_code == 200
    assert is_in(client)
    assert not is_in(other)
    assert "登出其他裝置" not in text(client.get("/account/"))


def test_account_without_a_password_is_not_asked_for_one(client, clerk):
    clerk.set_unusable_password()
    clerk.save()
    client.force_login(clerk)
    assert client.get("/account/password/").headers["Location"] == "/account/"
    assert "這個帳號以單一簽入登入，這裡沒有密碼。" in text(client.get("/account/"))


# The first log-in ---------------------------------------------------------------------------------


@pytest.fixture
def newcomer(clerk):
    models.User.objects.filter(pk=clerk.pk).update(must_change_password=True)
    return clerk


def test_first_log_in_leads_to_a_password_of_ones_own(client, newcomer):
    assert log_in(client).headers["Location"] == "/"
    for path in ("/", "/plans/", "/account/", "/account/app/", "/tc-secretariat/107/report.pdf"):
        assert client.get(path).headers["Location"] == "/account/password/"
    assert "請先設定自己的密碼" in text(client.get("/account/password/"))
    assert change(client).headers["Location"] == "/"
    assert is_in(client)


def test_first_log_in_moves_the_whole_page_of_htmx(client, newcomer):
    log_in(client)
    response = client.get("/plans/", headers={"hx-request": "true"})
    assert (response.status_code, response.headers["HX-Redirect"]) == (204, "/account/password/")


def test_first_log_in_allows_the_way_out(client, newcomer):
    log_in(client)
    assert client.post("/logout/").headers["Location"] == "/login/"
    assert client.get("/contact/").status_code == 200


def test_demo_accounts_are_exempt(secretariat):
    from indicators.accounts import demo

    demo.ensure_accounts({}, agency=secretariat.agency)
    assert not models.User.objects.filter(must_change_password=True).exists()


# Links for a new password -------------------------------------------------------------------------


def use(client, path, new=NEW):
    assert client.get(path).headers["Location"] == "/reset/"
    return client.post("/reset/", {"password1": new, "password2": new}, follow=True)


def test_a_link_sets_a_new_password_once(client, clerk, admin):
    path = accounts.issue_reset(clerk, admin, timezone.now())
    assert "帳號 test-clerk。" in text(client.get(path, follow=True))
    assert "新密碼已設定，請用新密碼登入。" in text(use(client, path))
    assert log_in(client, password=NEW).status_code == 302
    other = type(client)()
    assert use(other, path, "Third-pass-42").status_code == 410
    assert events("reset-issue", "password-reset") == [
        ("reset-issue", "test-clerk"),
        ("password-reset", "test-clerk"),
    ]


def test_a_link_ends_the_sessions_of_the_old_password(client, clerk, admin):
    other = type(client)()
    log_in(other)
    use(client, accounts.issue_reset(clerk, admin, timezone.now()))
    assert not is_in(other)


@pytest.mark.parametrize(("hours", "status"), [(23, 200), (25, 410)])
def test_a_link_expires(hours, status, client, clerk, admin):
    path = accounts.issue_reset(clerk, admin, timezone.now() - timedelta(hours=hours))
    client.get(path)
    response = client.get("/reset/")
    assert response.status_code == status
    assert ("這個連結已經用過、過期，或者已經換發新的。" in text(response)) is (status == 410)


def test_a_newer_link_voids_the_older(client, clerk, admin):
    old = accounts.issue_reset(clerk, admin, timezone.now())
    accounts.issue_reset(clerk, admin, timezone.now())
    client.get(old)
    assert client.get("/reset/").status_code == 410


def test_a_link_of_a_disabled_account_opens_nothing(client, clerk, admin):
    path = accounts.issue_reset(clerk, admin, timezone.now())
    models.User.objects.filter(pk=clerk.pk).update(is_active=False)
    client.get(path)
    assert client.get("/reset/").status_code == 410


def test_a_link_is_not_stored_as_it_is(clerk, admin):
    token = accounts.issue_reset(clerk, admin, timezone.now()).split("/")[2]
    assert len(token) == 43
    assert token not in str(models.PasswordReset.objects.values_list().get())
    payloads = "".join(models.AuditEvent.objects.values_list("payload", flat=True))
    assert token not in payloads


def test_a_link_refuses_what_was_used_before(client, clerk, admin):
    response = use(client, accounts.issue_reset(clerk, admin, timezone.now()), PASSWORD + "")
    assert "密碼不可與現在的或前三次的相同。" in text(response)
    assert use(client, accounts.issue_reset(clerk, admin, timezone.now()), "").status_code == 200


def test_a_link_clears_the_first_log_in(client, clerk, admin):
    models.User.objects.filter(pk=clerk.pk).update(must_change_password=True)
    use(client, accounts.issue_reset(clerk, admin, timezone.now()))
    log_in(client, password=NEW)
    assert is_in(client)


def test_of_two_uses_at_once_one_wins(clerk, admin):
    now = timezone.now()
    token = accounts.issue_reset(clerk, admin, now).split("/")[2]
    resets.use_reset(token, NEW, now=now)
    with pytest.raises(accounts.LinkExpired):
        resets.use_reset(token, "Third-pass-42", now=now)


@pytest.mark.parametrize("path", ["/reset/", "/reset/x/"])
def test_a_link_that_never_was_is_said_to_be_void(path, client, db):
    client.get(path)
    assert client.get("/reset/").status_code == 410


@pytest.mark.parametrize(
    ("role", "target", "allowed"),
    [
        ("administrator", "clerk", True),
        ("administrator", "reviewer", True),
        ("plan_manager", "clerk", False),
        ("plan_manager", "reviewer", False),
        ("supervisor", "clerk", False),
        ("reviewer", "clerk", False),
        ("clerk", "clerk", False),
    ],
)
def test_who_may_issue_a_link(role, target, allowed, users):
    if allowed:
        accounts.issue_reset(users[target], users[role], timezone.now())
    else:
        with pytest.raises(NotAllowed):
            accounts.issue_reset(users[target], users[role], timezone.now())
        assert events("reset-issue") == []


def test_a_disabled_administrator_issues_nothing(users):
    models.User.objects.filter(pk=users["administrator"].pk).update(is_active=False)
    with pytest.raises(NotAllowed):
        accounts.issue_reset(users["clerk"], users["administrator"], timezone.now())


# How long one stays logged in ---------------------------------------------------------------------


def moved(client, **changes):
    session = client.session
    session.update(changes)
    session.save()


def test_session_ends_when_idle(client, clerk):
    log_in(client)
    assert is_in(client)
    left = Session.objects.get().expire_date - timezone.now()
    assert timedelta(minutes=29) < left <= timedelta(minutes=30)
    Session.objects.update(expire_date=timezone.now())
    assert client.get("/plans/").headers["Location"] == "/login/?next=/plans/"


def test_session_in_use_is_written_once_a_minute(client, clerk, django_assert_num_queries):
    log_in(client)
    client.get("/contact/")
    soon = timezone.now() + timedelta(minutes=1)
    Session.objects.update(expire_date=soon)
    client.get("/contact/")
    assert Session.objects.get().expire_date == soon
    moved(client, portal_seen=int(time.time()) - 61)
    Session.objects.update(expire_date=soon)
    client.get("/contact/")
    assert Session.objects.get().expire_date > soon


@pytest.mark.parametrize(("hours", "stays"), [(11, True), (13, False)])
def test_session_ends_after_half_a_day_however_it_is_used(hours, stays, client, clerk):
    log_in(client)
    client.get("/contact/")
    moved(client, portal_since=int(time.time()) - hours * 3600)
    response = client.get("/plans/", follow=True)
    assert is_in(client) is stays
    assert ("登入已滿時限，請重新登入。" in text(response)) is not stays
    assert len(events("sign-out")) == int(not stays)


def test_cookie_ends_with_the_browser(client, clerk):
    cookie = log_in(client).cookies["sessionid"]
    assert cookie["max-age"] == cookie["expires"] == ""
    assert cookie["samesite"] == "Lax"
    assert cookie["httponly"]


def test_htmx_of_an_ended_session_goes_to_the_log_in_page(client, db):
    page = "http://testserver/tc-secretariat/107/"
    response = client.get("/plans/", headers={"hx-request": "true", "hx-current-url": page})
    assert response.status_code == 204
    assert response.headers["HX-Redirect"] == "/login/?next=%2Ftc-secretariat%2F107%2F"
