"""Accounts and roles: what administrators do with them, what nobody can, and the pages."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators import models
from indicators.actions import people, roles
from indicators.actions.refusals import Missing, Refused
from indicators.permissions import NotAllowed, actor_of
from tests.conftest import NOW
from tests.indicators.test_pages import text

TODAY = NOW.date()


@pytest.fixture
def admin(users):
    return actor_of(users["administrator"], TODAY)


@pytest.fixture
def office(users, sign_in):
    """A client logged in as the administrator."""
    return sign_in(users["administrator"])


@pytest.fixture
def unit(secretariat):
    return secretariat.agency.units.get(name="採購管理科")


def create(admin, **changes):
    values = {"username": "a123", "name": "王怡君", "role": "reviewer"} | changes
    return people.create_account(**values, actor=admin, now=NOW)


def give(admin, user, role, **place):
    roles.give_role(user_id=user.pk, role=role, **place, actor=admin, now=NOW)


def held(user):
    return list(user.roles.order_by("pk").values_list("name", "agency__code", "unit__name"))


def events(kind, user):
    return list(models.AuditEvent.objects.of_object(kind, user.pk).order_by("pk"))


# Actions -----------------------------------------------------------------------------------------


def test_create_makes_an_account_without_a_password_and_its_first_role(admin, unit):
    user = create(admin, role="clerk", unit_id=unit.pk)
    assert (str(user), user.is_active, user.has_usable_password()) == ("王怡君", True, False)
    assert held(user) == [("clerk", "tc-secretariat", "採購管理科")]
    (event,) = events("account", user)
    assert (event.action, event.actor, event.plan) == ("create", admin.user, None)
    assert event.content()["after"] == {"account": "a123", "name": "王怡君"}


def test_role_changes_are_in_the_history_with_both_sides(admin, users, unit):
    user = users["clerk"]
    give(admin, user, "supervisor", unit_id=unit.pk)
    role = user.roles.get(name="supervisor")
    roles.take_role(user_id=user.pk, role_id=role.pk, actor=admin, now=NOW)
    given, taken = events("role", user)
    content = {
        "account": "test-clerk",
        "role": "supervisor",
        "agency": "tc-secretariat",
        "unit": "採購管理科",
    }
    assert (given.action, given.content()["before"], given.content()["after"]) == (
        "give",
        {},
        content,
    )
    assert (taken.action, taken.content()["before"], taken.content()["after"]) == (
        "take",
        content,
        {},
    )
    assert held(user) == [("clerk", "tc-secretariat", None)]


def test_one_person_holds_several_roles_in_several_units(admin, users, secretariat):
    user, units = users["clerk"], secretariat.agency.units.order_by("name")
    for unit in units:
        give(admin, user, "clerk", unit_id=unit.pk)
    assert len(held(user)) == 1 + units.count()


@pytest.mark.parametrize("role", ["clerk", "supervisor", "plan_manager"])
def test_a_role_of_an_agency_is_not_held_in_the_city(role, admin, users):
    with pytest.raises(Refused, match="屬於機關") as refused:
        give(admin, users["auditor"], role)
    assert refused.value.field == "scope"


@pytest.mark.parametrize("role", ["reviewer", "administrator", "auditor"])
def test_a_role_of_the_city_is_not_held_in_an_agency(role, admin, users, unit):
    for place in ({"agency_id": unit.agency_id}, {"unit_id": unit.pk}):
        with pytest.raises(Refused, match="範圍是全市"):
            give(admin, users["clerk"], role, **place)


def test_a_plan_manager_is_one_of_the_whole_agency(admin, users, unit):
    with pytest.raises(Refused, match="整個機關"):
        give(admin, users["clerk"], "plan_manager", unit_id=unit.pk)


def test_a_unit_of_another_agency_is_no_place(admin, users, unit, other_agency):
    with pytest.raises(Missing):
        give(admin, users["clerk"], "clerk", agency_id=other_agency.pk, unit_id=unit.pk)


def test_the_same_role_is_not_given_twice(admin, users, secretariat):
    with pytest.raises(Refused, match="已經有這個角色"):
        give(admin, users["clerk"], "clerk", agency_id=secretariat.agency_id)


def test_an_account_s_name_is_taken_in_any_case(admin):
    create(admin)
    with pytest.raises(Refused, match="已經有人使用"):
        create(admin, username="A123")
    assert models.User.objects.filter(username__iexact="a123").count() == 1


def test_a_refused_role_leaves_no_account(admin):
    with pytest.raises(Refused):
        create(admin, role="clerk")
    assert not models.User.objects.filter(username="a123").exists()


def test_nobody_gives_themselves_a_role(admin, unit):
    with pytest.raises(Refused, match="給自己角色"):
        give(admin, admin.user, "clerk", unit_id=unit.pk)


def test_nobody_takes_their_own_administrator_role_even_with_another_left(admin, make_user):
    make_user("administrator", name="second")
    role = admin.user.roles.get()
    with pytest.raises(Refused, match="自己的管理員角色"):
        roles.take_role(user_id=admin.user.pk, role_id=role.pk, actor=admin, now=NOW)


def test_the_last_administrator_stays(admin, make_user):
    """As when two take each other's role at once: the second finds only one left."""
    other = make_user("administrator", name="second")
    models.Role.objects.filter(user=admin.user).delete()
    with pytest.raises(Refused, match="至少要有一位管理員"):
        roles.take_role(user_id=other.pk, role_id=other.roles.get().pk, actor=admin, now=NOW)
    with pytest.raises(Refused, match="至少要有一位管理員"):
        people.disable_account(user_id=other.pk, actor=admin, now=NOW)


