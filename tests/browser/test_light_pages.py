"""What a page weighs with all that it loads, and what it says where scripts are off."""

from __future__ import annotations

import gzip
import re

import pytest
from playwright.sync_api import APIRequestContext, expect

from tests.test_access import (  # noqa: F401  fixtures
    address,
    clients,
    indicator,
    plan,
    reach,
)

LIMIT = 100_000  # bytes, gzipped, images aside
LOADED = re.compile(r'<(?:link rel="stylesheet" href|script(?: type="module")? src)="([^"]+)"')
MAIN = {
    ("draft", "anonymous"): ["login"],
    ("draft", "clerk"): [
        *("my_work", "scorecard", "indicator", "entry", "figures", "report", "history"),
        *("versions", "account"),
    ],
    ("draft", "administrator"): ["people", "person", "agencies"],
    ("submitted", "supervisor"): ["my_work", "review_queue", "review_indicator"],
    ("approved", "plan_manager"): ["my_work", "assign", "plan_steps"],
    ("reviewed", "reviewer"): ["my_work", "reviews", "publish"],
    ("published", "auditor"): ["report", "versions", "accounts_history"],
}


@pytest.fixture
def without_scripts(browser, live_server, clients):  # noqa: F811
    """without_scripts("clerk"): a page of that one, in a browser whose scripts are off."""
    context = browser.new_context(locale="zh-TW", java_script_enabled=False)

    def sit_down(who: str):
        session = clients[who].cookies.get("sessionid")
        if session:
            cookie = {"name": "sessionid", "value": session.value, "url": live_server.url}
            context.add_cookies([cookie])
        return context.new_page()

    yield sit_down
    context.close()


def weight(request: APIRequestContext, base: str, html: str) -> int:
    """The page, its style sheets and its scripts."""
    files = [request.get(base + path).body() for path in LOADED.findall(html)]
    assert files
    return sum(len(gzip.compress(one)) for one in (html.encode(), *files))


@pytest.mark.parametrize(("state", "who"), MAIN)
def test_main_pages_are_light_and_speak_without_scripts(
    state,
    who,
    reach,  # noqa: F811
    without_scripts,
    live_server,
    address,  # noqa: F811
):
    reach(state)
    page = without_scripts(who)
    for name in MAIN[state, who]:
        answer = page.goto(live_server.url + address(name))
        assert answer is not None
        assert answer.status == 200, name
        assert weight(page.request, live_server.url, answer.text()) < LIMIT, name
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert len(re.findall(r"[\u4e00-\u9fff]", page.locator("main").inner_text())) > 30, name
