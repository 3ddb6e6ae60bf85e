"""Lists that a city of thousands of agencies makes long: searched, in pages, in fixed queries."""

from __future__ import annotations

from datetime import timedelta

import pytest

from indicators import models
from tests.conftest import NOW
from tests.indicators.test_pages import text
from tests.indicators.work_scenes import counted

LISTS = ["/plans/", "/sign-off/"]


def make_agencies(first: int, last: int) -> None:
    """With a plan each: tc-001 第001機關 of 105, tc-002 第002機關 of 106, and so on."""
    numbers = range(first, last + 1)
    agencies = models.Agency.objects.bulk_create(
        models.Agency(code=f"tc-{n:03}", name=f"第{n:03}機關") for n in numbers
    )
    models.Plan.objects.bulk_create(
        models.Plan(agency=agency, agency_name=agency.name, year=105 + n % 2)
        for n, agency in zip(numbers, agencies, strict=True)
    )


def rows(response) -> int:
    return response.content.decode().count('<th scope="row">')


@pytest.fixture
def city(make_user, sign_in):
    """A reviewer, who may see every plan, among 60 agencies."""
    make_agencies(1, 60)
    return sign_in(make_user("reviewer"))


@pytest.mark.parametrize("path", LISTS)
def test_list_has_fifty_a_page_and_keeps_the_search_in_the_address(path, city):
    first = city.get(path, {"q": "機關"})
    assert rows(first) == 50
    assert "60 份計畫" in text(first)
    assert 'href="?q=%E6%A9%9F%E9%97%9C&amp;page=2"' in first.content.decode()
    second = city.get(path, {"q": "機關", "page": 2})
    assert rows(second) == 10
    assert "第 2 頁，共 2 頁" in text(second)


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "tc-007"}, 1),
        ({"q": "TC-00"}, 9),
        ({"q": "第01"}, 10),
        ({"q": "第01 tc-012"}, 1),
        ({"q": " "}, 50),
        ({"year": "105"}, 30),
        ({"state": "approved"}, 2),
        ({"year": "106", "state": "approved"}, 1),
        ({"year": "106", "state": "draft", "q": "005"}, 1),
        ({"page": "x"}, 50),
        ({"page": "99"}, 10),
        ({"q": "x\0"}, 50),
        ({"year": "1e9", "state": "lost"}, 50),
    ],
)
def test_list_is_searched_by_agency_year_and_state(path, query, found, city):
    models.Plan.objects.filter(agency__code__in=["tc-001", "tc-002"]).update(status="approved")
    assert rows(city.get(path, query)) == found


@pytest.mark.parametrize("path", LISTS)
def test_plan_is_found_by_the_name_of_its_year(path, city):
    models.Plan.objects.filter(agency__code="tc-009").update(agency_name="舊名處")
    assert rows(city.get(path, {"q": "舊名"})) == 1
    assert rows(city.get(path, {"q": "第009"})) == 1


@pytest.mark.parametrize("path", LISTS)
def test_nothing_found_says_what_to_do(path, city):
    page = city.get(path, {"q": "沒有這個"})
    assert rows(page) == 0
    assert "沒有符合的計畫，請換個機關、年度或狀態再查。" in text(page)
    assert f'<a href="{path}">看全部計畫</a>' in page.content.decode()


@pytest.mark.parametrize("path", LISTS)
def test_who_sees_no_plan_is_told_why(path, db, client):
    client.force_login(models.User.objects.create(username="nobody"))
    assert "還沒有可以看的計畫" in text(client.get(path))


@pytest.mark.parametrize("path", LISTS)
def test_search_finds_no_other_agency_s_plans(path, secretariat, users, sign_in):
    make_agencies(1, 3)
    client = sign_in(users["clerk"])
    assert rows(client.get(path)) == 1
    assert rows(client.get(path, {"q": "tc-"})) == 1
    assert rows(client.get(path, {"q": "tc-001"})) == 0
    assert '<option value="105">' not in client.get(path).content.decode()


@pytest.mark.parametrize("path", [*LISTS, "/people/agencies/", "/people/", "/my-work/"])
def test_list_takes_the_same_queries_for_three_and_for_sixty(path, make_user, sign_in, db):
    user = make_user("reviewer")
    models.Role.objects.create(user=user, name="administrator")
    client = sign_in(user)
    make_agencies(1, 3)
    models.Plan.objects.update(status="approved")
    few = counted(client, path)
    make_agencies(4, 39)  # a menu lists up to forty
    models.Plan.objects.update(status="approved")
    assert counted(client, path) == few


