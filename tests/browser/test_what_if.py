"""What-if in a browser: by plain forms, and live where scripts run."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_every_page import AXE_WIDTHS, check


@pytest.fixture
def address(secretariat, live_server):
    """address(moves): the what-if of the seed, with the failed tenders' fields open."""
    pk = secretariat.indicators.get(lineage="failed-tender-rate").pk

    def of(moves: str = "") -> str:
        query = f"open={pk}" + (f"&{moves.replace('PK', str(pk))}" if moves else "")
        return f"{live_server.url}/tc-secretariat/107/what-if/?{query}"

    return of


def test_figures_follow_while_typing_and_the_field_keeps_the_focus(signed_in: Page, address):
    page = signed_in
    page.goto(address())
    field = page.get_by_role("textbox", name="流廢標列管件數")
    field.fill("200")
    expect(page.locator("#wi-said")).to_contain_text("總分現在 100.00，試算 98.57")
    expect(page.locator("#wi-result")).to_contain_text("98.57")
    expect(page.locator("#wi-table")).to_contain_text("12.6")
    expect(page.get_by_label("這次試算的網址")).to_have_value(re.compile(r"what-if/\?i\d+\.1=200$"))
    expect(page).to_have_url(re.compile(r"what-if/\?i\d+\.1=200&open=\d+"))
    expect(field).to_be_focused()
    expect(page.get_by_role("link", name="清除試算")).to_be_visible()
    field.fill("20x")
    expect(page.get_by_text("「20x」請只填數字", exact=False)).to_be_visible()


def test_enter_submits_the_same(signed_in: Page, address):
    page = signed_in
    page.goto(address())
    field = page.get_by_role("textbox", name="流廢標列管件數")
    field.fill("200")
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"\.1=200&open=\d+#adjust"))
    expect(page.locator("#wi-result")).to_contain_text("98.57")


def test_forms_work_without_scripts(browser, live_server, users, client, address):
    client.force_login(users["supervisor"])
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    fresh = browser.new_context(locale="zh-TW", java_script_enabled=False)
    fresh.add_cookies([session | {"url": live_server.url}])
    page = fresh.new_page()
    page.goto(address())
    page.get_by_role("textbox", name="流廢標列管件數").fill("200")
    page.get_by_role("button", name="調整「電子領標達成率」").click()
    expect(page).to_have_url(re.compile(r"what-if/\?i\d+\.1=200&open=\d+&open=\d+#adjust"))
    expect(page.locator("#wi-result")).to_contain_text("98.57")
    page.get_by_role("button", name="恢復流廢標列管件數").click()
    expect(page.locator("#wi-result")).to_contain_text("100.00")
    fresh.close()


@pytest.mark.parametrize("moves", ["iPK.1=200&iPK=9", "iPK.t=-1&iPK.2=x&other=1"])
def test_moved_and_faulty_pages_fit_every_width(moves, signed_in: Page, address):
    check(signed_in, address(moves), AXE_WIDTHS)
