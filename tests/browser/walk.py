"""Walks through the demo year as a newcomer, counts what the hand does and takes the pictures.

    python -m tests.browser.walk http://127.0.0.1:8000 var/demo-accounts.txt docs/img

on a database that `load_demo` has just filled. The clerk's part is printed as numbers, see Hand.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu"]

# The Keystroke-Level Model (Card, Moran, Newell 1980), in seconds: a key of somebody who doesn't
# type for a living, a pointed click, the hand to the other device, a thought before each act.
KEY, CLICK, HOMING, THOUGHT = 0.28, 1.1 + 0.2, 0.4, 1.35
KEYS_OF_A_CHARACTER = 4  # zhuyin with its tone, on average, and the choice of the character
READ = 255 / 60  # characters a second of Chinese read aloud (Trauzettel-Klosinski, Dietz 2012)
CHINESE = ("\u4e00", "\u9fff")
SECTION = "e => e.closest('section, form, table, main, header').innerText"
TITLE = "採購履約管理平臺建置進度（範例）"
REASON = "驗收紀錄載明 12 月 18 日完成測試，請核對日期後更正。"


def say(who: str, report: str) -> None:
    sys.stdout.write(f"{who} {report}\n")


def is_chinese(character: str) -> bool:
    return CHINESE[0] <= character <= CHINESE[1]


@dataclass
class Hand:
    """Does things with the mouse and the keys, one by one, and counts them."""

    page: Page
    clicks: int = 0
    keys: int = 0
    changes: int = 0
    typed: int = 0
    waited: float = 0
    pages: set[str] = field(default_factory=set)
    lines: set[str] = field(default_factory=set)

    def click(self, what: Locator) -> None:
        self._reads(what)
        self.clicks += 1
        began = time.monotonic()
        what.click()
        self.page.wait_for_load_state("networkidle")
        self.waited += max(0, time.monotonic() - began - 0.5)  # which the idle network takes

    def write(self, what: Locator, text: str) -> None:
        """Click into a field, select what is there, and type."""
        self._reads(what)
        self.clicks += 1
        what.click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)
        self.keys += sum(KEYS_OF_A_CHARACTER if is_chinese(one) else 1 for one in text)
        self.typed += 1
        self.changes += 2
        self.page.wait_for_load_state("networkidle")

    def _reads(self, what: Locator) -> None:
        """The head of the page and the section of what is used; the check page as a whole."""
        path = urlsplit(self.page.url).path
        self.pages.add(path)
        if path.endswith("/check/"):
            texts = self.page.locator(".kp-head, .kp-entry").all_inner_texts()
        else:
            texts = self.page.locator(".kp-head").all_inner_texts()
            texts.append(what.evaluate(SECTION))
        self.lines.update(line for text in texts for line in text.splitlines())

    @property
    def seconds(self) -> float:
        acts = self.clicks + self.typed
        moves = self.clicks * CLICK + self.keys * KEY + self.changes * HOMING
        return moves + acts * THOUGHT + self.waited

    def report(self) -> str:
        words = sum(is_chinese(one) for line in self.lines for one in line)
        return (
            f"{self.clicks} clicks, {self.keys} keystrokes, {len(self.pages)} pages; "
            f"hand and thought {self.seconds:.0f} s (of these {self.waited:.1f} s waiting); "
            f"reading {words} characters {words / READ:.0f} s"
        )


@dataclass
class Walk:
    browser: Browser
    url: str
    passwords: dict[str, str]
    folder: Path

    def enter(self, who: str) -> Hand:
        """At the log-in page, in a browser of one's own."""
        context = self.browser.new_context(
            locale="zh-TW", viewport={"width": 1280, "height": 800}, reduced_motion="reduce"
        )
        hand = Hand(context.new_page())
        hand.page.goto(self.url + "/login/")
        return hand

    def log_in(self, hand: Hand, who: str) -> None:
        hand.write(hand.page.get_by_label("帳號"), who)
        hand.write(hand.page.get_by_label("密碼"), self.passwords[who])
        hand.click(hand.page.get_by_role("button", name="登入", exact=True))

    def picture(self, page: Page, name: str, first: str = "header", last: str = "") -> None:
        """From the top of `first` to the end of `last`, across the page; in 64 colours."""
        page.evaluate("scrollTo(0, 0)")
        start = 0 if first == "header" else _edges(page, first)[0] - 24
        end = _edges(page, last)[1] + 24 if last else start + 640
        shot = page.screenshot(
            full_page=True, clip={"x": 0, "y": start, "width": 1280, "height": end - start}
        )
        image = Image.open(BytesIO(shot)).convert("RGB").quantize(64, dither=Image.Dither.NONE)
        image.save(self.folder / f"walk-{name}.png", optimize=True)

    def printed(self, pdf: Path, name: str) -> None:
        """The page with the table of indicators that the walk's own stands in."""
        page = subprocess.run(
            ["pdftoppm", "-f", "4", "-l", "4", "-r", "96", "-gray", "-png", str(pdf)],
            check=True,
            capture_output=True,
        ).stdout
        image = Image.open(BytesIO(page)).quantize(16, dither=Image.Dither.NONE)
        image.save(self.folder / f"walk-{name}.png", optimize=True)


