"""Second factors: authenticator apps, recovery codes, passkeys, and who must have one."""

import base64
import json
import re

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from indicators import accounts, models
from indicators.accounts import sealing
from indicators.permissions import NotAllowed
from tests.indicators.accounts import (
    add_app,
    code,
    confirm,
    events,
    is_in,
    log_in,
    sealed,
    wrong_code,
)
from tests.indicators.test_pages import text

pytestmark = pytest.mark.django_db
APPROVERS = ["supervisor", "plan_manager", "reviewer", "administrator"]


@pytest.fixture
def clerk(secretariat, make_user):
    return make_user("clerk", secretariat.agency)


@pytest.fixture
def inside(client, clerk):
    """Logged in and confirmed a moment ago."""
    log_in(client)
    confirm(client)
    return client


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    """allauth says what has changed after the transaction, which a test doesn't end."""
    return django_capture_on_commit_callbacks


def shown_secret(response) -> str:
    return re.search(r"<code>([A-Z2-7]{32})</code>", response.content.decode()).group(1)


def set_up_app(client) -> str:
    secret = shown_secret(client.get("/account/app/"))
    assert client.post("/account/app/", {"code": code(secret)}).status_code == 302
    return secret


# Authenticator apps -------------------------------------------------------------------------------


def test_an_app_is_set_up_with_its_first_code(inside, clerk, commits):
    page = inside.get("/account/app/")
    assert b"<svg" in page.content
    assert b"data:" not in page.content
    assert "data:" not in page.headers["Content-Security-Policy"]
    secret = shown_secret(page)
    with commits(execute=True):
        response = inside.post("/account/app/", {"code": code(secret)})
    response = inside.get(response.headers["Location"])
    assert len(re.findall(r"<li><code>\d{8}</code>", response.content.decode())) == 10
    assert events("mfa-add") == [("mfa-add", "test-clerk")] * 2
    inside.post("/logout/")
    assert log_in(inside).headers["Location"] == "/login/code/"


def test_a_wrong_first_code_sets_nothing_up(inside, clerk):
    secret = shown_secret(inside.get("/account/app/"))
    response = inside.post("/account/app/", {"code": wrong_code(secret)})
    assert "驗證碼不正確。" in text(response)
    assert not Authenticator.objects.exists()


def test_factors_need_the_password_again(client, clerk):
    log_in(client)
    for path in ("/account/app/", "/account/passkeys/add/", "/account/codes/new/"):
        assert client.get(path).headers["Location"].startswith("/account/confirm/?next=")
    response = client.post("/account/confirm/", {"password": "wrong"})
    assert "密碼不正確。" in text(response)


def test_wrong_passwords_at_the_question_are_counted(client, clerk):
    log_in(client)
    wrong = [client.post("/account/confirm/", {"password": "x"}).status_code for _ in range(5)]
    assert wrong == [200, 200, 200, 200, 429]


