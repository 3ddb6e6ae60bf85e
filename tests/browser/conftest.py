"""A real browser (Debian's Chromium) in front of the live server."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from indicators import actions
from indicators.records import IndicatorRecord
from indicators.scoring.types import Direction, Method
from tests.conftest import NOW
from tests.indicators.test_pages import plan_of, spec

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop in this thread

expect.set_options(timeout=30_000)  # two cores, and several tests at once

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", event =>
  console.error("policy violated: " + event.violatedDirective + " " + event.blockedURI));
"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.fail("chromium is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh profile with Chinese as its language; waits as long as a PDF may take."""
    fresh = browser.new_context(locale="zh-TW", viewport={"width": 1280, "height": 900})
    fresh.set_default_timeout(60_000)
    fresh.add_init_script(REPORT_VIOLATIONS)
    yield fresh
    fresh.close()


# An answer like 404, or none, is an error in the console too; the tests ask for it on purpose.
ASKED_FOR = (
    "responded with a status of",
    "net::ERR_INTERNET_DISCONNECTED",
    "htmx:sendError",
    "htmx:afterRequest",  # which htmx says along with it
)


@contextmanager
def watched(context: BrowserContext) -> Iterator[Page]:
    """A page whose script errors and policy violations fail the test at the end."""
    faults: list[str] = []
    tab = context.new_page()
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    yield tab
    assert [text for text in faults if not any(words in text for words in ASKED_FOR)] == []


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    with watched(context) as tab:
        yield tab


@pytest.fixture
def desk(browser: Browser) -> Iterator[Callable[..., Page]]:
    """desk(): a page in a browser of its own, watched like `page`; with Playwright's options."""
    with ExitStack() as open_ones:

        def sit_down(**options: Any) -> Page:
            usual = {"locale": "zh-TW", "viewport": {"width": 1280, "height": 900}}
            fresh = browser.new_context(**(usual | options))
            open_ones.callback(fresh.close)
            fresh.set_default_timeout(60_000)
            fresh.add_init_script(REPORT_VIOLATIONS)
            return open_ones.enter_context(watched(fresh))

        yield sit_down


@pytest.fixture
def incomplete(secretariat):
    """A plan of the same agency with a met, a missed and an unreported indicator."""
    direct = {"inputs": (), "formula": "", "method": Method.DIRECT, "unit": "件"}
    items = [
        spec(1, target=Decimal(60), weight=Decimal(50)),
        spec(2, target=Decimal("87.5"), weight=Decimal(30)),
        spec(3, direction=Direction.LOWER, weight=Decimal(20), **direct),
    ]
    record = plan_of(*map(IndicatorRecord, items), code="tc-secretariat")
    return actions.replace_plan(record, by=None, now=NOW)


@pytest.fixture
def signed_in(page: Page, context: BrowserContext, live_server, users, client) -> Page:
    """The page of a logged-in supervisor of the secretariat."""
    client.force_login(users["supervisor"])
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return page