def _edges(page: Page, selector: str) -> tuple[float, float]:
    top, bottom = page.locator(selector).first.evaluate(
        "e => [e.getBoundingClientRect()].flatMap(r => [r.top + scrollY, r.bottom + scrollY])"
    )
    return top, bottom


# The parts ----------------------------------------------------------------------------------------


def clerk(walk: Walk) -> None:
    """From the log-in page to the confirmation, with nothing known but the paper on the desk."""
    hand = walk.enter("clerk")
    page = hand.page
    walk.picture(page, "01-log-in", last=".kp-login")
    walk.log_in(hand, "clerk")
    walk.picture(page, "02-my-work", last="section[aria-labelledby=back]")
    hand.click(page.get_by_role("link", name="繼續填報"))
    walk.picture(page, "03-entry", last="section[aria-labelledby=s2]")
    hand.click(page.get_by_label("完成系統開發及測試"))
    hand.write(page.get_by_label("完成日期").nth(4), "108/12/20")
    page.locator("#res-panel").get_by_text("達標", exact=True).wait_for()
    walk.picture(page, "04-score-moves", last="section[aria-labelledby=s1]")
    proof = page.locator(".kp-files > li").first
    hand.click(proof.locator("summary"))
    hand.write(proof.get_by_label("文號", exact=True), "中市秘採字第1080012345號")
    hand.write(proof.get_by_label("發文日期"), "108/12/23")
    walk.picture(page, "05-evidence", "section[aria-labelledby=s2]", "section[aria-labelledby=s2]")
    hand.click(proof.get_by_role("button", name="附上", exact=True))
    hand.click(page.get_by_role("button", name="建議的第一句"))
    walk.picture(page, "06-analysis", "section[aria-labelledby=s2]", "section[aria-labelledby=s3]")
    hand.click(page.get_by_role("button", name="核對並送出"))
    walk.picture(page, "07-check", last="main form .kp-actions")
    hand.click(page.get_by_role("button", name="確認送出"))
    walk.picture(page, "08-sent", last="main > .kp-actions")
    say("clerk:", hand.report())


def supervisor_returns(walk: Walk) -> None:
    hand = walk.enter("supervisor")
    page = hand.page
    walk.log_in(hand, "supervisor")
    walk.picture(page, "09-supervisor", last="section[aria-labelledby=approve]")
    hand.click(page.get_by_role("link", name=TITLE))
    walk.picture(page, "10-review", last="section[aria-labelledby=analysis]")
    hand.click(page.get_by_text("退回補正，寫原因"))
    hand.write(page.get_by_label("退回原因"), REASON)
    hand.click(page.get_by_text("對個別欄位附註"))
    hand.write(page.get_by_label("完成系統開發及測試"), "12 月 18 日")
    walk.picture(page, "11-return", last="section[aria-labelledby=decision]")
    hand.click(page.get_by_role("button", name="退回補正", exact=True))
    say("supervisor returns:", hand.report())


def clerk_corrects(walk: Walk) -> None:
    hand = walk.enter("clerk")
    page = hand.page
    walk.log_in(hand, "clerk")
    walk.picture(page, "12-returned", last="section[aria-labelledby=next]")
    hand.click(page.get_by_role("link", name="繼續填報"))
    hand.write(page.get_by_label("完成日期").nth(4), "108/12/18")
    walk.picture(page, "13-correct", last="section[aria-labelledby=s1]")
    hand.click(page.get_by_role("button", name="核對並送出"))
    hand.click(page.get_by_role("button", name="確認送出"))
    say("clerk corrects:", hand.report())


def supervisor_approves(walk: Walk) -> None:
    hand = walk.enter("supervisor")
    page = hand.page
    walk.log_in(hand, "supervisor")
    hand.click(page.get_by_role("link", name="一起審核 108 年度的指標"))
    hand.click(page.get_by_role("link", name="核定全部沒有疑義的"))
    walk.picture(page, "14-approve", last="main form")
    hand.click(page.get_by_role("button", name="確認核定"))
    walk.picture(page, "15-approved", last="section[aria-labelledby=decisions]")
    hand.click(page.get_by_role("link", name="報告", exact=True))
    walk.picture(page, "16-report")
    with page.expect_download() as download:
        page.get_by_role("link", name="下載報告 PDF").click()
    walk.printed(download.value.path(), "17-pdf")
    say("supervisor approves:", hand.report())


def main(url: str, accounts: str, folder: str) -> None:
    lines = [line.split() for line in Path(accounts).read_text().splitlines()]
    passwords = {line[0]: line[1] for line in lines if len(line) > 1}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        walk = Walk(browser, url, passwords, Path(folder))
        for part in (clerk, supervisor_returns, clerk_corrects, supervisor_approves):
            part(walk)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
