"""Where letters go and which of them somebody wants: one's own page, and the administrator's."""

from __future__ import annotations

import pytest

from indicators import models
from indicators.actions import mail_settings
from indicators.actions.refusals import Missing
from indicators.permissions import NotAllowed, actor_of
from tests.conftest import NOW
from tests.indicators.test_pages import text

TODAY = NOW.date()
PAGE = "/account/mail/"


@pytest.fixture
def clerk(users):
    return users["clerk"]


@pytest.fixture
def own(clerk, sign_in):
    """A client logged in as the clerk."""
    return sign_in(clerk)


@pytest.fixture
def office(users, sign_in):
    """A client logged in as the administrator."""
    return sign_in(users["administrator"])


def events(user):
    found = models.AuditEvent.objects.of_object("account", user.pk).order_by("pk")
    return [(e.action, e.actor, e.content()["before"], e.content()["after"]) for e in found]


def stored(user):
    choice = models.MailChoice.objects.get(user=user)
    return models.User.objects.get(pk=user.pk).email, choice.reminders, choice.weekly


# One's own ----------------------------------------------------------------------------------------


def test_the_page_begins_with_reminders_on_and_the_digest_off(own):
    page = own.get(PAGE).content.decode()
    assert '<input class="form-check-input" type="checkbox" name="reminders"' in page
    assert page.count(" checked>") == 1
    assert not models.MailChoice.objects.exists()  # to look stores nothing


def test_a_choice_is_stored_shown_and_on_record(own, clerk):
    sent = {"address": "wang@example.gov.tw", "weekly": "on"}
    response = own.post(PAGE, sent, follow=True)
    assert response.redirect_chain == [(PAGE, 302)]
    assert "收信設定已儲存。" in text(response)
    assert stored(clerk) == ("wang@example.gov.tw", False, True)
    assert 'value="wang@example.gov.tw"' in response.content.decode()
    assert events(clerk)[-2:] == [
        ("address", clerk, {"email": ""}, {"email": "wang@example.gov.tw"}),
        (
            "letters",
            clerk,
            {"reminders": True, "weekly": False},
            {"reminders": False, "weekly": True},
        ),
    ]


def test_the_same_again_adds_nothing_to_the_history(own, clerk):
    sent = {"address": "wang@example.gov.tw", "reminders": "on"}
    own.post(PAGE, sent)
    before = events(clerk)
    own.post(PAGE, sent)
    assert events(clerk) == before


def test_without_a_tick_nothing_is_wanted(own, clerk):
    own.post(PAGE, {"address": "", "weekly": "on"})
    own.post(PAGE, {})
    assert stored(clerk) == ("", False, False)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("wang", "這不是完整的電子郵件"),
        ("wang@", "這不是完整的電子郵件"),
        ("wang@example.gov.tw\nBcc: all@example.org", "這不是完整的電子郵件"),
        ("a@b.tw, c@d.tw", "這不是完整的電子郵件"),
        (f"{'w' * 250}@example.gov.tw", "最多 254 個字"),
    ],
)
def test_an_address_that_is_none_gets_a_sentence(typed, sentence, own, clerk):
    response = own.post(PAGE, {"address": typed, "weekly": "on"})
    assert response.status_code == 200
    assert text(response).count(sentence) == 2  # above, and at the field
    assert models.User.objects.get(pk=clerk.pk).email == ""
    assert not models.MailChoice.objects.exists()


def test_with_the_city_s_sign_on_the_address_is_the_administrator_s(own, clerk, settings):
    """There an address may decide whose account opens."""
    settings.OIDC_NAME = "單一簽入"
    models.User.objects.filter(pk=clerk.pk).update(email="wang@example.gov.tw")
    page = own.get(PAGE)
    assert "信寄到 wang@example.gov.tw；要更改請洽管理員。" in text(page)
    assert 'name="address"' not in page.content.decode()
    own.post(PAGE, {"address": "boss@example.gov.tw", "weekly": "on"})
    assert stored(clerk) == ("wang@example.gov.tw", False, True)
    with pytest.raises(NotAllowed, match="洽管理員"):
        mail_settings.choose_letters(
            reminders=True,
            weekly=True,
            address="boss@example.gov.tw",
            actor=actor_of(clerk, TODAY),
            now=NOW,
        )


def test_the_account_page_leads_there(own, clerk):
    assert "還沒有電子郵件，收不到待辦提醒。 收信設定" in text(own.get("/account/"))
    models.User.objects.filter(pk=clerk.pk).update(email="wang@example.gov.tw")
    assert "待辦提醒與每週摘要寄到 wang@example.gov.tw。" in text(own.get("/account/"))


# The administrator's ------------------------------------------------------------------------------


def test_an_administrator_sets_somebody_s_address(office, clerk, users):
    path = f"/people/accounts/{clerk.pk}/email/"
    assert office.get(path).status_code == 200
    response = office.post(path, {"address": "wang@example.gov.tw"}, follow=True)
    page = text(response)
    assert "電子郵件已更改。" in page
    assert "電子郵件 wang@example.gov.tw 更改電子郵件" in page
    assert "更改電子郵件 —→wang@example.gov.tw" in page  # what was done lately
    assert events(clerk) == [
        ("address", users["administrator"], {"email": ""}, {"email": "wang@example.gov.tw"})
    ]
    office.post(path, {"address": ""})
    assert models.User.objects.get(pk=clerk.pk).email == ""


def test_an_administrator_s_bad_address_gets_a_sentence(office, clerk):
    response = office.post(f"/people/accounts/{clerk.pk}/email/", {"address": "wang"})
    assert response.status_code == 200
    assert text(response).count("這不是完整的電子郵件") == 2
    assert models.User.objects.get(pk=clerk.pk).email == ""


def test_nobody_s_address_is_not_found(office, users):
    assert office.post("/people/accounts/999999/email/", {"address": ""}).status_code == 404
    with pytest.raises(Missing):
        mail_settings.set_address(
            user_id=999_999, address="", actor=actor_of(users["administrator"], TODAY), now=NOW
        )


@pytest.mark.parametrize("role", ["clerk", "supervisor", "plan_manager", "reviewer", "auditor"])
def test_only_an_administrator_sets_somebody_s_address(role, users, sign_in):
    path = f"/people/accounts/{users['clerk'].pk}/email/"
    assert sign_in(users[role]).post(path, {"address": "x@example.gov.tw"}).status_code == 403
    with pytest.raises(NotAllowed):
        mail_settings.set_address(
            user_id=users["clerk"].pk,
            address="x@example.gov.tw",
            actor=actor_of(users[role], TODAY),
            now=NOW,
        )
    assert models.User.objects.get(pk=users["clerk"].pk).email == ""


def test_a_new_account_may_come_with_an_address(office):
    new = {"username": "a1", "name": "王怡君", "role": "reviewer", "scope": "city"}
    office.post("/people/accounts/new/", new | {"address": "wang@example.gov.tw"})
    user = models.User.objects.get(username="a1")
    assert user.email == "wang@example.gov.tw"
    assert events(user)[0][3]["email"] == "wang@example.gov.tw"


def test_the_history_names_what_was_chosen(own, clerk, users, client):
    own.post(PAGE, {"address": "wang@example.gov.tw", "weekly": "on"})
    client.force_login(users["auditor"])
    page = text(client.get("/history/accounts/"))
    assert "更改收信設定" in page
    assert "每週摘要 否 是" in page
    assert "更改電子郵件" in page
