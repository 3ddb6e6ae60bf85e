"""Typed look at a JSON tree: each question either gets its answer or leaves a fault.

A `Node` is one place of the tree, there or absent. A value that isn't what was asked for is
written down as a fault and a harmless stand-in is returned, so that one reading finds every
fault; what is absent gives the stand-in without a fault, so that one mistake is told once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import TypeVar

from indicators.interchange.json_tree import Fault, JsonObject, shown
from indicators.scoring.types import Sentence, gettext_noop

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
NUMBER_DIGITS = 30
TITLE_LENGTH = 200
TEXT_LENGTH = 100_000
MOST_FAULTS = 10_000
PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Control characters, and halves of a surrogate pair, which are no characters at all.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
INVISIBLE = {"Cf", "Zl", "Zp", "Zs"}
T = TypeVar("T")


class TooManyFaults(Exception):
    """So many that nobody reads on; it also bounds the work on a hostile document."""


@dataclass(slots=True)
class Reading:
    """What one reading has found: its faults, and the names that may be given only once."""

    faults: list[Fault] = field(default_factory=list)
    given: set[tuple[str, str]] = field(default_factory=set)


class _Absent:
    """The value of a member that is not there."""


ABSENT = _Absent()


@dataclass(frozen=True, slots=True)
class Node:
    """One place of the document."""

    value: object
    place: str
    reading: Reading

    def fault(self, template: str, **params: object) -> None:
        self.add(Sentence(template, params))

    def add(self, sentence: Sentence) -> None:
        if len(self.reading.faults) == MOST_FAULTS:
            raise TooManyFaults
        self.reading.faults.append(Fault(self.place, sentence))

    # Structure -----------------------------------------------------------------------------

    @property
    def is_absent(self) -> bool:
        return self.value is ABSENT

    @property
    def is_list(self) -> bool:
        return isinstance(self.value, list)

    def as_absent(self) -> Node:
        return replace(self, value=ABSENT)

    def unless_null(self) -> Node:
        """For the few members that may be null: not entered, the same as absent."""
        return self.as_absent() if self.value is None else self

    def fields(self, required: Collection[str], optional: Collection[str] = ()) -> dict[str, Node]:
        """An object's members by key, absent ones too; missing, unknown, repeated are faults."""
        known = [*required, *optional]
        if not isinstance(self.value, JsonObject):
            if not self.is_absent:
                self.fault(gettext_noop("這裡應該是物件 {…}。"))
            return {key: self._member(key, ABSENT) for key in known}
        for key in required:
            if key not in self.value:
                self.fault(gettext_noop("缺少「%(key)s」。"), key=key)
        for key in self.value:
            if key not in known:
                unknown = self._member(key, None)
                unknown.fault(gettext_noop("不認得「%(key)s」這個鍵。"), key=shown(key))
        for key in self.value.repeated:
            self._member(key, None).fault(gettext_noop("「%(key)s」出現不只一次。"), key=shown(key))
        return {key: self._member(key, self.value.get(key, ABSENT)) for key in known}

    def items(self) -> Iterator[Node]:
        if isinstance(self.value, list):
            for index, value in enumerate(self.value):
                yield Node(value, f"{self.place}[{index}]", self.reading)
        elif not self.is_absent:
            self.fault(gettext_noop("這裡應該是清單 […]。"))

    def each(self, read: Callable[[Node], T]) -> tuple[T, ...]:
        return tuple(read(item) for item in self.items())

    def claim(self, scope: str, name: str, template: str) -> None:
        """`name` may be given only once in `scope`; an empty one is a fault already."""
        if name and (scope, name) in self.reading.given:
            self.fault(template, name=shown(name))
        self.reading.given.add((scope, name))

    def _member(self, key: str, value: object) -> Node:
        quoted = shown(key).replace("'", "\\'")
        step = f".{key}" if PLAIN_KEY.fullmatch(key) and key == shown(key) else f"['{quoted}']"
        return Node(value, self.place + step, self.reading)

    # Values --------------------------------------------------------------------------------

    def number(self) -> Decimal | None:
        """An exact decimal written as a string; None if it isn't one."""
        if self.is_absent:
            return None
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
        if type(self.value) is int and low <= self.value <= high:  # True is an int too
            return self.value
        if not self.is_absent:
            self.fault(gettext_noop("這裡應該是 %(low)s 至 %(high)s 的整數。"), low=low, high=high)
        return low

    def boolean(self) -> bool | None:
        if isinstance(self.value, bool):
            return self.value
        if not self.is_absent:
            self.fault(gettext_noop("這裡應該是 true 或 false。"))
        return None

    def choice(self, options: Collection[str]) -> str:
        """One of the options; empty if it is none."""
        if isinstance(self.value, str) and self.value in options:
            return self.value
        if not self.is_absent:
            self.fault(gettext_noop("這裡只能是 %(options)s。"), options="、".join(options))
        return ""

    def day(self) -> date:
        if isinstance(self.value, str) and DAY.fullmatch(self.value):
            try:
                return date.fromisoformat(self.value)
            except ValueError:
                pass
        if not self.is_absent:
            self.fault(gettext_noop('這裡應該是日期，例如 "2019-06-30"。'))
        return date.min

    def text(self, longest: int = TEXT_LENGTH) -> str:
        """A text that may be empty: no control characters but line breaks and tabs."""
        if self.is_absent:
            return ""
        if not isinstance(self.value, str):
            self.fault(gettext_noop("這裡應該是文字。"))
        elif len(self.value) > longest:
            self.fault(gettext_noop("文字超過 %(longest)s 字。"), longest=longest)
        elif bad := FORBIDDEN.search(self.value):
            code = f"{ord(bad[0]):04X}"
            self.fault(gettext_noop("文字含有控制字元 U+%(code)s，請刪除。"), code=code)
        else:
            return self.value
        return ""

    def title(self) -> str:
        """A text of at most 200 characters that may be empty."""
        return self.text(TITLE_LENGTH)

    def name(self, *, may_be_empty: bool = False) -> str:
        """A title that can be seen."""
        value = self.title()
        if value == self.value and is_blank(value) and (value or not may_be_empty):
            self.fault(gettext_noop("名稱不可空白。"))
            return ""
        return value

    def matching(self, pattern: str, what: str) -> str:
        """A text of that form; empty if it isn't."""
        if isinstance(self.value, str) and re.fullmatch(pattern, self.value):
            return self.value
        if not self.is_absent:
            self.fault(what)
        return ""


def is_blank(text: str) -> bool:
    """Whether nothing of it would be seen: spaces, line breaks, zero-width characters."""
    return all(c.isspace() or unicodedata.category(c) in INVISIBLE for c in text)
