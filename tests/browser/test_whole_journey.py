"""A year from the first number to the published PDF, each person in a browser of their own."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from indicators import actions, models
from indicators.records import IndicatorRecord
from indicators.scoring.types import Direction, Input, Method, Milestone
from reports.models import PublishedReport
from tests.browser.hands import Finger, Hand, Keys, Mouse, log_in, prove, send
from tests.browser.test_every_page import AXE, RULES
from tests.conftest import NOW
from tests.indicators.test_pages import plan_of, spec

PLAN = ["tc-secretariat", 108]
RATE, FAULTS, PLATFORM = "採購訓練及格率", "安全缺失件數", "平臺建置進度"


@pytest.fixture
def plan(users, settings, tmp_path):
    """Three indicators of which nothing is entered: a rate, one that will be missed, stages."""
    settings.EVIDENCE_ROOT = tmp_path
    cache.clear()  # its table is no model's: it outlives the test's database
    inputs = (Input("及格人數", unit="人"), Input("受訓人數", unit="人"))
    bare = {"inputs": (), "formula": ""}
    stages = tuple(
        Milestone(name, Decimal(percent), None) for name, percent in (("規劃", 40), ("完工", 100))
    )
    items = [
        spec(
            1,
            title=RATE,
            target=Decimal(83),
            weight=Decimal(50),
            inputs=inputs,
            formula="及格人數/受訓人數*100%",
        ),
        spec(
            2,
            title=FAULTS,
            target=Decimal(80),
            weight=Decimal(30),
            unit="件",
            decimals=0,
            direction=Direction.LOWER,
            method=Method.DIRECT,
            **bare,
        ),
        spec(
            3,
            title=PLATFORM,
            target=Decimal(40),
            weight=Decimal(20),
            decimals=0,
            method=Method.MILESTONES,
            milestones=stages,
            **bare,
        ),
    ]
    record = plan_of(*map(IndicatorRecord, items), code=PLAN[0])
    made = actions.replace_plan(record, by=None, now=NOW)
    models.Plan.objects.filter(pk=made.pk).update(due=timezone.localdate() + timedelta(days=3))
    return made


@dataclass
class Looked:
    """Runs axe on each page once: the same page of another indicator has nothing new to say."""

    seen: set[tuple[str, str]] = field(default_factory=set)

    def at(self, page: Page, heading: str) -> None:
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
        path = re.sub(r"/[0-9]+/", "/#/", page.url.partition("?")[0])
        here = (path, re.sub(r"「.*?」|：.*", "", page.title()))
        if here not in self.seen:
            self.seen.add(here)
            found = AXE.run(page, options=RULES)
            assert found.violations_count == 0, f"{page.url}: {found.generate_report()}"
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


@pytest.fixture
def looked() -> Looked:
    return Looked()


@pytest.fixture
def come(desk, live_server, looked) -> Callable[[str], Hand]:
    """come("clerk"): that person, at a desk with a mouse, after the log-in."""
    here: dict[str, Hand] = {}

    def arrive(role: str) -> Hand:
        if role not in here:
            here[role] = Mouse(desk())
            log_in(here[role], live_server.url + "/login/", f"test-{role}")
        here[role].page.goto(live_server.url + "/my-work/")
        looked.at(here[role].page, "我的工作")
        return here[role]

    return arrive


# The clerk's part ---------------------------------------------------------------------------------


def open_entry(hand: Hand, title: str) -> None:
    """From my work: the first task has a button, the others are links."""
    page = hand.page
    if page.locator("#next").inner_text() == title:
        hand.press(page.get_by_role("link", name=re.compile("開始填報|繼續填報")))
    else:
        hand.press(page.get_by_role("link", name=title))
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def enter_rate(hand: Hand, looked: Looked) -> None:
    page = hand.page
    open_entry(hand, RATE)
    looked.at(page, RATE)
    hand.write(page.get_by_label("及格人數", exact=True), "357")
    hand.write(page.get_by_label("受訓人數", exact=True), "410")
    expect(page.locator("#res-panel")).to_contain_text("357/410*100%=87.1%")
    prove(hand, 0, "中市秘採字第1080000001號", "108/12/20")
    prove(hand, 1, "中市秘採字第1080000002號", "108/12/21")
    hand.write(page.get_by_label("分析", exact=True), "及格率 ")
    hand.press(page.get_by_role("button", name="實際 87.1%"))
    page.keyboard.type("。")
    expect(page.get_by_label("分析", exact=True)).to_have_value("及格率 {{ actual }}%。")
    expect(page.locator("#printed")).to_have_text("及格率 87.1%。")
    hand.press(page.get_by_role("button", name="核對並送出"))
    looked.at(page, "核對：")
    hand.press(page.get_by_role("link", name="回去修改"))
    send(hand, RATE)
    looked.at(page, "已送出")
    hand.press(page.get_by_role("link", name="回我的工作"))


def enter_missed(hand: Hand, looked: Looked) -> None:
    """Without its review it is not taken."""
    page = hand.page
    open_entry(hand, FAULTS)
    looked.at(page, FAULTS)
    hand.write(page.get_by_label("達成目標值（件）"), "95")
    expect(page.locator("#res-panel")).to_contain_text("未達標")
    hand.write(page.get_by_label("分析", exact=True), "缺失 {{ actual }} 件。")
    hand.press(page.get_by_role("button", name="核對並送出"))
    expect(page.locator(".kp-errors")).to_contain_text("未達目標，請寫明原因")
    looked.at(page, FAULTS)
    hand.write(page.get_by_label("未達原因"), "管線老舊。")
    hand.write(page.get_by_label("改善措施"), "分年汰換。")
    hand.write(page.get_by_label("負責人或單位"), "總務科")
    hand.write(page.get_by_label("完成期限"), "109/6/30")
    proof = page.locator(".kp-files > li").first
    proof.locator("summary").click()
    document = {"name": "巡檢.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 %%EOF"}
    proof.get_by_label("檔案", exact=True).set_input_files(document)
    hand.press(proof.get_by_role("button", name="附上", exact=True))
    expect(page.locator(".kp-files")).to_contain_text("巡檢.pdf")
    send(hand, FAULTS)
    hand.press(page.get_by_role("link", name="回我的工作"))


def enter_stages(hand: Hand, looked: Looked) -> None:
    page = hand.page
    open_entry(hand, PLATFORM)
    looked.at(page, PLATFORM)
    hand.press(page.get_by_label("規劃"))
    hand.write(page.get_by_label("完成日期").first, "108/5/2")
    expect(page.locator("#res-panel .kp-result__lead")).to_have_text("40%")
    page.locator(".kp-files > li summary").click()
    hand.write(page.get_by_label("文號", exact=True), "中市秘採字第1080000003號")
    hand.write(page.get_by_label("發文日期"), "108/5/3")
    hand.press(page.get_by_role("button", name="附上", exact=True))
    hand.press(page.get_by_role("button", name="建議的第一句"))
    send(hand, PLATFORM)


# The others ---------------------------------------------------------------------------------------


def send_back(hand: Hand, looked: Looked) -> None:
    page = hand.page
    hand.press(page.get_by_role("link", name=RATE))
    looked.at(page, "審核：")
    hand.press(page.get_by_text("退回補正，寫原因"))
    hand.write(page.get_by_label("退回原因"), "請核對及格人數。")
    hand.press(page.get_by_text("對個別欄位附註"))
    hand.write(page.get_by_label("及格人數", exact=True), "名冊是 350 人")
    hand.press(page.get_by_role("button", name="退回補正", exact=True))
    expect(page.locator(".kp-messages")).to_contain_text(f"「{RATE}」已退回")


def approve_the_rest(hand: Hand, looked: Looked) -> None:
    page = hand.page
    hand.press(page.get_by_role("link", name="一起審核 108 年度的指標"))
    looked.at(page, "2 項")
    expect(page.get_by_role("heading", level=1)).to_have_text("2 項指標待審核")
    hand.press(page.get_by_label(f"勾選「{FAULTS}」"))
    hand.press(page.get_by_label(f"勾選「{PLATFORM}」"))
    hand.press(page.get_by_role("button", name="核定所選"))
    expect(page.locator(".kp-messages")).to_have_text("已核定 2 項指標。")
    looked.at(page, "待審核的都審完了")


def correct(hand: Hand, looked: Looked) -> None:
    page = hand.page
    expect(page.locator(".kp-next")).to_contain_text("請核對及格人數。")
    open_entry(hand, RATE)
    looked.at(page, RATE)
    expect(page.locator(".kp-back")).to_contain_text("請核對及格人數。")
    expect(page.locator("#n-v-0")).to_contain_text("名冊是 350 人")
    hand.write(page.get_by_label("及格人數", exact=True), "350")
    expect(page.locator("#res-panel")).to_contain_text("350/410*100%=85.4%")
    send(hand, RATE)


def approve_the_last(hand: Hand, looked: Looked) -> None:
    page = hand.page
    hand.press(page.get_by_role("link", name=RATE))
    looked.at(page, "審核：")
    expect(page.locator("main")).to_contain_text("第 2 次送出")
    hand.press(page.get_by_role("button", name="核定", exact=True))
    expect(page.locator(".kp-messages")).to_contain_text(f"「{RATE}」已核定")


def close(hand: Hand, looked: Looked) -> None:
    page = hand.page
    hand.press(page.get_by_role("link", name="關帳送研考會"))
    looked.at(page, "簽核進度")
    hand.press(page.get_by_role("button", name="關帳送研考會"))
    expect(page.locator("main")).to_contain_text("待研考會辦理")


def review_and_publish(hand: Hand, looked: Looked) -> None:
    page = hand.page
    page.goto(page.url.replace("/my-work/", reverse("plan_steps", args=PLAN)))
    looked.at(page, "簽核進度")
    hand.press(page.get_by_role("button", name="複核通過"))
    hand.press(page.get_by_role("link", name="檢視並公告"))
    expect(page.get_by_role("heading", level=1)).to_have_text("公告 108 年度第 1 版？")
    looked.at(page, "公告 108")
    hand.press(page.get_by_role("button", name="確認公告"))
    expect(page.locator("main")).to_contain_text("第 1 版已公告")
    looked.at(page, "各版本")


def downloaded(page: Page, name: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=name).first.click()
    return download.value.path().read_bytes()


def words_of(pdf: bytes) -> str:
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return re.sub(r"\s", "", done.stdout.decode())


def published_pdf(page: Page, url: str, looked: Looked) -> bytes:
    """As the versions' page gives it, with the corrected number, the version and the anchor."""
    page.goto(url + reverse("versions", args=PLAN))
    looked.at(page, "各版本")
    pdf = downloaded(page, "報告 PDF")
    words, published = words_of(pdf), PublishedReport.objects.get(version=1)
    assert "及格率85.4%。" in words
    assert "版本第1版" in words
    assert f"第{published.sequence}筆{published.chain_hash}" in words
    return pdf


