"""Filling in an indicator in a real browser: live result, drafts, conflict, paste, lost session."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from indicators import models
from tests.browser.test_every_page import AXE, AXE_WIDTHS, RULES, check

LIST = "basic-class-pass-rate"
SINGLES = "failed-tender-rate"


@pytest.fixture
def sign_on(context, live_server, client):
    """sign_on(user): that person's session in the browser."""

    def on(user):
        client.force_login(user)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])

    return on


@pytest.fixture
def opened(page, live_server, users, secretariat, sign_on):
    """opened(lineage): the entry page of that indicator, as the agency's clerk."""

    def open_(lineage: str, who: str = "clerk") -> Page:
        sign_on(users[who])
        pk = secretariat.indicators.get(lineage=lineage).pk
        page.goto(live_server.url + reverse("entry", args=["tc-secretariat", 107, pk]))
        return page

    return open_


def stored(lineage: str, symbol: str):
    return models.Input.objects.get(indicator__lineage=lineage, symbol=symbol).value


def test_result_follows_what_is_typed_and_the_draft_is_kept(opened):
    page = opened(SINGLES)
    page.get_by_label("流廢標列管件數").fill("２００")
    expect(page.locator("#res-panel .kp-result__lead")).to_have_text("12.6%")  # 200/1586
    expect(page.locator("#res-panel")).to_contain_text("200/1,586*100%=12.6%")
    expect(page.locator("#res-panel")).to_contain_text("未達標")
    expect(page.locator("#saved")).to_contain_text("自動保留")
    expect(page.get_by_label("未達原因")).to_be_visible()
    assert stored(SINGLES, "流廢標件數") == 147  # a draft is not saved
    page.reload()
    expect(page.get_by_label("流廢標列管件數")).to_have_value("２００")
    page.get_by_role("button", name="儲存", exact=True).click()
    expect(page.locator(".kp-messages")).to_contain_text("已儲存")
    assert stored(SINGLES, "流廢標件數") == 200


def test_a_cell_that_is_no_number_makes_the_result_one_for_the_time_being(opened):
    page = opened(LIST)
    page.get_by_label("第1期 取得採購基礎證照人數").fill("六四")
    expect(page.locator("#res-panel")).to_contain_text("暫算")
    expect(page.locator("#n-row-0-0")).to_contain_text("「六四」不是數字")
    page.get_by_role("button", name="儲存", exact=True).click()
    expect(page.locator(".kp-errors")).to_contain_text("第1期 取得採購基礎證照人數")
    page.locator(".kp-errors a").first.click()
    expect(page.get_by_label("第1期 取得採購基礎證照人數")).to_be_focused()


def test_rows_are_added_and_removed_without_losing_what_is_typed(opened):
    page = opened(LIST)
    page.get_by_label("第1期 取得採購基礎證照人數").fill("65")
    page.get_by_role("button", name="新增一列").click()
    expect(page.get_by_label("第 7 列的名稱")).to_be_focused()
    page.keyboard.type("第7期")
    expect(page.get_by_label("第1期 取得採購基礎證照人數")).to_have_value("65")
    page.locator(".kp-rowtools summary").first.click()
    page.get_by_role("button", name="刪除這一列").first.click()
    expect(page.get_by_label("第 1 列的名稱")).to_have_value("第2期")
    expect(page.get_by_label("第 6 列的名稱")).to_have_value("第7期")


def paste(page: Page, text: str) -> None:
    page.evaluate(
        """text => { const data = new DataTransfer(); data.setData("text/plain", text);
        document.activeElement.dispatchEvent(new ClipboardEvent("paste",
          {clipboardData: data, bubbles: true, cancelable: true})); }""",
        text,
    )


