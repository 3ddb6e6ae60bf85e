"""Two people talk about an indicator, in the browser: focus, folding, My work, axe."""

from __future__ import annotations

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.browser.test_every_page import AXE, AXE_WIDTHS, RULES
from tests.indicators.comments.scenes import PATH, say
from tests.indicators.work_scenes import person


@pytest.fixture
def scene(secretariat, live_server, browser):
    """scene("王承辦"): the browser page of that person."""
    row = secretariat.indicators.get(lineage="failed-tender-rate")
    people = {
        "王承辦": person("王承辦", "clerk", secretariat.agency, row.owner),
        "李主管": person("李主管", "supervisor", secretariat.agency, row.owner),
    }
    contexts = []

    def sit_down(name: str) -> Page:
        client = Client()  # one that is logged in twice ends the first session
        client.force_login(people[name])
        session = client.cookies["sessionid"].value
        contexts.append(
            browser.new_context(locale="zh-TW", viewport={"width": 1280, "height": 900})
        )
        contexts[-1].add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        return contexts[-1].new_page()

    sit_down.row, sit_down.people = row, people
    yield sit_down
    for context in contexts:
        context.close()


def looks_well(page: Page) -> None:
    for width in AXE_WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        found = AXE.run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()


def test_question_is_answered_and_resolved(scene, live_server):
    url = live_server.url + PATH.format(scene.row.pk)
    boss = scene("李主管")
    boss.goto(url)
    boss.get_by_label("意見內容", exact=True).fill("請說明分母。")
    boss.get_by_label("王承辦（承辦人　採購管理科）").check()
    boss.get_by_role("button", name="送出意見").click()
    first = boss.locator(".kp-said", has_text="請說明分母。")
    expect(first).to_be_focused()
    expect(first).to_contain_text("已通知王承辦")

    clerk = scene("王承辦")
    clerk.goto(live_server.url + "/my-work/")
    looks_well(clerk)
    clerk.get_by_role("region", name="提到您的意見").get_by_role("link").click()
    expect(clerk.locator(".kp-said")).to_be_focused()
    clerk.locator("summary", has_text="回覆").click()
    clerk.get_by_label("回覆", exact=True).fill("分母是公告金額以上的案件。")
    looks_well(clerk)
    clerk.get_by_role("button", name="送出回覆").click()
    expect(clerk.locator(".kp-said", has_text="分母是公告金額")).to_be_focused()

    boss.goto(url)
    boss.get_by_role("button", name="標為已解決").click()
    expect(boss.locator(".kp-said", has_text="請說明分母。")).to_be_focused()
    boss.goto(url)
    expect(boss.get_by_text("分母是公告金額以上的案件。")).to_be_hidden()
    looks_well(boss)


def test_fault_is_shown_where_it_is(scene, live_server):
    thread = say(scene.row, scene.people["李主管"], "長" * 300)
    clerk = scene("王承辦")
    clerk.goto(live_server.url + PATH.format(scene.row.pk))
    clerk.locator("summary", has_text="回覆").click()
    clerk.get_by_role("button", name="送出回覆").click()
    expect(clerk.locator(".kp-errors")).to_be_focused()
    clerk.get_by_role("link", name="請寫下意見。").click()
    expect(clerk.locator(f"#answer-{thread.pk}-text")).to_be_focused()
    looks_well(clerk)