def test_nobody_disables_themselves(admin, make_user):
    make_user("administrator", name="second")
    with pytest.raises(Refused, match="自己的帳號"):
        people.disable_account(user_id=admin.user.pk, actor=admin, now=NOW)


def test_disabling_and_enabling_are_recorded_once_each(admin, users):
    user = users["clerk"]
    for action in (people.disable_account, people.enable_account):
        action(user_id=user.pk, actor=admin, now=NOW)
        action(user_id=user.pk, actor=admin, now=NOW)
    assert [event.action for event in events("account", user)] == ["disable", "enable"]
    assert models.User.objects.get(pk=user.pk).is_active


def test_renaming_keeps_the_old_name_on_record(admin, users):
    people.rename_account(user_id=users["clerk"].pk, name="新名字", actor=admin, now=NOW)
    (event,) = events("account", users["clerk"])
    assert event.content()["before"] == {"name": "測試者"}
    assert event.content()["after"] == {"name": "新名字"}


@pytest.mark.parametrize("role", ["clerk", "supervisor", "plan_manager", "reviewer", "auditor"])
def test_only_an_administrator_manages_accounts(role, users, admin):
    actor, user = actor_of(users[role], TODAY), users["clerk"]
    own = user.roles.get()
    with pytest.raises(NotAllowed):
        create(actor)
    with pytest.raises(NotAllowed):
        give(actor, user, "reviewer")
    with pytest.raises(NotAllowed):
        roles.take_role(user_id=user.pk, role_id=own.pk, actor=actor, now=NOW)
    with pytest.raises(NotAllowed):
        people.rename_account(user_id=user.pk, name="名", actor=actor, now=NOW)
    with pytest.raises(NotAllowed):
        people.disable_account(user_id=user.pk, actor=actor, now=NOW)
    with pytest.raises(NotAllowed):
        people.enable_account(user_id=user.pk, actor=actor, now=NOW)


# Pages -------------------------------------------------------------------------------------------


def test_list_shows_name_account_roles_state_and_last_login(office, users):
    page = text(office.get("/people/"))
    assert "測試者 test-clerk 承辦人 臺中市政府秘書處" in page
    assert "使用中" in page
    assert "從未登入" in page


def test_list_says_what_each_role_may_do(office):
    page = text(office.get("/people/"))
    assert "管理員 管理機關、科室、帳號與角色，不能更改任何計畫的內容。" in page
    assert len(re.findall(r"<dt>", office.get("/people/").content.decode())) == 6


def test_search_finds_by_name_account_and_agency(office, users, other_agency, make_user):
    stranger = make_user("clerk", other_agency, name="stranger")
    models.User.objects.filter(pk=stranger.pk).update(first_name="外機關")
    assert "stranger" in text(office.get("/people/", {"q": "外機"}))
    assert "stranger" in text(office.get("/people/", {"q": "STRAN"}))
    of_agency = text(office.get("/people/", {"agency": other_agency.pk}))
    assert "stranger" in of_agency
    assert "test-clerk" not in of_agency


@pytest.mark.parametrize("query", [{"q": "x\0"}, {"q": "x" * 200}, {"agency": "99999"}])
def test_search_for_what_can_t_be_is_answered(query, office):
    assert office.get("/people/", query).status_code == 200


@pytest.mark.parametrize("page", ["0", "-1", "x", "999"])
def test_pages_beyond_the_list_show_its_ends(page, office):
    assert "test-clerk" in text(office.get("/people/", {"page": page}))