def is_locked(page: Page, url: str, plan: models.Plan, looked: Looked) -> None:
    pk = plan.indicators.get(title=RATE).pk
    page.goto(url + reverse("entry", args=[*PLAN, pk]))
    assert page.url == url + reverse("indicator", args=[*PLAN, pk])
    expect(page.locator(".kp-lock")).to_contain_text("計畫已公告，內容不再變更")
    looked.at(page, RATE)


def open_a_correction(hand: Hand, url: str, looked: Looked) -> None:
    page = hand.page
    page.goto(url + reverse("plan_steps", args=PLAN))
    hand.write(page.get_by_label("更正理由"), "受訓人數有誤")
    hand.press(page.get_by_label(RATE))
    hand.press(page.get_by_role("button", name="另立更正版本"))
    expect(page.locator("main")).to_contain_text("這是第 2 版，還沒有公告")
    looked.at(page, "簽核進度")


def test_a_year_from_the_first_number_to_the_published_pdf(plan, come, live_server, looked):
    for enter in (enter_rate, enter_missed, enter_stages):
        enter(come("clerk"), looked)
    send_back(come("supervisor"), looked)
    approve_the_rest(come("supervisor"), looked)
    correct(come("clerk"), looked)
    approve_the_last(come("supervisor"), looked)
    close(come("plan_manager"), looked)
    review_and_publish(come("reviewer"), looked)
    reader = come("auditor").page
    first = published_pdf(reader, live_server.url, looked)
    is_locked(come("clerk").page, live_server.url, plan, looked)
    open_a_correction(come("plan_manager"), live_server.url, looked)
    reader.goto(live_server.url + reverse("versions", args=PLAN))
    expect(reader.locator("main")).to_contain_text("第 2 版正在更正")
    assert downloaded(reader, "報告 PDF") == first
    open_entry(come("clerk"), RATE)  # the correction's entry is open again


@pytest.mark.parametrize("way", ["keys", "finger"])
def test_the_clerk_s_part_with_the_keyboard_alone_or_a_finger(way, plan, desk, live_server, looked):
    small = {"width": 390, "height": 844}
    page = desk(viewport=small, has_touch=True, is_mobile=True) if way == "finger" else desk()
    hand = Finger(page) if way == "finger" else Keys(page)
    log_in(hand, live_server.url + "/login/", "test-clerk")
    looked.at(page, "我的工作")
    enter_rate(hand, looked)
    expect(page.get_by_role("heading", level=1)).to_have_text("我的工作")
    assert plan.indicators.get(title=RATE).status == "submitted"