def test_what_waits_for_the_city_leads_and_the_longest_waiting_is_first(city):
    manager = models.User.objects.create(username="manager")
    days = {"tc-003": 1, "tc-050": 9, "tc-020": 5}
    for code, ago in days.items():
        plan = models.Plan.objects.get(agency__code=code)
        models.Plan.objects.filter(pk=plan.pk).update(status="approved")
        models.Step.objects.create(
            plan=plan, name="close", by=manager, at=NOW - timedelta(days=ago)
        )
    page = text(city.get("/sign-off/"))
    assert "3 份計畫等候研考會" in page
    names = ["第050機關", "第020機關", "第003機關", "第001機關", "第002機關"]
    places = [page.index(f"年度 {name}") for name in names]
    assert places == sorted(places)


def test_counts_of_the_city_s_list_are_of_each_plan(secretariat, users, sign_in):
    make_agencies(1, 1)
    keys = secretariat.indicators.order_by("pk").values("pk")[:2]
    models.Indicator.objects.filter(pk__in=list(keys.values_list("pk", flat=True))).update(
        status="approved"
    )
    page = text(sign_in(users["reviewer"]).get("/sign-off/"))
    assert "2／11" in page
    assert "0／0" in page


def test_my_work_of_a_reviewer_shows_twenty_that_wait_and_leads_to_the_rest(city):
    models.Plan.objects.filter(agency__code__lte="tc-025").update(status="approved")
    page = city.get("/my-work/")
    assert page.content.decode().count("kp-task--since") == 20
    assert "25 份計畫，等最久的在前" in text(page)
    assert '<a href="/sign-off/">看全部 25 份</a>' in page.content.decode()
    models.Plan.objects.filter(agency__code__lte="tc-005").update(status="draft")
    assert "看全部" not in text(city.get("/my-work/"))


@pytest.fixture
def office(make_user, sign_in, db):
    return sign_in(make_user("administrator"))


def test_agencies_have_pages_and_a_search(office):
    make_agencies(1, 60)
    models.Unit.objects.create(agency=models.Agency.objects.get(code="tc-007"), name="科")
    assert rows(office.get("/people/agencies/")) == 50
    assert rows(office.get("/people/agencies/", {"page": 2})) == 10
    one = office.get("/people/agencies/", {"q": "007"})
    assert rows(one) == 1
    assert "第007機關 tc-007 1 0 1" in text(one)
    none = office.get("/people/agencies/", {"q": "nothing"})
    assert "沒有符合的機關，請換個名稱或代碼再查。" in text(none)


def test_places_of_roles_are_looked_for_where_there_are_many_agencies(office):
    make_agencies(1, 60)
    agency = models.Agency.objects.get(code="tc-007")
    path = "/people/accounts/new/"
    page = office.get(path).content.decode()
    assert "機關很多：先查機關，範圍就會列出查到的機關與科室。" in page
    assert '<option value="agency-' not in page
    found = office.get(path, {"q": "tc-007"}).content.decode()
    assert found.count('<option value="agency-') == 1
    values = {"username": "a123", "name": "王", "role": "clerk", "scope": f"agency-{agency.pk}"}
    assert "帳號已建立" in text(office.post(f"{path}?q=tc-007", values))
    assert office.get(path, {"q": "tc"}).content.decode().count('<option value="agency-') == 40


def test_few_agencies_are_all_offered(office):
    make_agencies(1, 40)
    page = office.get("/people/accounts/new/").content.decode()
    assert page.count('<option value="agency-') == 40
    assert "機關很多" not in page


def test_accounts_of_one_of_many_agencies_are_reached_from_its_page(office, make_user):
    make_agencies(1, 60)
    agency = models.Agency.objects.get(code="tc-007")
    make_user("clerk", agency, name="seven")
    page = office.get("/people/", {"agency": agency.pk})
    assert rows(page) == 1
    assert f'<option value="{agency.pk}" selected>' in page.content.decode()
    assert "機關很多：在「機關與科室」找到機關，就能看它的帳號。" in text(office.get("/people/"))