def test_list_has_fifty_a_page_and_keeps_the_search(office, users):
    models.User.objects.bulk_create(models.User(username=f"many{n:03}") for n in range(60))
    first = office.get("/people/", {"q": "many"}).content.decode()
    assert first.count('<th scope="row">') == 50
    assert 'href="?q=many&amp;page=2"' in first
    second = office.get("/people/", {"q": "many", "page": 2}).content.decode()
    assert second.count('<th scope="row">') == 10


def counted(office, path):
    office.get(path)  # the session's first page takes more
    with CaptureQueriesContext(connection) as queries:
        assert office.get(path).status_code == 200
    return len(queries)


def test_list_takes_the_same_queries_for_more_people(office, make_user, other_agency):
    first = counted(office, "/people/")
    for number in range(3):
        user = make_user("clerk", other_agency, name=f"more-{number}")
        models.Role.objects.create(user=user, name="supervisor", agency=other_agency)
    assert counted(office, "/people/") == first


def test_account_page_takes_the_same_queries_for_more_roles_and_events(office, admin, users):
    path = f"/people/accounts/{users['clerk'].pk}/"
    first = counted(office, path)
    for role in ("reviewer", "auditor", "administrator"):
        give(admin, users["clerk"], role)
    assert counted(office, path) == first


def new(office, **changes):
    values = {"username": "a123", "name": "王怡君", "role": "reviewer", "scope": "city"} | changes
    return office.post("/people/accounts/new/", values)


def test_a_new_account_comes_with_a_link_for_its_owner(office, unit):
    response = new(office, role="clerk", scope=f"unit-{unit.pk}")
    user = models.User.objects.get(username="a123")
    assert held(user) == [("clerk", "tc-secretariat", "採購管理科")]
    page = response.content.decode()
    assert "帳號已建立" in text(response)
    assert re.search(r"<textarea[^>]*>http://testserver/reset/[^<]+</textarea>", page)


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("username", "", "請填寫帳號"),
        ("username", "王怡君", "2 至 60 個英文字母"),
        ("username", "a b", "2 至 60 個英文字母"),
        ("username", "x" * 61, "最多 60 個字"),
        ("username", "test-clerk", "已經有人使用"),
        ("name", "", "請填寫姓名"),
        ("name", "\u200b", "請填寫姓名"),
        ("name", "a\x07b", "無法顯示的字元"),
        ("name", "x" * 151, "最多 150 個字"),
        ("role", "", "請選擇角色"),
        ("role", "king", "這個選項已經不在"),
        ("scope", "", "請選擇範圍"),
        ("scope", "unit-999999", "這個選項已經不在"),
        ("role", "clerk", "屬於機關"),
    ],
)
def test_a_new_account_s_bad_input_gets_a_sentence(field, typed, sentence, office):
    before = models.User.objects.count()
    response = new(office, **{field: typed})
    assert (response.status_code, models.User.objects.count()) == (200, before)
    assert text(response).count(sentence) >= 2  # above, and at the field


def test_account_page_gives_and_takes_a_role(office, users, secretariat):
    user = users["auditor"]
    path = f"/people/accounts/{user.pk}/"
    scope = f"agency-{secretariat.agency_id}"
    assert office.post(path, {"role": "plan_manager", "scope": scope}).status_code == 302
    assert held(user) == [("auditor", None, None), ("plan_manager", "tc-secretariat", None)]
    role = user.roles.get(name="plan_manager")
    office.post(f"{path}take/", {"role": role.pk})
    page = text(office.get(path))
    assert "角色已收回" in page
    assert "收回角色 研考承辦 臺中市政府秘書處" in page  # what was done lately
    assert held(user) == [("auditor", None, None)]


def test_account_page_says_why_a_role_is_not_possible(office, users):
    path = f"/people/accounts/{users['clerk'].pk}/"
    response = office.post(path, {"role": "clerk", "scope": "city"})
    assert response.status_code == 200
    assert "「承辦人」屬於機關，請選機關或科室。" in text(response)


@pytest.mark.parametrize("wanted", ["", "x", "9" * 30, "999999"])
def test_taking_a_role_that_is_not_there_is_a_404(wanted, office, users):
    path = f"/people/accounts/{users['clerk'].pk}/take/"
    assert office.post(path, {"role": wanted}).status_code == 404


def test_taking_somebody_else_s_role_under_a_person_is_a_404(office, users):
    role = users["supervisor"].roles.get()
    for person in (users["clerk"].pk, "9" * 23):
        path = f"/people/accounts/{person}/take/"
        assert office.post(path, {"role": role.pk}).status_code == 404
    assert users["supervisor"].roles.exists()


