"""Each page at every width: axe without violations, nothing sideways, no error in the console."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page

from tests.indicators.work_scenes import give_back, submit

AXE = Axe()
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WIDTHS = (320, 390, 800, 1280)
AXE_WIDTHS = (390, 1280)
PUBLIC = ["/login/", "/accessibility/", "/contact/", "/unknown/"]
OF_PLAN = ["scorecard", "report", "history", "figures"]


def check(page: Page, address: str) -> None:
    page.goto(address)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert beyond <= 0, f"{address} at {width}: {beyond} px too wide"
        if width in AXE_WIDTHS:
            found = AXE.run(page, options=RULES)
            assert found.violations_count == 0, f"{address} at {width}: {found.generate_report()}"


@pytest.fixture
def in_language(context, live_server):
    def switch(language: str) -> None:
        cookie = {"name": "django_language", "value": language, "url": live_server.url}
        context.add_cookies([cookie])

    return switch


languages = pytest.mark.parametrize("language", ["zh-hant", "en"])


@languages
@pytest.mark.parametrize("path", PUBLIC)
def test_public_page(path, language, page, live_server, in_language, db):
    in_language(language)
    check(page, live_server.url + path)


@languages
@pytest.mark.parametrize("name", OF_PLAN)
def test_page_of_the_seed(name, language, signed_in, live_server, in_language):
    in_language(language)
    check(signed_in, live_server.url + reverse(name, args=["tc-secretariat", 107]))


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


@pytest.mark.parametrize("path", ["/plans/", "/my-work/", "/unknown/"])
def test_page_of_someone_who_is_logged_in(path, signed_in, live_server):
    check(signed_in, live_server.url + path)


def test_empty_state(page, context, live_server, client, django_user_model, db):
    client.force_login(django_user_model.objects.create(username="nobody"))
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    check(page, live_server.url + "/")


def test_log_in_that_was_refused(page, live_server, db):
    page.goto(live_server.url + "/login/")
    page.get_by_role("button", name="登入").click()
    assert page.evaluate("document.activeElement.className") == "kp-errors"
    for width in AXE_WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert AXE.run(page, options=RULES).violations_count == 0


def open_as(user, page, context, client, address: str) -> Page:
    client.force_login(user)
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    return page


@pytest.mark.parametrize("role", ["clerk", "plan_manager", "reviewer"])
def test_my_work_of_each_role(role, page, context, live_server, users, secretariat, client):
    row = secretariat.indicators.get(lineage="failed-tender-rate")
    submit(row, users["clerk"])
    give_back(row, users["supervisor"], "請核對列管表")
    submit(secretariat.indicators.get(lineage="volunteer-growth"), users["clerk"])
    tab = open_as(users[role], page, context, client, live_server.url)
    check(tab, live_server.url + "/my-work/")


@pytest.mark.parametrize("path", ["figures/", "history/?since=abc", "history/"])
def test_pages_with_fields_and_faults(path, page, context, live_server, users, client):
    tab = open_as(users["clerk"], page, context, client, live_server.url)
    check(tab, f"{live_server.url}/tc-secretariat/107/{path}")


def test_accounts_history(page, context, live_server, users, client):
    tab = open_as(users["auditor"], page, context, client, live_server.url)
    check(tab, live_server.url + "/history/accounts/")


def test_figures_that_two_people_changed(page, context, live_server, users, secretariat, client):
    tab = open_as(users["clerk"], page, context, client, live_server.url)
    tab.goto(live_server.url + "/tc-secretariat/107/figures/")
    secretariat.figures.update(value=7)
    first = secretariat.figures.order_by("position")[0]
    tab.locator(f"#value-{first.pk}").fill("8")
    tab.get_by_role("button", name="儲存").click()
    assert tab.evaluate("document.activeElement.className") == "kp-errors"
    for width in AXE_WIDTHS:
        tab.set_viewport_size({"width": width, "height": 900})
        found = AXE.run(tab, options=RULES)
        assert found.violations_count == 0, found.generate_report()
    tab.get_by_label("您填的：8").check()
    tab.get_by_role("button", name="儲存").click()
    assert secretariat.figures.get(pk=first.pk).value == 8
