"""Three ways to work a page: with the mouse, with the keys alone, with a finger."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

FINGER = 24  # pixels, WCAG 2.2 AA 2.5.8


@dataclass(frozen=True, slots=True)
class Mouse:
    page: Page

    def press(self, what: Locator) -> None:
        what.click()

    def write(self, what: Locator, text: str) -> None:
        what.fill(text)


@dataclass(frozen=True, slots=True)
class Keys:
    """Tab until it is there, whose outline must be seen; Enter or the space bar."""

    page: Page

    def press(self, what: Locator) -> None:
        self._go(what)
        is_box = what.evaluate("e => e.type === 'checkbox'")
        self.page.keyboard.press("Space" if is_box else "Enter")

    def write(self, what: Locator, text: str) -> None:
        self._go(what)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def _go(self, what: Locator) -> None:
        what.wait_for()
        for _ in range(150):
            if what.evaluate("e => e === document.activeElement"):
                style = what.evaluate(
                    "e => [getComputedStyle(e).outlineStyle, e.matches(':focus')]"
                )
                assert style == ["solid", True], f"no outline: {what}"
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"the keyboard never reaches {what}")


@dataclass(frozen=True, slots=True)
class Finger:
    page: Page

    def press(self, what: Locator) -> None:
        what.scroll_into_view_if_needed()
        box = what.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= FINGER, f"too small for a finger: {what} {box}"
        what.tap()

    def write(self, what: Locator, text: str) -> None:
        self.press(what)
        what.fill(text)


Hand = Mouse | Keys | Finger


def log_in(hand: Hand, url: str, who: str) -> None:
    page = hand.page
    page.goto(url)
    hand.write(page.get_by_label("帳號"), who)
    hand.write(page.get_by_label("密碼"), "only-for-tests")
    hand.press(page.get_by_role("button", name="登入", exact=True))
    expect(page.locator(".kp-pop--who")).to_be_visible()


def prove(hand: Hand, number: int, document: str, day: str) -> None:
    """The document behind one of the inputs."""
    proof = hand.page.locator(f"#e-{number}")
    hand.press(proof.locator("summary"))
    hand.write(proof.get_by_label("文號", exact=True), document)
    hand.write(proof.get_by_label("發文日期"), day)
    hand.press(proof.get_by_role("button", name="附上", exact=True))
    expect(hand.page.locator(f"#e-{number}")).to_contain_text(document)


def send(hand: Hand, title: str) -> None:
    page = hand.page
    hand.press(page.get_by_role("button", name="核對並送出"))
    expect(page.get_by_role("heading", level=1)).to_have_text(f"核對：{title}")
    hand.press(page.get_by_role("button", name="確認送出"))
    expect(page.get_by_role("heading", level=1)).to_have_text(f"已送出「{title}」")