def test_wrong_codes_at_the_question_are_counted(client, clerk):
    secret = add_app(clerk)
    client.force_login(clerk)
    bad = {"code": wrong_code(secret)}
    answers = [client.post("/account/confirm/code/", bad).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    right = client.post("/account/confirm/code/", {"code": code(secret)})
    assert right.status_code == 429
    assert client.get("/account/app/remove/").headers["Location"].startswith("/account/confirm/")


def test_an_app_is_removed_with_its_recovery_codes(inside, clerk):
    set_up_app(inside)
    assert "移除驗證器" in text(inside.get("/account/app/remove/"))
    assert "驗證器已移除。" in text(inside.post("/account/app/remove/", follow=True))
    assert not Authenticator.objects.exists()
    assert events("mfa-remove") == [("mfa-remove", "test-clerk")] * 2


def test_secrets_are_stored_sealed(inside, clerk):
    secret = set_up_app(inside)
    assert secret not in sealed(clerk)
    assert sealing.unseal(sealed(clerk)) == secret
    seed = Authenticator.objects.get(user=clerk, type="recovery_codes").data["seed"]
    assert sealing.unseal(seed) != seed


def test_another_key_opens_nothing_and_breaks_nothing(client, clerk, settings):
    secret = add_app(clerk)
    settings.MFA_SECRET_KEY = "another"
    log_in(client)
    assert client.post("/login/code/", {"code": code(secret)}).status_code == 200
    assert not is_in(client)


def test_a_key_that_was_replaced_still_opens(clerk, settings):
    secret = add_app(clerk)
    settings.SECRET_KEY_FALLBACKS = [settings.MFA_SECRET_KEY]
    settings.MFA_SECRET_KEY = "another"
    assert sealing.unseal(sealed(clerk)) == secret


# Recovery codes -----------------------------------------------------------------------------------


def test_recovery_codes_are_shown_downloaded_and_replaced(inside, clerk, commits):
    set_up_app(inside)
    shown = re.findall(r"\d{8}", text(inside.get("/account/codes/")))
    download = inside.get("/account/codes/download/")
    assert re.findall(r"\d{8}", download.content.decode()) == shown
    assert download.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert "現在的備用碼全部失效" in text(inside.get("/account/codes/new/"))
    with commits(execute=True):
        response = inside.post("/account/codes/new/")
    response = inside.get(response.headers["Location"])
    assert not set(re.findall(r"\d{8}", text(response))) & set(shown)
    assert len(events("mfa-codes")) == 1


def test_recovery_codes_need_a_factor_first(inside, clerk):
    assert inside.get("/account/codes/").status_code == 404
    assert "請先設定驗證器或通行密鑰" in text(inside.post("/account/codes/new/"))


# Passkeys; with a real browser in tests/browser/test_passkeys.py ---------------------------------


@pytest.mark.parametrize("sent", ["", "x", "{}", "[]", "null", '{"id": 1}', "{"])
def test_broken_passkeys_are_turned_away(sent, inside, clerk):
    inside.get("/account/passkeys/add/")
    response = inside.post("/account/passkeys/add/", {"name": "鑰匙", "credential": sent})
    assert response.status_code == 200
    inside.post("/logout/")
    inside.get("/login/passkey/", headers={"accept": "application/json"})
    assert inside.post("/login/passkey/", {"credential": sent}).headers["Location"] == "/login/"


def test_passkey_of_someone_else_is_a_404(inside, make_user, secretariat):
    other = make_user("supervisor", secretariat.agency)
    row = Authenticator.objects.create(user=other, type="webauthn", data={"name": "x"})
    for path in (f"/account/passkeys/{row.pk}/", f"/account/passkeys/{row.pk}/remove/"):
        assert inside.get(path).status_code == inside.post(path).status_code == 404


# Who must have one --------------------------------------------------------------------------------


@pytest.mark.parametrize("role", models.Role.Name.values)
def test_approvers_are_sent_to_set_one_up(role, users, client, settings):
    settings.REQUIRE_MFA_FOR_APPROVERS = True
    client.force_login(users[role])
    response = client.get("/plans/")
    assert response.status_code == (302 if role in APPROVERS else 200)
    if role in APPROVERS:
        assert response.headers["Location"] == "/account/"
        assert "您的角色需要兩步驟驗證" in text(client.get("/account/"))
        add_app(users[role])
        assert client.get("/plans/").status_code == 200


@pytest.mark.parametrize("role", APPROVERS)
def test_without_the_setting_nobody_is(role, users, client):
    client.force_login(users[role])
    assert client.get("/plans/").status_code == 200


@pytest.mark.parametrize(("absent", "is_asked"), [("supervisor", True), ("auditor", False)])
def test_who_approves_as_a_deputy_needs_one_too(absent, is_asked, users, client, settings):
    settings.REQUIRE_MFA_FOR_APPROVERS = True
    today = timezone.localdate()
    models.Deputyship.objects.create(
        absent=users[absent], deputy=users["clerk"], first_day=today, last_day=today
    )
    client.force_login(users["clerk"])
    assert is_in(client) == (not is_asked)


def test_approver_can_set_it_up(users, client, settings):
    settings.REQUIRE_MFA_FOR_APPROVERS = True
    log_in(client, username="test-supervisor")
    assert not is_in(client)
    confirm(client)
    set_up_app(client)
    assert is_in(client)


def test_recovery_codes_alone_are_no_second_factor(users, client, settings):
    settings.REQUIRE_MFA_FOR_APPROVERS = True
    Authenticator.objects.create(user=users["reviewer"], type="recovery_codes", data={"seed": ""})
    client.force_login(users["reviewer"])
    assert not is_in(client)


# Who lost everything ------------------------------------------------------------------------------


def test_administrator_removes_the_factors_of_who_lost_them(client, users):
    add_app(users["clerk"])
    accounts.remove_second_factor(users["clerk"], users["administrator"], timezone.now())
    log_in(client)
    assert is_in(client)
    assert events("mfa-remove") == [("mfa-remove", "test-clerk")]
    with pytest.raises(NotAllowed):
        accounts.remove_second_factor(users["reviewer"], users["clerk"], timezone.now())


# The page -----------------------------------------------------------------------------------------


def test_page_says_what_is_set_up(client, clerk):
    client.force_login(clerk)
    page = text(client.get("/account/"))
    assert "還沒有設定。設定後，登入時在密碼之後輸入手機上的六位數驗證碼。" in page
    assert "備用碼" not in page
    add_app(clerk)
    page = text(client.get("/account/"))
    assert "移除驗證器" in page
    assert "還沒有備用碼。" in page


def test_menu_leads_to_the_page(client, clerk):
    client.force_login(clerk)
    assert b'<a href="/account/">' in client.get("/plans/").content


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@pytest.mark.parametrize("handle", [b"1", b"z" * 40, b"\xff", b"", b"-1", b"0"])
def test_passkey_of_nobody_is_turned_away(handle, client, clerk):
    said = json.dumps({"type": "webauthn.get", "challenge": "x", "origin": "http://testserver"})
    parts = {
        "clientDataJSON": b64(said.encode()),
        "authenticatorData": b64(b"\0" * 37),
        "signature": b64(b"x"),
        "userHandle": b64(handle),
    }
    sent = {"id": b64(b"key"), "rawId": b64(b"key"), "type": "public-key", "response": parts}
    client.get("/login/passkey/", headers={"accept": "application/json"})
    response = client.post("/login/passkey/", {"credential": json.dumps(sent)})
    assert response.headers["Location"] == "/login/"
    assert not is_in(client)
