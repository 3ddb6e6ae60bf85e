"""What people come for, from the log-in page on; once with the mouse, once with the keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

PASSWORD = "only-for-tests"
TITLE = "107 年度計分表"


def log_in(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_label("帳號").fill("test-clerk")
    page.get_by_label("密碼").fill(PASSWORD)
    page.get_by_role("button", name="登入").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("我的工作")
    page.get_by_role("link", name="計分表", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)


def test_log_in_scorecard_indicator_report_pdf(page, live_server, users):
    log_in(page, live_server.url)
    expect(page.locator(".kp-fig--lead dd")).to_have_text("100.00分")

    page.get_by_role("link", name="流廢標下降率").click()
    expect(page.locator(".kp-result__lead")).to_have_text("9.3%")
    expect(page.get_by_text("147/1,586*100%=9.3%").first).to_be_visible()
    page.get_by_role("link", name="回 107 年度計分表").click()

    page.get_by_role("navigation", name="主要選單").get_by_role("link", name="報告").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("施政績效報告")
    with page.expect_download() as download:
        page.get_by_role("link", name="下載報告 PDF").click()
    assert download.value.suggested_filename == "tc-secretariat-107-report.pdf"
    assert download.value.path().read_bytes().startswith(b"%PDF-")


def test_menus_and_log_out(page, live_server, users):
    log_in(page, live_server.url)
    page.locator(".kp-pop--year summary").click()
    expect(page.locator(".kp-pop--year a")).to_have_text(["107"])
    page.locator(".kp-pop--who summary").click()
    page.get_by_role("button", name="登出").click()
    expect(page.get_by_role("status")).to_have_text("您已登出。")
    page.goto(live_server.url + "/tc-secretariat/107/")
    expect(page.get_by_role("heading", level=1)).to_have_text("登入")


def test_english_switch_stays_on_the_page(page, live_server, users):
    log_in(page, live_server.url)
    address = page.url
    page.locator(".kp-pop--who summary").click()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Scorecard, ROC year 107")
    assert page.url == address
    assert page.locator("html").get_attribute("lang") == "en"
    page.locator(".kp-pop--who summary").click()
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what has the focus is called `words`; its outline must be visible."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == words:
            style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert style == "solid"
            return
    pytest.fail(f"the keyboard never reaches 「{words}」")


def test_everything_by_keyboard(page, live_server, users):
    page.goto(live_server.url)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到主要內容"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("test-clerk")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("我的工作")
    tab_to(page, "計分表")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)

    tab_to(page, "電子領標達成率")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("電子領標達成率")
    tab_to(page, "回 107 年度計分表")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/tc-secretariat/107/$"))


def test_pages_work_without_javascript(browser, live_server, users):
    context = browser.new_context(locale="zh-TW", java_script_enabled=False)
    log_in(context.new_page(), live_server.url)
    context.close()


def test_print_drops_the_navigation(page, live_server, users):
    log_in(page, live_server.url)
    page.emulate_media(media="print")
    expect(page.locator(".kp-top__nav")).to_be_hidden()
    expect(page.locator(".kp-score")).to_be_visible()
