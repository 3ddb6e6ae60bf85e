"""Accounts in a real browser: a passkey with a virtual authenticator, an app, a lockout."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect

from indicators import accounts
from tests.browser.test_every_page import AXE, AXE_WIDTHS, RULES, WIDTHS
from tests.indicators.accounts import add_app, code, events

PASSWORD = "only-for-tests"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(autouse=True)
def fresh_cache(db):
    """The cache's table is no model's: it outlives the test's database."""
    cache.clear()


@pytest.fixture
def device(page: Page, context):
    """The page's computer has a fingerprint sensor, and the finger is on it."""
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return session


def looks_right(page: Page) -> None:
    """At every width, without leaving the page: what it shows was posted or is shown once.

    Measured once the new width has been drawn.
    """
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert beyond <= 0, f"{page.url} at {width}: {beyond} px too wide"
        if width in AXE_WIDTHS:
            found = AXE.run(page, options=RULES)
            assert found.violations_count == 0, f"{page.url}: {found.generate_report()}"


def log_in(page: Page, url: str) -> None:
    page.goto(url + "/login/")
    page.get_by_label("帳號").fill("test-clerk")
    page.get_by_label("密碼").fill(PASSWORD)
    page.get_by_role("button", name="登入").click()


def log_out(page: Page) -> None:
    page.locator(".kp-pop--who summary").click()
    page.get_by_role("button", name="登出").click()
    expect(page.get_by_role("status")).to_have_text("您已登出。")


def confirm(page: Page) -> None:
    page.get_by_label("密碼").fill(PASSWORD)
    page.get_by_role("button", name="確認").click()


def add_passkey(page: Page) -> None:
    page.get_by_role("link", name="新增通行密鑰").click()
    looks_right(page)
    confirm(page)
    expect(page.get_by_label("名稱")).to_have_value("通行密鑰 1")
    looks_right(page)
    page.get_by_label("名稱").fill("辦公室的電腦")
    page.get_by_role("button", name="新增通行密鑰").click()
    expect(page.get_by_role("status")).to_contain_text("通行密鑰已新增。")


def test_passkey_is_added_opens_alone_and_after_the_password(page, device, live_server, users):
    log_in(page, live_server.url)
    page.goto(live_server.url + "/account/")
    add_passkey(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("備用碼")
    looks_right(page)
    page.goto(live_server.url + "/account/")
    expect(page.get_by_role("row", name="辦公室的電腦")).to_contain_text("單獨登入")
    looks_right(page)
    log_out(page)

    page.get_by_role("button", name="改用通行密鑰").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("我的工作")
    log_out(page)

    log_in(page, live_server.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("第二步驗證")
    looks_right(page)
    page.get_by_role("button", name="改用通行密鑰").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("我的工作")
    assert len(events("sign-in")) == 3


def test_passkey_is_renamed_and_removed(page, device, live_server, users):
    log_in(page, live_server.url)
    page.goto(live_server.url + "/account/")
    add_passkey(page)
    page.goto(live_server.url + "/account/")
    page.get_by_role("link", name="改名").click()
    looks_right(page)
    page.get_by_label("名稱").fill("家裡的電腦")
    page.get_by_role("button", name="儲存名稱").click()
    expect(page.get_by_role("row", name="家裡的電腦")).to_be_visible()
    page.get_by_role("row", name="家裡的電腦").get_by_role("link", name="移除").click()
    looks_right(page)
    page.get_by_role("button", name="移除通行密鑰").click()
    expect(page.get_by_role("status")).to_have_text("通行密鑰已移除。")
    expect(page.get_by_text("已登記的通行密鑰")).to_have_count(0)


def test_passkey_that_is_not_known_is_said_so(page, device, live_server, db):
    page.goto(live_server.url + "/login/")
    page.get_by_role("button", name="改用通行密鑰").click()
    expect(page.get_by_role("alert")).to_have_text("通行密鑰沒有完成。請再試一次，或改用其他方式。")


def test_app_is_set_up_and_asked_for(page, live_server, users):
    log_in(page, live_server.url)
    page.goto(live_server.url + "/account/")
    page.get_by_role("link", name="設定驗證器").click()
    confirm(page)
    expect(page.get_by_role("img", name="給驗證器 App 掃描的圖")).to_be_visible()
    looks_right(page)
    secret = page.locator(".kp-secret").inner_text()
    page.get_by_label("驗證碼").fill(code(secret))
    page.get_by_role("button", name="設定驗證器").click()
    expect(page.get_by_role("status")).to_contain_text("驗證器已設定。")
    log_out(page)
    cache.clear()  # the code of this half minute opens once more
    log_in(page, live_server.url)
    page.get_by_label("驗證碼").fill(code(secret))
    page.get_by_role("button", name="繼續").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("我的工作")


def test_second_step_works_without_javascript(browser, live_server, users):
    secret = add_app(users["clerk"])
    context = browser.new_context(locale="zh-TW", java_script_enabled=False)
    page = context.new_page()
    log_in(page, live_server.url)
    expect(page.get_by_role("button", name="改用通行密鑰")).to_be_hidden()
    page.get_by_label("驗證碼").fill(code(secret))
    page.get_by_role("button", name="繼續").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("我的工作")
    context.close()


def test_lockout_is_a_page(page, live_server, db):
    page.goto(live_server.url + "/login/")
    for _ in range(5):
        page.get_by_label("帳號").fill("nobody")
        page.get_by_label("密碼").fill("x")
        page.get_by_role("button", name="登入").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("暫時不能登入")
    looks_right(page)


def test_link_for_a_new_password(page, live_server, users):
    path = accounts.issue_reset(users["clerk"], users["administrator"], timezone.now())
    page.goto(live_server.url + path)
    assert page.url == live_server.url + "/reset/"
    looks_right(page)
    page.get_by_label("新密碼", exact=True).fill("short")
    page.get_by_label("再填一次新密碼").fill("shorter")
    page.get_by_role("button", name="設定新密碼").click()
    expect(page.locator(".kp-errors")).to_be_focused()
    looks_right(page)
    page.get_by_label("新密碼", exact=True).fill("Another-pass-42")
    page.get_by_label("再填一次新密碼").fill("Another-pass-42")
    page.get_by_role("button", name="設定新密碼").click()
    expect(page.get_by_role("status")).to_have_text("新密碼已設定，請用新密碼登入。")
    page.goto(live_server.url + path)
    expect(page.get_by_role("heading", level=1)).to_have_text("連結已失效")
    looks_right(page)


@pytest.mark.parametrize("path", ["", "password/", "app/", "codes/new/", "confirm/"])
def test_pages_of_the_account(path, page, live_server, users):
    log_in(page, live_server.url)
    page.goto(live_server.url + "/account/confirm/?next=/account/")
    confirm(page)
    page.goto(f"{live_server.url}/account/{path}")
    looks_right(page)