def test_a_block_pasted_into_the_grid_fills_a_block(opened):
    page = opened(LIST)
    page.get_by_label("第2期 取得採購基礎證照人數").focus()
    paste(page, "1,001\t２，０００\r\n12\t34\r\n")
    expect(page.get_by_label("第2期 取得採購基礎證照人數")).to_have_value("1,001")
    expect(page.get_by_label("第3期 參加採購基礎班受訓人數")).to_have_value("34")
    expect(page.locator("#t-0-1")).to_have_text("2,304")  # 70+2,000+34+70+70+60
    paste(page, "甲\t乙")
    expect(page.locator("#n-row-0-1")).to_contain_text("「甲」不是數字")


def test_a_pasted_block_longer_than_the_table_replaces_its_rows(opened):
    page = opened(LIST)
    page.get_by_text("從試算表貼上整塊").click()
    page.get_by_label("複製的儲存格").fill("\n".join(f"班{n}\t{n}0\t{n}1" for n in range(1, 9)))
    page.get_by_role("button", name="填入表格").click()
    expect(page.get_by_label("第 8 列的名稱")).to_have_value("班8")
    expect(page.locator("#t-0-0")).to_have_text("360")


def test_enter_and_arrows_move_in_the_grid(opened):
    page = opened(LIST)
    page.get_by_label("第1期 取得採購基礎證照人數").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("第2期 取得採購基礎證照人數")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("第1期 取得採購基礎證照人數")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("第1期 參加採購基礎班受訓人數")).to_be_focused()


def test_a_figure_is_inserted_at_the_caret_and_printed_below(opened):
    page = opened(SINGLES)
    area = page.get_by_label("分析", exact=True)
    area.fill("共 件")
    area.evaluate("area => area.setSelectionRange(2, 2)")
    page.get_by_role("button", name="流廢標列管件數 147").click()
    expect(area).to_have_value("共 {{ 流廢標件數 }}件")
    expect(page.locator("#printed")).to_have_text("共 147件")


def test_submit_says_what_is_missing_at_the_field_then_goes_on_to_the_supervisor(opened):
    page = opened(SINGLES)
    page.get_by_role("button", name="核對並送出").click()
    expect(page.locator(".kp-errors")).to_be_focused()
    expect(page).to_have_title(re.compile("^有 2 處須修正"))
    for number in ("0", "1"):
        proof = page.locator(f"#e-{number}")
        proof.locator("summary").click()
        proof.get_by_label("文號", exact=True).fill("中市秘採字第1070000001號")
        proof.get_by_label(re.compile("發文日期")).fill("107/12/31")
        proof.get_by_role("button", name="附上", exact=True).click()
        expect(page.locator(f"#e-{number}")).to_contain_text("107年12月31日")
    page.get_by_role("button", name="核對並送出").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("核對：流廢標下降率")
    page.get_by_role("button", name="確認送出").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已送出「流廢標下降率」")
    expect(page.get_by_text("現在由測試者審核")).to_be_visible()
    assert models.Indicator.objects.get(lineage=SINGLES).status == "submitted"


def test_a_file_of_another_type_than_its_name_is_refused_at_its_field(opened, tmp_path):
    page = opened(SINGLES)
    fake = tmp_path / "列管表.pdf"
    fake.write_bytes(b"<html><script>alert(1)</script></html>")
    proof = page.locator("#e-0")
    proof.locator("summary").click()
    proof.get_by_label("檔案", exact=True).set_input_files(fake)
    proof.get_by_role("button", name="附上", exact=True).click()
    expect(page.locator(".kp-errors")).to_be_focused()
    expect(page.locator("#e-0")).to_contain_text("沒有附上")
    assert not models.Evidence.objects.exists()


