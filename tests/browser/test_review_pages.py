"""The pages of review, sign-off and publication: axe, widths, console, and the way through."""

from __future__ import annotations

import pytest
from django.urls import reverse

from indicators import actions, models
from tests.browser.test_every_page import check
from tests.conftest import NOW
from tests.indicators.test_steps import record, submit
from tests.reports.conftest import (  # noqa: F401  fixtures
    act,
    approved,
    closed,
    hand_in,
    reviewed,
    row,
)

PLAN = ["tc-secretariat", 107]


@pytest.fixture
def as_role(page, context, live_server, client, users):
    """as_role("reviewer"): the page, logged in as that person."""

    def log_in(role: str):
        client.force_login(users[role])
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        return page

    return log_in


def test_a_returned_indicator_is_reviewed_and_approved(row, hand_in, act, as_role, live_server):  # noqa: F811
    hand_in(row)
    actions.return_for_correction(
        indicator_id=row.pk,
        reason="請核對件數",
        notes={"input:流廢標件數": "應為 151"},
        actor=act("supervisor"),
        now=NOW,
    )
    record(row, act, "151")
    submit(row, act("clerk"))
    page = as_role("supervisor")
    check(page, live_server.url + reverse("review_queue", args=PLAN))
    page.get_by_role("link", name="流廢標下降率").first.click()
    check(page, page.url)
    page.get_by_text("退回補正，寫原因").click()
    page.get_by_text("對個別欄位附註").click()
    page.get_by_role("button", name="退回補正", exact=True).click()
    page.locator("section.kp-errors:focus").wait_for()
    page.get_by_role("button", name="核定", exact=True).click()
    page.get_by_text("待審核的都審完了").wait_for()
    check(page, page.url)


def test_the_city_publishes_and_a_correction_begins(reviewed, as_role, live_server):  # noqa: F811
    page = as_role("reviewer")
    check(page, live_server.url + reverse("reviews"))
    check(page, live_server.url + reverse("plan_steps", args=PLAN))
    page.get_by_role("link", name="檢視並公告").click()
    check(page, page.url)
    page.get_by_role("button", name="確認公告").click()
    page.get_by_text("第 1 版已公告").wait_for()
    check(page, page.url)
    check(page, live_server.url + reverse("report", args=PLAN))
    check(page, live_server.url + reverse("plan_steps", args=PLAN))
    page.get_by_label("更正理由").fill("列管件數有誤")
    page.get_by_label("流廢標下降率").check()
    page.get_by_role("button", name="另立更正版本").click()
    page.get_by_text("這是第 2 版").wait_for()
    check(page, live_server.url + reverse("versions", args=PLAN))
    assert models.Plan.objects.filter(version=2).exists()


def test_the_manager_sees_what_is_open(secretariat, row, hand_in, as_role, live_server):  # noqa: F811
    hand_in(row)
    check(as_role("plan_manager"), live_server.url + reverse("plan_steps", args=PLAN))
