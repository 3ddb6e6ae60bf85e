"""The pages of supervision in a browser: from the dashboard down to a proof, months typed in."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from indicators import models
from indicators.actions.past_interims import import_interims
from indicators.demo.interims import NOTES, followed
from tests.browser.test_every_page import check
from tests.conftest import NOW
from tests.indicators.work_scenes import prove

LINEAGE = "failed-tender-rate"
INTERIM = "流廢標下降率"


@pytest.fixture
def row(secretariat, users) -> models.Indicator:
    """Followed by month, with a year of values, and proven."""
    import_interims(plan_id=secretariat.pk, followed=followed(107), note=NOTES[107], now=NOW)
    found = secretariat.indicators.get(lineage=LINEAGE)
    prove(found, users["clerk"])
    return found


def signed_in_as(page: Page, client, live_server, user: models.User) -> Page:
    client.force_login(user)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return page


def test_from_the_dashboard_to_an_input_and_its_proof_in_one_click(signed_in, live_server, row):
    page = signed_in
    page.goto(f"{live_server.url}/my-work/")
    page.get_by_role("navigation", name="主要選單").get_by_role("link", name="儀表板").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("107 年度執行情形")
    page.locator("#ind").locator("xpath=ancestor::section").get_by_role(
        "link", name=INTERIM
    ).click()
    proven = page.get_by_role("row", name=re.compile("流廢標列管件數"))
    expect(proven).to_contain_text("147")
    expect(proven).to_contain_text("中市秘採字第1號")


def test_dashboard_of_a_year_under_way_is_sound_at_every_width(signed_in, live_server, row):
    """Something missed, something behind its path, something not reported."""
    models.Input.objects.filter(indicator=row).update(value=None)
    models.InterimValue.objects.filter(indicator=row, period__gt=10).delete()
    safety = models.Input.objects.filter(indicator__lineage="office-safety-defects")
    safety.filter(symbol="已改善件數").update(value=130)
    check(signed_in, f"{live_server.url}/tc-secretariat/107/dashboard/")
    expect(signed_in.get_by_role("region", name="風險")).to_contain_text("高於目標 120")
    expect(signed_in.get_by_text("10 月底", exact=False).first).to_be_visible()


def test_clerk_types_a_month_and_sees_where_it_leads(page, client, live_server, users, row):
    models.InterimValue.objects.filter(indicator=row, period__gt=6).delete()
    signed_in_as(page, client, live_server, users["clerk"])
    address = f"{live_server.url}/tc-secretariat/107/indicators/{row.pk}/interim/"
    check(page, address)
    first, second = (page.locator(f"[name='v-{column}-7']") for column in (0, 1))
    first.fill("14")
    second.fill("146")
    page.get_by_role("button", name="儲存").click()
    expect(page.get_by_text("已儲存 2 個期中數值。")).to_be_visible()
    months = page.get_by_role("row", name=re.compile("7 月"))
    expect(months).to_contain_text("9.2")  # 82 of 887
    assert models.InterimValue.objects.filter(indicator=row, period=7).count() == 2


def test_settings_of_what_is_followed_are_sound(page, client, live_server, users, row):
    signed_in_as(page, client, live_server, users["plan_manager"])
    check(page, f"{live_server.url}/tc-secretariat/107/indicators/{row.pk}/interim/settings/")


def test_reminder_says_beside_its_row_whom_it_reached(page, client, live_server, users, row):
    signed_in_as(page, client, live_server, users["plan_manager"])
    page.goto(f"{live_server.url}/tc-secretariat/107/board/")
    page.get_by_role("button", name=f"提醒 {INTERIM}").click()
    expect(page.locator(f"#indicator-{row.pk}")).to_contain_text("電子郵件")