def test_the_second_of_two_sees_both_values_and_chooses(opened, users, secretariat, make_user):
    page = opened(SINGLES)
    row = secretariat.indicators.get(lineage=SINGLES)
    other = make_user("clerk", secretariat.agency, name="colleague")
    page.get_by_label("流廢標列管件數").fill("151")
    page.get_by_label("分析", exact=True).fill("我寫的分析")
    expect(page.locator("#saved")).to_contain_text("自動保留")
    save_as(other, row, "流廢標件數", 149)
    page.get_by_role("button", name="儲存", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("有人先儲存了「流廢標下降率」")
    choice = page.get_by_role("group", name="流廢標列管件數")
    expect(choice).to_contain_text("149")
    expect(choice).to_contain_text("151")
    assert AXE.run(page, options=RULES).violations_count == 0
    choice.get_by_text("您填寫的").click()
    page.get_by_role("button", name="依選擇儲存").click()
    expect(page.locator(".kp-messages")).to_contain_text("已依您的選擇儲存")
    assert stored(SINGLES, "流廢標件數") == 151
    assert models.Measurement.objects.get(indicator=row).analysis == "我寫的分析"


def save_as(user, row, symbol, number):
    from dataclasses import replace
    from decimal import Decimal

    from indicators import actions
    from indicators.entries import entry_of
    from indicators.permissions import actor_of
    from indicators.queries import find_indicator, load_indicator
    from tests.conftest import NOW

    row = find_indicator(row.plan, row.pk)
    entry = entry_of(load_indicator(row))
    entry = replace(entry, inputs={**entry.inputs, symbol: Decimal(number)})
    actor = actor_of(user, NOW.date())
    actions.record_entry(
        indicator_id=row.pk, entry=entry, revision=row.revision, actor=actor, now=NOW
    )


def test_a_session_that_ends_loses_nothing_that_was_typed(opened, context, users, client):
    page = opened(SINGLES)
    context.clear_cookies(name="sessionid")
    page.get_by_label("流廢標列管件數").fill("150")
    expect(page.locator("#saved")).to_contain_text("登入已逾時")
    page.get_by_role("link", name="重新登入後繼續").click()
    page.get_by_label("帳號").fill("test-clerk")
    page.get_by_label("密碼").fill("only-for-tests")
    page.get_by_role("button", name="登入").click()
    expect(page.locator(".kp-messages")).to_contain_text("已放回草稿")
    expect(page.get_by_label("流廢標列管件數")).to_have_value("150")


def test_a_connection_that_breaks_loses_nothing_that_was_typed(opened, context):
    page = opened(SINGLES)
    page.clock.install()
    context.set_offline(True)
    page.get_by_label("流廢標列管件數").fill("150")
    expect(page.locator("#saved")).to_contain_text("連線中斷")
    context.set_offline(False)
    page.clock.fast_forward(5000)  # when it tries again
    expect(page.locator("#saved")).to_contain_text("自動保留")
    page.reload()
    expect(page.get_by_label("流廢標列管件數")).to_have_value("150")


def test_everything_works_without_javascript(browser, live_server, users, secretariat):
    context = browser.new_context(locale="zh-TW", java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + "/login/")
    page.get_by_label("帳號").fill("test-clerk")
    page.get_by_label("密碼").fill("only-for-tests")
    page.get_by_role("button", name="登入").click()
    pk = secretariat.indicators.get(lineage=LIST).pk
    page.goto(live_server.url + reverse("entry", args=["tc-secretariat", 107, pk]))
    page.get_by_role("button", name="新增一列").click()
    page.get_by_label("第 7 列的名稱").fill("第7期")
    page.get_by_label("7 取得採購基礎證照人數").fill("10")
    page.get_by_label("7 參加採購基礎班受訓人數").fill("20")
    page.get_by_role("button", name="儲存", exact=True).click()
    expect(page.locator("#res-panel")).to_contain_text("367/430*100%=85%")
    context.close()


@pytest.mark.parametrize("lineage", [LIST, SINGLES])
def test_entry_page_at_every_width(opened, lineage):
    page = opened(lineage)
    check(page, page.url)


def test_check_page_and_errors_are_accessible(opened, secretariat, users):
    page = opened(SINGLES)
    page.get_by_role("button", name="核對並送出").click()
    for width in AXE_WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found = AXE.run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
