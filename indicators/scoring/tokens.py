"""The formula language's words: a source text becomes numbers, names and signs.

Full-width forms are read as half-width. Positions count the source's characters from 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from indicators.scoring.types import Sentence, gettext_noop

MAX_LENGTH = 2_000  # characters of a formula
MAX_DIGITS = 30  # digits of a number
_SHOWN = 30  # characters of somebody's text repeated in a sentence

_HALF_WIDTH = {
    "（": "(",
    "）": ")",
    "，": ",",
    "％": "%",
    "＋": "+",
    "－": "-",
    "\u2212": "-",  # the minus sign of word processors
    "＊": "*",
    "／": "/",
    "＝": "=",
    "＜": "<",
    "＞": ">",
    "．": ".",
    "≤": "<=",
    "≦": "<=",
    "≥": ">=",
    "≧": ">=",
    "≠": "<>",
} | {chr(ord("０") + digit): str(digit) for digit in range(10)}
_DIGITS = frozenset("0123456789")
_PAIRS = frozenset({"<=", ">=", "<>"})
_SIGNS = frozenset("+-*/×÷%(),=<>") | _PAIRS


class FormulaError(ValueError):
    """A formula that cannot be read.

    `sentence` says what is wrong, where, and what to do; `str(error)` is that sentence.
    `position` is the place, counted in characters of the source from 1.
    """

    def __init__(self, template: str, position: int, **params: object) -> None:
        self.sentence = Sentence(template, {"position": position, **params})
        self.position = position
        super().__init__(str(self.sentence))


class Kind(Enum):
    """What sort of word a token is."""

    NUMBER = "number"
    NAME = "name"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a formula. `text` is half-width, with × and ÷ as they were written."""

    kind: Kind
    text: str
    position: int

    @property
    def operator(self) -> str:
        """The text, with × and ÷ as * and /."""
        return {"×": "*", "÷": "/"}.get(self.text, self.text)


def shown(text: str) -> str:
    """Somebody's text, safe to repeat in a sentence: shortened, unprintables as U+0000."""
    cut = text[:_SHOWN] + ("…" if len(text) > _SHOWN else "")
    return "".join(c if c.isprintable() else f"U+{ord(c):04X}" for c in cut)


def tokenize(source: str) -> tuple[Token, ...]:
    """The source's words, the last one of kind END. Raises `FormulaError`."""
    _check_length(source)
    tokens = []
    index = 0
    while index < len(source):
        if source[index].isspace():
            index += 1
            continue
        token, index = _read(source, index)
        tokens.append(token)
    tokens.append(Token(Kind.END, "", len(source) + 1))
    return tuple(tokens)


def _check_length(source: str) -> None:
    if len(source) > MAX_LENGTH:
        raise FormulaError(
            gettext_noop(
                "第 %(position)s 個字元：公式最多 %(limit)s 個字元，這個公式有 %(length)s 個字元。"
                "請縮短公式，或先把部分計算結果列為基礎資料。"
            ),
            MAX_LENGTH + 1,
            limit=f"{MAX_LENGTH:,}",
            length=f"{len(source):,}",
        )


def _half(source: str, index: int) -> str:
    """The half-width form of the character at `index`; empty past the end."""
    character = source[index : index + 1]
    return _HALF_WIDTH.get(character, character)


def _read(source: str, index: int) -> tuple[Token, int]:
    """The token that starts at `index`, and the index behind it."""
    character = _half(source, index)
    if character in _DIGITS:
        return _read_number(source, index)
    if character.isidentifier():
        return _read_name(source, index)
    pair = character + _half(source, index + 1)
    if len(character) == 1 and pair in _PAIRS:
        return Token(Kind.SIGN, pair, index + 1), index + 2
    if character in _SIGNS:
        return Token(Kind.SIGN, character, index + 1), index + 1
    if character == ".":
        raise _bad_point(index)
    raise FormulaError(
        gettext_noop(
            "第 %(position)s 個字元：公式不能使用「%(text)s」。"
            "請改用 + - * / ( ) %% = <> < <= > >= 等符號。"
        ),
        index + 1,
        text=shown(source[index]),
    )


def _digits_end(source: str, index: int) -> int:
    while _half(source, index) in _DIGITS:
        index += 1
    return index


def _read_number(source: str, start: int) -> tuple[Token, int]:
    end = _digits_end(source, start)
    if _half(source, end) == ".":
        point, end = end, _digits_end(source, end + 1)
        if end == point + 1:
            raise _bad_point(point)
    text = "".join(_half(source, index) for index in range(start, end))
    if len(text.replace(".", "")) > MAX_DIGITS:
        raise FormulaError(
            gettext_noop("第 %(position)s 個字元：一個數字最多 %(limit)s 位，請縮短。"),
            start + 1,
            limit=MAX_DIGITS,
        )
    if _continues_name(source, end):
        raise FormulaError(
            gettext_noop(
                "第 %(position)s 個字元：名稱不能以數字開頭（「%(text)s」）。"
                "請改名稱；若是相乘，請在中間加上「*」。"
            ),
            start + 1,
            text=shown(source[start : _name_end(source, end)]),
        )
    return Token(Kind.NUMBER, text, start + 1), end


def _bad_point(index: int) -> FormulaError:
    return FormulaError(
        gettext_noop("第 %(position)s 個字元：小數點的前後都要有數字，例如 0.5。"),
        index + 1,
    )


def _continues_name(source: str, index: int) -> bool:
    return index < len(source) and ("_" + source[index]).isidentifier()


def _name_end(source: str, index: int) -> int:
    while _continues_name(source, index):
        index += 1
    return index


def _read_name(source: str, start: int) -> tuple[Token, int]:
    end = _name_end(source, start + 1)
    return Token(Kind.NAME, source[start:end], start + 1), end
