"""Arithmetic written out in a text: `(65-59)/59*100%=10.2%`, found in one pass and worked out.

What only looks like arithmetic (dates, ranges, telephone numbers, codes, formulas of words)
never becomes a `Statement` that is checked: docs/consistency.md lists the cases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from indicators.scoring.formula import FormulaError, Impossible, parse
from indicators.scoring.tokens import MAX_LENGTH
from reports.consistency.amounts import DIGITS, SCALE, SCALES, Amount

UNIT = (
    "人次|場次|班次|件次|車次|公斤|公噸|公里|公尺|小時|學分|[人件元次場班案名員項篇則張冊輛戶家所份"
    "台臺座棟筆組團隊種個位株處床本部間期國梯分天度]"
)
_TOKEN = re.compile(
    rf"(?P<number>(?<![A-Za-z_.\d第#$])(?<!\d:){DIGITS}(?![\dA-Za-z_]|\.\d|:\d|,\d{{3}}))"
    rf"(?P<scale>{SCALE})?(?P<unit>{UNIT})?(?P<percent>%)?"
    r"|(?P<operator>[-+*/×÷])|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<equal>[=≒≈≅])",
    re.ASCII,
)
_SPOILS_AFTER = frozenset("%^|~～:<>‰±#")
_SPOILS_BEFORE = frozenset("|^~～±√△▲<>#")
_MAY_PRECEDE_MINUS = frozenset("，。；;、:：「")
_OPEN, _CLOSE = {"[": "(", "{": "("}, {"]": ")", "}": ")"}
_LONGEST_TERM = 30
_TERM = re.compile(r"[-+*/×÷][^\W\d]+$")
_SLOGAN = "1+1"


@dataclass(frozen=True, slots=True)
class Token:
    kind: str  # number, operator, sign, open, close, equal
    text: str
    start: int
    end: int
    amount: Amount | None = None


@dataclass(slots=True)
class Run:
    """Tokens that follow each other as in arithmetic, with nothing else between."""

    tokens: list[Token] = field(default_factory=list)
    starts_inside: bool = False  # its first term stands before it, in words


@dataclass(frozen=True, slots=True)
class Side:
    """One side of an equation: an expression or a number."""

    tokens: tuple[Token, ...]

    @property
    def operands(self) -> tuple[Amount, ...]:
        return tuple(token.amount for token in self.tokens if token.amount)

    @property
    def has_operator(self) -> bool:
        return any(token.kind == "operator" for token in self.tokens)

    @property
    def operators(self) -> set[str]:
        signs = {token.text for token in self.tokens if token.kind == "operator"}
        return {{"×": "*", "÷": "/"}.get(sign, sign) for sign in signs}

    @property
    def stated(self) -> Amount | None:
        """The number that this side is, with its sign; None for an expression."""
        if self.has_operator or len(self.operands) != 1:
            return None
        amount = self.operands[0]
        minus = any(token.kind == "sign" for token in self.tokens)
        return Amount(("-" if minus else "") + amount.digits, amount.percent, amount.scale)

    def __str__(self) -> str:
        return "".join(token.text for token in self.tokens)

    @property
    def shape(self) -> str:
        """Its signs with N for numbers; multiplying by 100% changes nothing and is left out."""
        text = "".join(_shape_of(token) for token in self.tokens)
        return text.removesuffix("*H")

    def source(self) -> str:
        """As the formula language reads it."""
        return "".join(_source_of(token) for token in self.tokens)

    def value(self) -> Fraction | None:
        """What it comes to; None for what cannot be worked out."""
        source = self.source()
        return _value(source) if len(source) <= MAX_LENGTH else None


@dataclass(frozen=True, slots=True)
class Statement:
    """Arithmetic as written; a side of None is one that continues in words."""

    start: int
    end: int
    text: str
    sides: tuple[Side | None, ...]
    about: bool  # some of its equals signs mean "about"

    def expressions(self) -> Iterator[Side]:
        for side in self.sides:
            if side and side.has_operator:
                yield side


def _shape_of(token: Token) -> str:
    if token.amount is None:
        return {"×": "*", "÷": "/"}.get(token.text, _half_bracket(token.text))
    if not token.amount.percent:
        return "N"
    return "H" if token.amount.key == "100" else f"{token.amount.key}%"


def _source_of(token: Token) -> str:
    if token.amount is None:
        return _half_bracket(token.text)
    number = token.amount.number.scaleb(token.amount.scale)
    return f"{number:f}" + ("%" if token.amount.percent else "")


def _half_bracket(text: str) -> str:
    return _OPEN.get(text, _CLOSE.get(text, text))


@lru_cache(maxsize=8192)
def _value(source: str) -> Fraction | None:
    try:
        return parse(source, ()).evaluate({})
    except (FormulaError, Impossible):
        return None


# Reading -----------------------------------------------------------------------------------------


def tokens_in(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        amount = None
        if match["number"]:
            kind = "number"
            scale = SCALES.get(match["scale"] or "", 0)
            amount = Amount(match["number"], bool(match["percent"]), scale, match["unit"] or "")
        yield Token(kind, match[0], match.start(), match.end(), amount)


def statements_in(text: str, tokens: Iterable[Token]) -> list[Statement]:
    """Every run of the text's tokens that has an operator or an equals sign."""
    found = (_statement(run, text) for run in _runs(text, tokens))
    return [statement for statement in found if statement]


