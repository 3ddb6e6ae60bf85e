"""Bytes to a JSON tree, bounded and strict; the only error is `DocumentError`."""

from __future__ import annotations

import errno
import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from indicators.scoring.types import Sentence, gettext_noop

LARGEST_FILE = 20 * 1024 * 1024
SAFE_INTEGER_DIGITS = 15
SHOWN_LENGTH = 40
REASONS = {
    errno.ENOENT: gettext_noop("找不到這個檔案"),
    errno.EISDIR: gettext_noop("這是資料夾"),
    errno.EACCES: gettext_noop("沒有讀取的權限"),
}


def shown(text: str) -> str:
    """Somebody's text in a fault: short and on one line."""
    cut = text if len(text) <= SHOWN_LENGTH else text[:SHOWN_LENGTH] + "…"
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in cut)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong and where: `place` is a JSON path such as `$.perspectives[0].name`."""

    place: str
    sentence: Sentence

    def __str__(self) -> str:
        return f"{self.place}：{self.sentence}"


class DocumentError(ValueError):
    """A document that can't be used, with every fault found in it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


class JsonObject(dict[str, object]):
    """An object that remembers the keys that it was given more than once."""

    __slots__ = ("repeated",)

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        self.repeated: tuple[str, ...] = ()
        if len(self) != len(pairs):
            times = Counter(key for key, _ in pairs)
            self.repeated = tuple(key for key, count in times.items() if count > 1)


@dataclass(frozen=True, slots=True)
class OtherNumber:
    """A JSON number that no key of a document takes: a fraction, NaN, or a huge integer."""

    text: str


def read_file(path: str) -> bytes:
    """A file's bytes, at most `LARGEST_FILE` of them."""
    try:
        with open(path, "rb", opener=_open_at_once) as file:
            os.set_blocking(file.fileno(), True)
            data = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        raise _error(_reason(error), place=shown(path)) from error
    if len(data) > LARGEST_FILE:
        raise _error(gettext_noop("檔案超過 20 MB，請分拆或刪減。"))
    return data


def _open_at_once(path: str, flags: int) -> int:
    """A named pipe that nobody writes to is empty instead of waiting for ever."""
    return os.open(path, flags | os.O_NONBLOCK)


def _reason(error: OSError | ValueError) -> Sentence:
    number = getattr(error, "errno", None)
    reason = REASONS.get(number) if number else None
    words = Sentence(reason) if reason else getattr(error, "strerror", None) or str(error)
    return Sentence(gettext_noop("讀不到檔案（%(reason)s）。"), {"reason": words})


def parse(data: bytes) -> object:
    """The JSON tree of UTF-8 bytes; integers up to 15 digits are int, other numbers OtherNumber."""
    text = _decode(data)
    if not text.strip():
        raise _error(gettext_noop("檔案是空的。"))
    try:
        return json.loads(
            text,
            object_pairs_hook=JsonObject,
            parse_int=_integer,
            parse_float=OtherNumber,
            parse_constant=OtherNumber,
        )
    except json.JSONDecodeError as error:
        sentence = Sentence(
            gettext_noop("不是有效的 JSON：第 %(line)s 行第 %(column)s 字附近看不懂。"),
            {"line": error.lineno, "column": error.colno},
        )
        raise _error(sentence) from error
    except RecursionError as error:
        raise _error(gettext_noop("JSON 的層次太深。")) from error


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        sentence = Sentence(
            gettext_noop("檔案不是 UTF-8 編碼（第 %(byte)s 個位元組起），請另存為 UTF-8。"),
            {"byte": error.start + 1},
        )
        raise _error(sentence) from error


def _integer(text: str) -> int | OtherNumber:
    return int(text) if len(text) <= SAFE_INTEGER_DIGITS else OtherNumber(text)


def _error(sentence: Sentence | str, place: str = "$") -> DocumentError:
    return DocumentError([Fault(place, _sentence(sentence))])


def _sentence(sentence: Sentence | str) -> Sentence:
    return sentence if isinstance(sentence, Sentence) else Sentence(sentence)
