"""Agencies and units: what administrators do with them, and what must stay."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators import models
from indicators.actions import organisation
from indicators.actions.refusals import Refused
from indicators.permissions import NotAllowed, actor_of
from tests.conftest import NOW
from tests.indicators.test_pages import text


@pytest.fixture
def admin(users):
    return actor_of(users["administrator"], NOW.date())


@pytest.fixture
def office(users, sign_in):
    """A client logged in as the administrator."""
    return sign_in(users["administrator"])


@pytest.fixture
def unit(secretariat):
    """It owns indicators of the 107 plan."""
    return secretariat.agency.units.get(name="採購管理科")


@pytest.fixture
def spare(secretariat):
    """Nothing refers to it."""
    return models.Unit.objects.create(agency=secretariat.agency, name="備用科")


def events(kind, row):
    found = models.AuditEvent.objects.of_object(kind, row.pk).order_by("pk")
    return [(e.action, e.content()["before"], e.content()["after"]) for e in found]


def test_agencies_and_units_are_made_and_renamed_on_record(admin):
    agency = organisation.create_agency(code="tc-new", name="新機關", actor=admin, now=NOW)
    organisation.rename_agency(agency_id=agency.pk, name="改名機關", actor=admin, now=NOW)
    unit = organisation.create_unit(agency_id=agency.pk, name="一科", actor=admin, now=NOW)
    organisation.rename_unit(unit_id=unit.pk, name="二科", actor=admin, now=NOW)
    assert events("agency", agency) == [
        ("create", {}, {"code": "tc-new", "name": "新機關"}),
        ("rename", {"name": "新機關"}, {"name": "改名機關"}),
    ]
    assert events("unit", unit) == [
        ("create", {}, {"agency": "tc-new", "name": "一科"}),
        ("rename", {"name": "一科"}, {"name": "二科"}),
    ]


def test_renaming_an_agency_leaves_the_year_s_own_name(admin, secretariat):
    agency = secretariat.agency
    organisation.rename_agency(agency_id=agency.pk, name="新名", actor=admin, now=NOW)
    assert models.Plan.objects.get(pk=secretariat.pk).agency_name == "臺中市政府秘書處"


def test_the_same_name_again_is_no_event(admin, unit):
    organisation.rename_unit(unit_id=unit.pk, name=unit.name, actor=admin, now=NOW)
    assert events("unit", unit) == []


def test_a_free_unit_is_removed_on_record(admin, spare):
    organisation.remove_unit(unit_id=spare.pk, actor=admin, now=NOW)
    assert not models.Unit.objects.filter(pk=spare.pk).exists()
    assert events("unit", spare) == [("remove", {"agency": "tc-secretariat", "name": "備用科"}, {})]


def test_a_unit_with_indicators_stays(admin, unit):
    with pytest.raises(Refused, match="3 項指標"):
        organisation.remove_unit(unit_id=unit.pk, actor=admin, now=NOW)


def test_a_unit_with_a_figure_or_a_role_stays(admin, spare, secretariat, users):
    models.Figure.objects.filter(pk=secretariat.figures.order_by("pk")[0].pk).update(owner=spare)
    models.Role.objects.create(
        user=users["clerk"], name="clerk", agency=secretariat.agency, unit=spare
    )
    with pytest.raises(Refused, match="1 項業務數據、1 個角色"):
        organisation.remove_unit(unit_id=spare.pk, actor=admin, now=NOW)
    assert users["clerk"].roles.filter(unit=spare).exists()


def test_names_are_once_in_an_agency_and_codes_in_the_city(admin, unit, spare, other_agency):
    with pytest.raises(Refused, match="已經有「採購管理科」"):
        organisation.rename_unit(unit_id=spare.pk, name="採購管理科", actor=admin, now=NOW)
    organisation.create_unit(agency_id=other_agency.pk, name="採購管理科", actor=admin, now=NOW)
    with pytest.raises(Refused, match="已經有機關使用"):
        organisation.create_agency(code="tc-other", name="名", actor=admin, now=NOW)


def test_a_published_plan_keeps_the_names_of_its_owners(admin, unit, secretariat, office):
    models.Plan.objects.filter(pk=secretariat.pk).update(status="published")
    with pytest.raises(Refused, match="已公告的計畫"):
        organisation.rename_unit(unit_id=unit.pk, name="新名", actor=admin, now=NOW)
    page = office.get(f"/people/units/{unit.pk}/")
    assert "不能更改或移除" in text(page)
    assert b'name="name"' not in page.content


@pytest.mark.parametrize("role", ["clerk", "supervisor", "plan_manager", "reviewer", "auditor"])
def test_only_an_administrator_changes_agencies_and_units(role, users, unit):
    actor = actor_of(users[role], NOW.date())
    own = {"actor": actor, "now": NOW}
    for refused in (
        lambda: organisation.create_agency(code="tc-new", name="名", **own),
        lambda: organisation.rename_agency(agency_id=unit.agency_id, name="名", **own),
        lambda: organisation.create_unit(agency_id=unit.agency_id, name="名", **own),
        lambda: organisation.rename_unit(unit_id=unit.pk, name="名", **own),
        lambda: organisation.remove_unit(unit_id=unit.pk, **own),
    ):
        with pytest.raises(NotAllowed, match="管理員"):
            refused()


# Pages -------------------------------------------------------------------------------------------


def test_agency_is_made_and_its_units_follow(office):
    response = office.post("/people/agencies/", {"code": "tc-new", "name": "新機關"})
    agency = models.Agency.objects.get(code="tc-new")
    path = f"/people/agencies/{agency.pk}/"
    assert response.headers["Location"] == path
    assert "還沒有科室" in text(office.get(path))
    assert office.post(path, {"name": "一科"}).status_code == 302
    assert "一科 0 0 0" in text(office.get(path))
    assert "新機關 tc-new 1 0 0" in text(office.get("/people/agencies/"))
    assert office.post(f"{path}name/", {"name": "改名機關"}).status_code == 302
    assert "改名機關" in text(office.get(path))


def test_unit_is_renamed_and_removed(office, spare):
    path = f"/people/units/{spare.pk}/"
    office.post(path, {"name": "改名科"})
    assert "改名科" in text(office.get(path))
    assert office.post(f"{path}remove/").status_code == 302
    assert "「改名科」已移除" in text(office.get("/people/agencies/"))
    assert office.get(path).status_code == 404


def test_unit_in_use_is_not_removed_and_says_why(office, unit):
    path = f"/people/units/{unit.pk}/"
    assert "移除這個科室" not in text(office.get(path))
    office.post(f"{path}remove/")
    assert "還有 3 項指標屬於這個科室，不能移除。" in text(office.get(path))


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"code": "", "name": "名"}, "請填寫代碼"),
        ({"code": "TC", "name": "名"}, "小寫英文字母"),
        ({"code": "a", "name": "名"}, "小寫英文字母"),
        ({"code": "x" * 41, "name": "名"}, "最多 40 個字"),
        ({"code": "tc-secretariat", "name": "名"}, "已經有機關使用"),
        ({"code": "tc-new", "name": "\u3000"}, "請填寫機關名稱"),
        ({"code": "tc-new", "name": "字" * 201}, "最多 200 個字"),
        ({"code": "tc-new", "name": "a\x01"}, "無法顯示的字元"),
    ],
)
def test_bad_input_for_an_agency_gets_a_sentence(values, sentence, office):
    before = models.Agency.objects.count()
    assert text(office.post("/people/agencies/", values)).count(sentence) >= 2
    assert models.Agency.objects.count() == before


def test_bad_input_for_names_gets_a_sentence(office, unit):
    agency = f"/people/agencies/{unit.agency_id}/"
    assert "請填寫科室名稱" in text(office.post(agency, {"name": ""}))
    assert "已經有「採購管理科」" in text(office.post(agency, {"name": "採購管理科"}))
    assert "請填寫機關名稱" in text(office.post(f"{agency}name/", {"name": ""}))
    assert "請填寫科室名稱" in text(office.post(f"/people/units/{unit.pk}/", {"name": ""}))


@pytest.mark.parametrize(
    "path", ["agencies/999999/", "agencies/999999/name/", "units/999999/", "units/999999/remove/"]
)
def test_unknown_agencies_and_units_are_a_404(path, office):
    assert office.post(f"/people/{path}", {"name": "名"}).status_code == 404


@pytest.mark.parametrize("role", ["clerk", "plan_manager", "reviewer", "auditor"])
def test_others_are_refused_and_nothing_happens(role, users, sign_in, row_counts, spare):
    client, before = sign_in(users[role]), row_counts()
    agency, unit = f"agencies/{spare.agency_id}/", f"units/{spare.pk}/"
    for path in ("agencies/", agency, f"{agency}name/", unit, f"{unit}remove/"):
        values = {"code": "tc-new", "name": "名"}
        assert client.post(f"/people/{path}", values).status_code == 403
    assert row_counts() == before
    assert models.Unit.objects.get(pk=spare.pk).name == "備用科"


def counted(client, path):
    client.get(path)  # the session's first page takes more
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_lists_take_the_same_queries_for_more_agencies_and_units(office, secretariat):
    agency = f"/people/agencies/{secretariat.agency_id}/"
    first = counted(office, "/people/agencies/"), counted(office, agency)
    for number in range(3):
        models.Agency.objects.create(code=f"tc-{number}", name="機關")
        models.Unit.objects.create(agency=secretariat.agency, name=f"科 {number}")
    assert (counted(office, "/people/agencies/"), counted(office, agency)) == first
