"""Every URL, every role, one table of what each is answered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

# What GET answers: anonymous, a person of the agency, one of another agency, one of the city.
PUBLIC = (200, 200, 200, 200)
OWN = (302, 200, 404, 200)  # 302: to the log-in page
ELSEWHERE = (302, 302, 404, 302)
NOTHING = (302, 404, 404, 404)
POST_ONLY = (405, 405, 405, 405)
EXPECTED = {
    "home": (302, 302, 200, 302),  # to the newest plan; who sees none gets an empty state
    "plans": (302, 200, 200, 200),
    "login": (200, 302, 302, 302),
    "logout": POST_ONLY,
    "language": (302, 302, 302, 302),  # back to where one came from
    "accessibility": PUBLIC,
    "contact": PUBLIC,
    "healthz": PUBLIC,
    "scorecard": OWN,
    "indicator": OWN,
    "report": OWN,
    "report_pdf": OWN,
    "plan_json": OWN,
    "scorecard_json": OWN,
    "review_queue": OWN,
    "review_indicator": ELSEWHERE,  # nothing waits: to the indicator
    "reviews": (302, 200, 200, 200),
    "plan_steps": OWN,
    "publish": ELSEWHERE,  # not reviewed: to the plan's steps
    "versions": OWN,
    "version_file": NOTHING,  # nothing is published
    "version_anchor": NOTHING,
    "evidence_file": NOTHING,
}
OF_AGENCY = ["clerk", "supervisor", "plan_manager"]
OF_CITY = ["reviewer", "administrator", "auditor"]


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


def names() -> list[str]:
    return [pattern.name or str(pattern.pattern) for pattern in patterns(get_resolver())]


@pytest.fixture
def address(secretariat):
    values = {"agency": "tc-secretariat", "year": 107, "version": 1, "name": "report.pdf"}
    values["pk"] = secretariat.indicators.order_by("pk")[0].pk
    wanted = {entry.name: entry.pattern.converters for entry in patterns(get_resolver())}

    def of(name: str) -> str:
        return reverse(name, kwargs={key: values[key] for key in wanted[name]})

    return of


def test_table_names_every_url_once():
    assert sorted(names()) == sorted(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_anonymous_gets_what_the_table_says(name, client, address):
    assert client.get(address(name)).status_code == EXPECTED[name][0]


@pytest.mark.parametrize("role", OF_AGENCY)
@pytest.mark.parametrize("name", EXPECTED)
def test_people_of_the_agency_get_what_the_table_says(name, role, users, sign_in, address):
    assert sign_in(users[role]).get(address(name)).status_code == EXPECTED[name][1]


@pytest.mark.parametrize("role", OF_AGENCY)
@pytest.mark.parametrize("name", EXPECTED)
def test_people_of_another_agency_get_what_the_table_says(
    name, role, other_agency, make_user, sign_in, address
):
    client = sign_in(make_user(role, other_agency, name="stranger"))
    assert client.get(address(name)).status_code == EXPECTED[name][2]


@pytest.mark.parametrize("role", OF_CITY)
@pytest.mark.parametrize("name", EXPECTED)
def test_people_of_the_city_get_what_the_table_says(name, role, users, sign_in, address):
    assert sign_in(users[role]).get(address(name)).status_code == EXPECTED[name][3]


@pytest.mark.parametrize("name", EXPECTED)
def test_person_without_a_role_sees_no_plan(name, secretariat, django_user_model, sign_in, address):
    client = sign_in(django_user_model.objects.create(username="nobody"))
    assert client.get(address(name)).status_code == EXPECTED[name][2]
