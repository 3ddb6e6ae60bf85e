"""Typed look at a JSON tree: each question either gets its answer or leaves a fault.

A `Node` is one place of the tree. Its methods never raise: a value that isn't what was asked
for is written down in the shared list of faults and a harmless stand-in is returned, so that
one reading finds every fault.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from indicators.interchange.json_tree import Fault, JsonObject
from indicators.scoring.types import Sentence, gettext_noop

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
NUMBER_DIGITS = 30
TITLE_LENGTH = 200
TEXT_LENGTH = 100_000
SHOWN_LENGTH = 40
PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def shown(value: object) -> str:
    """A value in a fault: short and on one line."""
    text = value if isinstance(value, str) else repr(value)
    text = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[: SHOWN_LENGTH + 1])
    return text if len(text) <= SHOWN_LENGTH else text[:SHOWN_LENGTH] + "…"


@dataclass(frozen=True, slots=True)
class Node:
    """One place of the document."""

    value: object
    place: str
    faults: list[Fault]

    def fault(self, template: str, **params: object) -> None:
        self.faults.append(Fault(self.place, Sentence(template, params)))

    # Structure -----------------------------------------------------------------------------

    def fields(self, required: Collection[str], optional: Collection[str] = ()) -> dict[str, Node]:
        """The members of an object by key; missing, unknown and repeated keys are faults."""
        if not isinstance(self.value, JsonObject):
            self.fault(gettext_noop("這裡應該是物件 {…}。"))
            return {}
        members = {key: self._member(key, value) for key, value in self.value.items()}
        for key in required:
            if key not in members:
                self.fault(gettext_noop("缺少「%(key)s」。"), key=key)
        for key in members:
            if key not in required and key not in optional:
                members[key].fault(gettext_noop("不認得「%(key)s」這個鍵。"), key=shown(key))
        for key in self.value.repeated:
            members[key].fault(gettext_noop("「%(key)s」出現不只一次。"), key=shown(key))
        return members

    def items(self) -> Iterator[Node]:
        if not isinstance(self.value, list):
            self.fault(gettext_noop("這裡應該是清單 […]。"))
            return
        for index, value in enumerate(self.value):
            yield Node(value, f"{self.place}[{index}]", self.faults)

    def _member(self, key: str, value: object) -> Node:
        step = f".{key}" if PLAIN_KEY.fullmatch(key) else f"['{shown(key)}']"
        return Node(value, self.place + step, self.faults)

    # Values --------------------------------------------------------------------------------

    @property
    def is_null(self) -> bool:
        return self.value is None

    def number(self) -> Decimal | None:
        """An exact decimal written as a string; None (and a fault) if it isn't one."""
        if not isinstance(self.value, str):
            self.fault(gettext_noop('這裡應該是加引號的數字，例如 "12.5"。'))
        elif not NUMBER.fullmatch(self.value):
            self.fault(
                gettext_noop("「%(value)s」不是數字：只能有負號、數字與一個小數點。"),
                value=shown(self.value),
            )
        elif sum(c.isdigit() for c in self.value) > NUMBER_DIGITS:
            self.fault(gettext_noop("數字超過 30 位。"))
        else:
            return Decimal(self.value)
        return None

    def integer(self, low: int, high: int) -> int:
        if isinstance(self.value, int) and not isinstance(self.value, bool):
            if low <= self.value <= high:
                return self.value
        self.fault(gettext_noop("這裡應該是 %(low)s 至 %(high)s 的整數。"), low=low, high=high)
        return low

    def boolean(self) -> bool:
        if isinstance(self.value, bool):
            return self.value
        self.fault(gettext_noop("這裡應該是 true 或 false。"))
        return False

    def choice(self, options: Collection[str]) -> str:
        if isinstance(self.value, str) and self.value in options:
            return self.value
        self.fault(gettext_noop("這裡只能是 %(options)s。"), options="、".join(options))
        return next(iter(options))

    def day(self) -> date:
        text = self.value if isinstance(self.value, str) else ""
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                pass
        self.fault(gettext_noop('這裡應該是日期，例如 "2019-06-30"。'))
        return date.min

    def text(self, longest: int = TEXT_LENGTH) -> str:
        """A text that may be empty: no control characters but line breaks and tabs."""
        if not isinstance(self.value, str):
            self.fault(gettext_noop("這裡應該是文字。"))
            return ""
        if len(self.value) > longest:
            self.fault(gettext_noop("文字超過 %(longest)s 字。"), longest=longest)
            return ""
        bad = next((c for c in self.value if _is_forbidden(c)), None)
        if bad is not None:
            self.fault(
                gettext_noop("文字含有控制字元 U+%(code)s，請刪除。"),
                code=f"{ord(bad):04X}",
            )
            return ""
        return self.value

    def title(self) -> str:
        """A text of at most 200 characters that may be empty."""
        return self.text(TITLE_LENGTH)

    def name(self) -> str:
        """A title that is not empty."""
        before = len(self.faults)
        value = self.title()
        if len(self.faults) == before and not value.strip():
            self.fault(gettext_noop("名稱不可空白。"))
        return value

    def matching(self, pattern: str, what: str) -> str:
        value = self.value if isinstance(self.value, str) else ""
        if not re.fullmatch(pattern, value):
            self.fault(what)
        return value


def _is_forbidden(character: str) -> bool:
    """Control characters, and halves of a surrogate pair, which are no characters at all."""
    if character in "\n\r\t":
        return False
    return unicodedata.category(character) in {"Cc", "Cs"}