def test_own_administrator_role_is_kept_with_a_sentence(office, users):
    me = users["administrator"]
    path = f"/people/accounts/{me.pk}/"
    assert b"/take/" not in office.get(path).content
    office.post(f"{path}take/", {"role": me.roles.get().pk})
    assert "您不能收回自己的管理員角色" in text(office.get(path))
    office.post(f"{path}active/", {"active": "0"})
    assert text(office.get(path)).count("您不能停用自己的帳號") == 2  # what was refused; always
    assert models.User.objects.get(pk=me.pk).is_active


def test_a_disabled_person_is_out_at_the_next_click(office, users):
    theirs = Client()
    theirs.force_login(users["clerk"])
    assert theirs.get("/plans/").status_code == 200
    path = f"/people/accounts/{users['clerk'].pk}/"
    office.post(f"{path}active/", {"active": "0"})
    assert theirs.get("/plans/").status_code == 302
    assert "已停用" in text(office.get(path))
    assert office.post(f"{path}link/").status_code == 302  # no link for who may not log in
    office.post(f"{path}active/", {"active": "1"})
    assert models.User.objects.get(pk=users["clerk"].pk).is_active


def test_a_link_is_shown_for_a_forgotten_password(office, users):
    response = office.post(f"/people/accounts/{users['clerk'].pk}/link/")
    assert "密碼連結已產生" in text(response)
    assert response.headers["Cache-Control"] == "private, no-store"


def test_name_is_edited_on_its_own_page(office, users):
    path = f"/people/accounts/{users['clerk'].pk}/"
    assert office.post(f"{path}name/", {"name": " 新 名字 "}).status_code == 302
    assert models.User.objects.get(pk=users["clerk"].pk).first_name == "新 名字"
    assert "請填寫姓名" in text(office.post(f"{path}name/", {"name": ""}))


def test_a_lost_second_factor_and_a_sign_on_are_taken_off_on_record(office, users):
    user = users["clerk"]
    Authenticator.objects.create(user=user, type="totp", data={})
    SocialAccount.objects.create(user=user, provider="city", uid="x")
    path = f"/people/accounts/{user.pk}/"
    assert text(office.get(path)).count("移除第二道驗證") == 1
    office.post(f"{path}unbind/", {"what": "factor"})
    assert not Authenticator.objects.exists()
    assert SocialAccount.objects.exists()
    office.post(f"{path}unbind/", {"what": "sign_on"})
    assert not SocialAccount.objects.exists()
    assert [event.action for event in events("account", user)] == ["mfa-remove", "sign-on-remove"]
    assert "解除單一簽入" in text(office.get(path))  # what was done lately


def test_administrators_take_nothing_off_themselves_here(office, users):
    me = users["administrator"]
    Authenticator.objects.create(user=me, type="totp", data={})
    path = f"/people/accounts/{me.pk}/"
    assert b"/unbind/" not in office.get(path).content
    office.post(f"{path}unbind/", {"what": "factor"})
    assert Authenticator.objects.filter(user=me).exists()


def test_enabling_starts_the_time_of_an_unused_account_anew(admin, users):
    user, later = users["clerk"], NOW + timedelta(days=400)
    models.PasswordReset.objects.create(user=user, digest="x", expires_at=later)
    people.disable_account(user_id=user.pk, actor=admin, now=NOW)
    assert not models.PasswordReset.objects.exists()
    people.enable_account(user_id=user.pk, actor=admin, now=later)
    assert models.User.objects.get(pk=user.pk).enabled_at == later


PATHS = ["unbind/", "", "name/", "active/", "take/", "link/"]


@pytest.mark.parametrize("path", PATHS)
def test_unknown_accounts_are_a_404(path, office):
    assert office.post(f"/people/accounts/999999/{path}", {"role": "1"}).status_code == 404


@pytest.mark.parametrize("role", ["clerk", "plan_manager", "reviewer", "auditor"])
@pytest.mark.parametrize("path", PATHS)
def test_others_are_refused_and_nothing_happens(path, role, users, sign_in, row_counts):
    theirs, user = sign_in(users[role]), users["supervisor"]
    before = row_counts()
    values = {"role": user.roles.get().pk, "active": "0", "name": "別人"}
    response = theirs.post(f"/people/accounts/{user.pk}/{path}", values)
    assert response.status_code == 403
    assert "負責的管理員" in text(response)
    assert row_counts() == before
    assert models.User.objects.filter(pk=user.pk, is_active=True, first_name="測試者").exists()
