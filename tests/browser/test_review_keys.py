"""A supervisor works a queue by single keys, and without them."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page, expect

from indicators import models
from tests.browser.test_every_page import AXE_WIDTHS, RULES
from tests.browser.test_review_pages import PLAN, as_role  # noqa: F401  fixture
from tests.reports.conftest import act, hand_in  # noqa: F401  fixtures

AXE = Axe()


@pytest.fixture
def four(secretariat, hand_in):  # noqa: F811
    """Four that wait, in the order of the queue; the second is doubtful."""
    rows = list(secretariat.indicators.order_by("pk")[:4])
    models.Indicator.objects.filter(pk=rows[1].pk).update(previous_actual=Decimal(1))
    for row in rows:
        hand_in(row)
    return rows


@pytest.fixture
def queue(as_role, live_server):  # noqa: F811
    """queue(): the list, opened by the supervisor."""

    def open_it() -> Page:
        page = as_role("supervisor")
        page.goto(live_server.url + reverse("review_queue", args=PLAN))
        expect(page.get_by_role("heading", level=1)).to_be_focused()
        return page

    return open_it


def status(row: models.Indicator) -> str:
    return models.Indicator.objects.get(pk=row.pk).status


def is_at(page: Page, row: models.Indicator) -> None:
    """Its page has opened, its heading has the focus, and a decision by key is taken."""
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(f"審核：{row.title}")
    expect(heading).to_be_focused()
    takes_decisions(page)


def takes_decisions(page: Page) -> None:
    expect(page.locator("[data-key=a]")).to_have_attribute("aria-keyshortcuts", "a")


def axe(page: Page) -> None:
    for width in AXE_WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert beyond <= 0, f"{page.url} at {width}: {beyond} px too wide"
        found = AXE.run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size({"width": 1280, "height": 800})


def test_a_queue_of_four_by_keys_alone(four, queue):
    first, doubtful, third, last = four
    page = queue()
    keys = page.keyboard
    axe(page)
    keys.press("j")
    expect(page.get_by_role("link", name=first.title)).to_be_focused()
    keys.press("j")
    keys.press("k")
    expect(page.get_by_role("link", name=first.title)).to_be_focused()
    keys.press("Enter")
    is_at(page, first)
    expect(page.get_by_text("第 1 項，共 4 項")).to_be_visible()
    axe(page)
    keys.press("j")
    is_at(page, doubtful)
    keys.press("ArrowLeft")
    is_at(page, first)
    keys.press("a")
    is_at(page, doubtful)  # the next that waits
    expect(page.locator(".kp-messages")).to_contain_text(f"「{first.title}」已核定")
    keys.press("r")
    expect(page.get_by_label("退回原因")).to_be_focused()
    axe(page)
    keys.type("ajku 請核對人數")  # in a field the keys are letters
    expect(page.get_by_label("退回原因")).to_have_value("ajku 請核對人數")
    keys.press("Tab")  # remarks on single fields
    keys.press("Tab")
    keys.press("Enter")
    is_at(page, third)
    assert (status(first), status(doubtful)) == ("approved", "returned")
    keys.press("u")
    expect(page.get_by_role("link", name=third.title)).to_be_focused()
    keys.press("c")
    expect(page.get_by_role("heading", level=1)).to_have_text("核定這 2 項指標")
    takes_decisions(page)
    axe(page)
    keys.press("a")
    expect(page.get_by_role("heading", level=1)).to_have_text("待審核的都審完了")
    expect(page.locator(".kp-messages")).to_have_text("已核定 2 項指標。")
    axe(page)
    assert (status(third), status(last)) == ("approved", "approved")
    page.get_by_role("link", name=re.compile(f"退回.*{last.title}")).press("Enter")
    expect(page.get_by_label("退回原因")).to_be_visible()  # what was approved can be returned


def test_rows_are_checked_and_approved_by_keys(four, queue):
    page = queue()
    for key in "jxjjxjx":
        page.keyboard.press(key)
    page.keyboard.press("x")  # unchecks the last one
    expect(page.locator("input[name=item]:checked")).to_have_count(2)
    takes_decisions(page)
    page.keyboard.press("a")
    expect(page.locator(".kp-messages")).to_have_text("已核定 2 項指標。")
    expect(page.get_by_role("heading", level=1)).to_have_text("還有 2 項指標待審核")
    assert [status(row) for row in four] == ["approved", "submitted", "approved", "submitted"]


def test_switched_off_the_keys_do_nothing_also_on_the_next_page(four, queue):
    page = queue()
    page.clock.install()
    page.get_by_label("使用單鍵快捷鍵").uncheck()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name=four[0].title)).not_to_be_focused()
    page.get_by_role("link", name=four[0].title).click()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.get_by_label("使用單鍵快捷鍵")).not_to_be_checked()
    page.clock.fast_forward(1000)
    expect(page.locator("[aria-keyshortcuts]")).to_have_count(0)
    for key in "ajru?":
        page.keyboard.press(key)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"審核：{four[0].title}")
    expect(page.get_by_label("退回原因")).to_be_hidden()
    assert status(four[0]) == "submitted"
    page.get_by_label("使用單鍵快捷鍵").check()
    page.keyboard.press("j")
    is_at(page, four[1])


def test_a_key_struck_twice_or_with_a_modifier_decides_nothing_unseen(four, queue):
    page = queue()
    page.get_by_role("link", name=four[0].title).click()
    is_at(page, four[0])
    for combination in ("Control+Alt+a", "Alt+a", "Shift+A"):
        page.keyboard.press(combination)
    page.keyboard.press("a")
    page.keyboard.press("a")
    is_at(page, four[1])
    assert [status(row) for row in four] == ["approved", *["submitted"] * 3]


def test_the_question_mark_opens_and_closes_the_list_of_keys(four, queue):
    page = queue()
    listed = page.get_by_text("勾選這一列，再按一次取消")
    expect(listed).to_be_hidden()
    page.keyboard.press("?")
    expect(listed).to_be_visible()
    expect(page.locator("#keys summary")).to_be_focused()
    axe(page)
    page.keyboard.press("Escape")
    expect(listed).to_be_hidden()


def test_a_usual_indicator_stands_on_one_screen(four, queue):
    page = queue()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("link", name=four[0].title).click()
    is_at(page, four[0])
    for part in ("#analysis", "#evidence", "#calculation", "#doubts", "#decision", "#result"):
        box = page.locator(f"section:has(> * {part}), section:has(> {part})").last.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 800, part


def test_without_scripts_all_is_there_but_the_keys(four, browser, live_server, client, users):
    client.force_login(users["supervisor"])
    context = browser.new_context(locale="zh-TW", java_script_enabled=False)
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + reverse("review_queue", args=PLAN))
    expect(page.get_by_label("使用單鍵快捷鍵")).to_be_hidden()
    page.get_by_role("link", name=four[0].title).click()
    page.get_by_text("退回補正，寫原因").click()
    page.get_by_label("退回原因").fill("請核對人數")
    page.get_by_role("button", name="退回補正", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"審核：{four[1].title}")
    page.get_by_role("button", name="核定", exact=True).click()
    page.get_by_role("link", name="清單").click()
    page.get_by_role("link", name="核定全部沒有疑義的 2 項").click()
    page.get_by_role("button", name="確認核定 2 項").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("待審核的都審完了")
    assert [status(row) for row in four] == ["returned", "approved", "approved", "approved"]
    context.close()
