"""Each page at every width: axe without violations, nothing sideways, no error in the console."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.test_access import (  # noqa: F401  fixtures
    CHANGES,
    EXPECTED,
    address,
    clients,
    indicator,
    plan,
    reach,
)

AXE = Axe()
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # of what is in order it need not name the place
}
WIDTHS = (320, 390, 800, 1280)
AXE_WIDTHS = (390, 1280)


# Who opens what, while the plan (or its indicator) is in which status: each page once in each look.
VISITS = {
    ("draft", "anonymous"): ["login", "accessibility", "contact", "password_reset", "unknown"],
    ("draft", "nobody"): ["my_work", "plans", "reviews", "unknown"],
    ("draft", "clerk"): [
        *("my_work", "plans", "scorecard", "indicator", "entry", "figures", "report", "history"),
        *("indicator_history", "comments", "trend", "what_if", "versions", "deputies"),
        *("dashboard", "glance", "interim", "people", "unknown"),
        *("account", "mail_settings", "account_change_password", "account_reauthenticate"),
    ],
    ("draft", "supervisor"): ["my_work", "review_queue", "figures", "board", "calendar"],
    ("draft", "plan_manager"): ["my_work", "interim_settings"],
    ("draft", "administrator"): [
        *("my_work", "people", "person_new", "person", "person_name", "person_address"),
        *("agencies", "agency", "agency_name", "unit"),
    ],
    ("draft", "auditor"): ["my_work", "accounts_history", "history"],
    ("submitted", "clerk"): ["my_work", "indicator", "entry_sent"],
    ("submitted", "supervisor"): [
        *("my_work", "review_queue", "review_indicator", "review_clean", "review_done"),
    ],
    ("returned", "clerk"): ["my_work", "entry", "entry_check"],
    ("approved", "plan_manager"): [
        *("my_work", "assign", "plan_steps", "review_indicator"),
        *("board", "board_due", "board_owner", "board_deputy", "calendar"),
    ],
    ("closed", "reviewer"): ["my_work", "reviews", "plan_steps"],
    ("reviewed", "reviewer"): ["my_work", "plan_steps", "publish"],
    ("published", "plan_manager"): ["scorecard", "report", "plan_steps", "versions", "history"],
}
FILES = {
    *("healthz", "evidence_file", "report_pdf", "plan_json", "scorecard_json"),
    *("history_csv", "accounts_history_csv", "version_file", "version_anchor", "export"),
    "glance_pdf",
}
OTHER_NAMES = {"account_login", "mfa_index", "mfa_list_webauthn"}  # of login and account


def check(page: Page, url: str, widths: Iterable[int] = WIDTHS) -> None:
    page.goto(url)
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert beyond <= 0, f"{url} at {width}: {beyond} px too wide"
        if width in AXE_WIDTHS:
            found = AXE.run(page, options=RULES)
            assert found.violations_count == 0, f"{url} at {width}: {found.generate_report()}"


@pytest.fixture
def in_language(context, live_server):
    def switch(language: str) -> None:
        cookie = {"name": "django_language", "value": language, "url": live_server.url}
        context.add_cookies([cookie])

    return switch


languages = pytest.mark.parametrize("language", ["zh-hant", "en"])


def test_visits_hold_every_page_that_anybody_can_open():
    tables = [EXPECTED, *CHANGES.values()]
    pages = {name for table in tables for name, codes in table.items() if {200, 410} & set(codes)}
    visited = {name for names in VISITS.values() for name in names}
    assert pages - FILES - OTHER_NAMES - visited == set()


@pytest.fixture
def address_of(address, live_server):  # noqa: F811
    """An address in the browser; `unknown` is nobody's."""
    return lambda name: live_server.url + ("/unknown/" if name == "unknown" else address(name))


@pytest.fixture
def as_one(page, context, live_server, clients):  # noqa: F811
    """as_one("clerk"): the page of that one of test_access.PEOPLE."""

    def sit_down(who: str) -> Page:
        session = clients[who].cookies.get("sessionid")
        if session:
            cookie = {"name": "sessionid", "value": session.value, "url": live_server.url}
            context.add_cookies([cookie])
        return page

    return sit_down


@pytest.mark.parametrize(("state", "who"), VISITS)
def test_every_page(state, who, reach, as_one, address_of, in_language):  # noqa: F811
    reach(state)
    tab = as_one(who)
    addresses = [address_of(name) for name in VISITS[state, who]]
    for language, widths in (("zh-hant", WIDTHS), ("en", AXE_WIDTHS)):
        in_language(language)
        for one in addresses:
            check(tab, one, widths)


@languages
def test_scorecard_of_an_incomplete_plan(language, incomplete, signed_in, live_server, in_language):
    in_language(language)
    check(signed_in, f"{live_server.url}/tc-secretariat/108/")


@languages
@pytest.mark.parametrize("lineage", ["basic-class-pass-rate", "volunteer-growth"])
def test_indicator_of_the_seed(lineage, language, secretariat, signed_in, live_server, in_language):
    in_language(language)
    pk = secretariat.indicators.get(lineage=lineage).pk
    check(signed_in, live_server.url + reverse("indicator", args=["tc-secretariat", 107, pk]))


def test_indicators_that_are_missed_or_not_reported(incomplete, signed_in, live_server):
    for row in incomplete.indicators.order_by("goal", "position"):
        path = reverse("indicator", args=["tc-secretariat", 108, row.pk])
        check(signed_in, live_server.url + path)


def test_log_in_that_was_refused(page, live_server, db):
    page.goto(live_server.url + "/login/")
    page.get_by_role("button", name="登入").click()
    expect(page.locator(".kp-errors")).to_be_focused()
    for width in AXE_WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert AXE.run(page, options=RULES).violations_count == 0


def open_as(user, page, context, client, url: str) -> Page:
    client.force_login(user)
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
    return page


@pytest.mark.parametrize("path", ["figures/", "history/?since=abc", "history/"])
def test_pages_with_fields_and_faults(path, page, context, live_server, users, client):
    tab = open_as(users["clerk"], page, context, client, live_server.url)
    check(tab, f"{live_server.url}/tc-secretariat/107/{path}")


def test_figures_that_two_people_changed(page, context, live_server, users, secretariat, client):
    tab = open_as(users["clerk"], page, context, client, live_server.url)
    tab.goto(live_server.url + "/tc-secretariat/107/figures/")
    secretariat.figures.update(value=7)
    first = secretariat.figures.order_by("position")[0]
    tab.locator(f"#value-{first.pk}").fill("8")
    tab.get_by_role("button", name="儲存").click()
    expect(tab.locator(".kp-errors")).to_be_focused()
    for width in AXE_WIDTHS:
        tab.set_viewport_size({"width": width, "height": 900})
        found = AXE.run(tab, options=RULES)
        assert found.violations_count == 0, found.generate_report()
    tab.get_by_label("您填的：8").check()
    tab.get_by_role("button", name="儲存").click()
    expect(tab.locator(".kp-messages")).to_be_visible()
    assert secretariat.figures.get(pk=first.pk).value == 8