def _runs(text: str, tokens: Iterable[Token]) -> Iterator[Run]:
    run = Run()
    for token in tokens:
        last = run.tokens[-1] if run.tokens else None
        if last is None or last.end != token.start or not _may_follow(last.kind, token):
            yield run
            run, last = Run(), None
        if last is None and token.kind == "close":
            continue
        if token.text == "-" and _is_sign(last, token.start, text):
            token = Token("sign", token.text, token.start, token.end)
        if last is None:
            run.starts_inside = token.kind in {"operator", "equal"}
        run.tokens.append(token)
    yield run


def _may_follow(last: str, token: Token) -> bool:
    if token.kind in {"number", "open"}:
        return last not in {"number", "close"}
    if token.text == "-" and last in {"open", "equal"}:
        return True
    return last in {"number", "close"}


def _is_sign(last: Token | None, start: int, text: str) -> bool:
    if last is None:
        return start == 0 or text[start - 1] in _MAY_PRECEDE_MINUS
    return last.kind in {"open", "equal"}


def _statement(run: Run, text: str) -> Statement | None:
    tokens = run.tokens
    if not any(token.kind in {"operator", "equal"} for token in tokens):
        return None
    start, end = tokens[0].start, tokens[-1].end
    if end - start > MAX_LENGTH:
        return Statement(start, end, text[start:end], (None,), about=False)
    parts = _split(tokens)
    sides = [_side(part) for part in parts]
    if run.starts_inside or _continues_words(text, start):
        sides[0] = None
    if text[end : end + 1] in _SPOILS_AFTER:
        sides[-1] = None
    about = any(token.kind == "equal" and token.text != "=" for token in tokens)
    return Statement(start, end, text[start:end], tuple(sides), about)


def _continues_words(text: str, start: int) -> bool:
    """Whether the first number belongs to a term in words: `…/上年志工59人*100%`."""
    before = text[max(0, start - _LONGEST_TERM) : start]
    return before[-1:] in _SPOILS_BEFORE or bool(_TERM.search(before))


def _split(tokens: list[Token]) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind == "equal":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _side(tokens: list[Token]) -> Side | None:
    """An expression without the brackets around the whole statement; None for half of one."""
    pairs = _pairs(tokens)
    first, last = 0, len(tokens)
    while first < last and tokens[first].kind == "open" and first not in pairs:
        first += 1
    while last > first and tokens[last - 1].kind == "close" and last - 1 not in pairs:
        last -= 1
    while first < last and tokens[first].kind == "open" and pairs.get(first) == last - 1:
        first, last = first + 1, last - 1
    inner = tokens[first:last]
    if not inner or inner[-1].kind in {"operator", "sign", "open"}:
        return None
    if any(_is_bracket(t) and first + i not in pairs for i, t in enumerate(inner)):
        return None
    return Side(tuple(inner))


def _is_bracket(token: Token) -> bool:
    return token.kind in {"open", "close"}


def _pairs(tokens: list[Token]) -> dict[int, int]:
    """The brackets that have a partner, each with it."""
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for index, token in enumerate(tokens):
        if token.kind == "open":
            opened.append(index)
        elif token.kind == "close" and opened:
            pairs[index] = opened.pop()
            pairs[pairs[index]] = index
    return pairs


# Which runs are arithmetic -----------------------------------------------------------------------


def is_arithmetic(statement: Statement) -> bool:
    """Whether a statement is a calculation rather than a date, a range, a dimension, a code."""
    expressions = list(statement.expressions())
    if not expressions or _refers_to_columns(statement) or statement.text.startswith(_SLOGAN):
        return False
    if len([side for side in statement.sides if side]) > 1:
        return not _counts_days(statement)
    return any(_is_calculation(side) for side in expressions)


def _is_calculation(side: Side) -> bool:
    """Without a result: only what mixes multiplying with brackets, percent or another sign."""
    if not side.operators & {"*", "/"} or not any(not one.percent for one in side.operands):
        return False
    has_percent = any(one.percent for one in side.operands) and "*" in side.operators
    return has_percent or (_has_brackets(side) and len(side.operands) > 2)


def _has_brackets(side: Side) -> bool:
    """Brackets around more than one number."""
    kinds = [token.kind for token in side.tokens]
    return any(
        kind == "open" and kinds[index + 1 : index + 3] == ["number", "operator"]
        for index, kind in enumerate(kinds)
    )


def _refers_to_columns(statement: Statement) -> bool:
    """`(3)=(1)-(2)`: numbers of columns, each in its own brackets."""
    bare, count = re.subn(r"[(\[]\d{1,2}[)\]]", "", statement.text)
    return count > 0 and not re.search(r"\d", bare.replace("100%", ""))


def _counts_days(statement: Statement) -> bool:
    """`11/5-11/2=3天`: days of a calendar."""
    return bool(re.fullmatch(r"\(?\d{1,2}/\d{1,2}-\d{1,2}/\d{1,2}=\d+天?\)?", statement.text))
