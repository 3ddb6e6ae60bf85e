"""Bytes to a JSON tree, bounded and strict. Whatever the bytes, the only error is `DocumentError`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from indicators.scoring.types import Sentence, gettext_noop

LARGEST_FILE = 20 * 1024 * 1024
SAFE_INTEGER_DIGITS = 15


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


class JsonObject(dict):
    """An object that remembers the keys that it was given more than once."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        self.repeated: list[str] = []
        if len(self) != len(pairs):
            seen: set[str] = set()
            self.repeated = [key for key, _ in pairs if key in seen or seen.add(key)]


@dataclass(frozen=True, slots=True)
class OtherNumber:
    """A JSON number that no key of a document takes: a fraction, NaN, or a huge integer."""

    text: str


def read_file(path: str) -> bytes:
    """A file's bytes, at most `LARGEST_FILE` of them."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _error(gettext_noop("讀不到檔案（%(reason)s）。"), reason=reason) from error
    if len(data) > LARGEST_FILE:
        raise _error(gettext_noop("檔案超過 20 MB，請分拆或刪減。"))
    return data


def parse(data: bytes) -> object:
    """The JSON tree of UTF-8 bytes; integers up to 15 digits are int, other numbers OtherNumber."""
    if not data.strip():
        raise _error(gettext_noop("檔案是空的。"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _error(
            gettext_noop("檔案不是 UTF-8 編碼（第 %(byte)s 個位元組起），請另存為 UTF-8。"),
            byte=error.start + 1,
        ) from error
    try:
        return json.loads(
            text,
            object_pairs_hook=JsonObject,
            parse_int=_integer,
            parse_float=OtherNumber,
            parse_constant=OtherNumber,
        )
    except json.JSONDecodeError as error:
        raise _error(
            gettext_noop("不是有效的 JSON：第 %(line)s 行第 %(column)s 字附近看不懂。"),
            line=error.lineno,
            column=error.colno,
        ) from error
    except RecursionError as error:
        raise _error(gettext_noop("JSON 的層次太深。")) from error


def _integer(text: str) -> int | OtherNumber:
    return int(text) if len(text) <= SAFE_INTEGER_DIGITS else OtherNumber(text)


def _error(template: str, **params: object) -> DocumentError:
    return DocumentError([Fault("$", Sentence(template, params))])
