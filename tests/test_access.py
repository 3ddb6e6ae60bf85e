"""Every URL, every role, one table of what each is answered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from indicators import models
from indicators.evidence import storage
from tests.conftest import NOW

# What GET answers: anonymous, a person of the agency, one of another agency, one of the city.
PUBLIC = (200, 200, 200, 200)
OWN = (302, 200, 404, 200)  # 302: to the log-in page
POST_ONLY = (405, 405, 405, 405)
SIGNED_IN = (302, 200, 200, 200)
CONFIRM = (302, 302, 302, 302)  # to the log-in page, or to the question for the password
NOT_THERE = (302, 404, 404, 404)  # nothing of the kind is set up
EXPECTED = {
    "home": (302, 302, 200, 302),  # to the newest plan; who sees none gets an empty state
    "plans": (302, 200, 200, 200),
    "login": (200, 302, 302, 302),
    "account_login": (200, 302, 302, 302),
    "logout": POST_ONLY,
    "account_logout": POST_ONLY,
    "mfa_authenticate": (302, 302, 302, 302),  # to the log-in page, or home
    "mfa_login_webauthn": (302, 302, 302, 302),
    "openid_connect_login": (404, 404, 404, 404),  # not set up
    "openid_connect_callback": (404, 404, 404, 404),
    "password_reset_link": (302, 302, 302, 302),
    "password_reset": (410, 410, 410, 410),  # only behind a link
    "account": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "end_sessions": (302, 405, 405, 405),
    "account_change_password": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    "mfa_reauthenticate": CONFIRM,
    "mfa_reauthenticate_webauthn": CONFIRM,
    "mfa_activate_totp": CONFIRM,
    "mfa_deactivate_totp": NOT_THERE,
    "mfa_add_webauthn": CONFIRM,
    "mfa_edit_webauthn": CONFIRM,
    "mfa_remove_webauthn": CONFIRM,
    "mfa_view_recovery_codes": NOT_THERE,
    "mfa_generate_recovery_codes": CONFIRM,
    "mfa_download_recovery_codes": NOT_THERE,
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
    "evidence_file": OWN,
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
def address(secretariat, evidence):
    values = {"agency": "tc-secretariat", "year": 107, "token": "x"}
    values["pk"] = secretariat.indicators.order_by("pk")[0].pk
    own = {"evidence_file": {"pk": evidence.pk}}
    wanted = {entry.name: entry.pattern.converters for entry in patterns(get_resolver())}

    def of(name: str) -> str:
        given = values | own.get(name, {})
        return reverse(name, kwargs={key: given[key] for key in wanted[name]})

    return of


@pytest.fixture
def evidence(secretariat, settings, tmp_path, django_user_model):
    """A file behind the plan's second indicator, attached by somebody who has left."""
    settings.EVIDENCE_ROOT = tmp_path
    stored = storage.write([b"%PDF-1.7 %%EOF"])
    return models.Evidence.objects.create(
        indicator=secretariat.indicators.order_by("pk")[1],
        kind="file",
        name="清冊.pdf",
        stored_as=stored.name,
        sha256=stored.sha256,
        content_type="application/pdf",
        added_at=NOW,
        added_by=django_user_model.objects.create(username="gone", is_active=False),
    )


def status(client, url: str) -> int:
    with closing(client.get(url)) as answer:  # a file that is sent stays open until then
        return answer.status_code


CLOSED = [  # allauth's own addresses that the portal doesn't have
    "signup/",
    "signup/passkey/",
    "inactive/",
    "email/",
    "confirm-email/",
    "confirm-email/x/",
    "password/set/",
    "password/change/",
    "password/reset/",
    "password/reset/key/1-x/",
    "login/code/confirm/",
    "reauthenticate/",
    "2fa/",
    "2fa/authenticate/",
    "3rdparty/",
    "3rdparty/signup/",
    "social/connections/",
    "oidc/city/login/",
    "sessions/",
    "accounts/login/",
    "admin/",
]


def test_table_names_every_url_once():
    assert sorted(names()) == sorted(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_anonymous_gets_what_the_table_says(name, client, address):
    assert status(client, address(name)) == EXPECTED[name][0]


@pytest.mark.parametrize("role", OF_AGENCY)
@pytest.mark.parametrize("name", EXPECTED)
def test_people_of_the_agency_get_what_the_table_says(name, role, users, sign_in, address):
    assert status(sign_in(users[role]), address(name)) == EXPECTED[name][1]


@pytest.mark.parametrize("role", OF_AGENCY)
@pytest.mark.parametrize("name", EXPECTED)
def test_people_of_another_agency_get_what_the_table_says(
    name, role, other_agency, make_user, sign_in, address
):
    client = sign_in(make_user(role, other_agency, name="stranger"))
    assert status(client, address(name)) == EXPECTED[name][2]


@pytest.mark.parametrize("role", OF_CITY)
@pytest.mark.parametrize("name", EXPECTED)
def test_people_of_the_city_get_what_the_table_says(name, role, users, sign_in, address):
    assert status(sign_in(users[role]), address(name)) == EXPECTED[name][3]


@pytest.mark.parametrize("name", EXPECTED)
def test_person_without_a_role_sees_no_plan(name, secretariat, django_user_model, sign_in, address):
    client = sign_in(django_user_model.objects.create(username="nobody"))
    assert status(client, address(name)) == EXPECTED[name][2]


@pytest.mark.parametrize("path", CLOSED)
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_the_library_would_open_is_closed(method, path, client, users, sign_in):
    assert getattr(client, method)(f"/{path}").status_code == 404
    assert getattr(sign_in(users["administrator"]), method)(f"/{path}").status_code == 404
