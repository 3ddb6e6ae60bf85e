"""Words become a tree: precedence, the kinds of arguments, and a sentence for every mistake.

From loosest to tightest: one comparison; + and -; * and /; signs; a number, name, function
or parenthesis. The methods that read a part are generators for `tree.run`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator
from dataclasses import dataclass
from typing import Any

from indicators.scoring.faults import (
    check_argument,
    check_arity,
    need_number,
    no_operand,
    unexpected,
    unknown_function,
    unknown_name,
)
from indicators.scoring.tokens import FormulaError, Kind, Token
from indicators.scoring.tree import (
    ADDITIVE,
    AGGREGATES,
    ARITY,
    COMPARISONS,
    MULTIPLICATIVE,
    Call,
    Chain,
    Comparison,
    Name,
    Node,
    Number,
    Sign,
    run,
)
from indicators.scoring.types import gettext_noop

MAX_DEPTH = 100  # parentheses, functions and signs inside each other

Steps = Generator[Any, Node, Node]


@dataclass(frozen=True, slots=True)
class Listing:
    """Where a name is an aggregate's whole argument: tokens `start` up to `end`.

    With `is_sum` the tokens are those of the whole `SUM(name)`.
    """

    start: int
    end: int
    symbol: str
    is_sum: bool


class Parser:
    """Reads one formula's tokens. `symbols` None lets any name pass."""

    def __init__(self, tokens: tuple[Token, ...], symbols: Collection[str] | None) -> None:
        self._tokens = tokens
        self._symbols = symbols if symbols is None else frozenset(symbols)
        self._index = 0
        self._depth = 0
        self.listings: list[Listing] = []

    def parse(self) -> Node:
        """The whole formula's tree. Raises `FormulaError`."""
        start = self._next
        if start.kind is Kind.END:
            raise FormulaError(gettext_noop("第 %(position)s 個字元：公式是空的，請填寫公式。"), 1)
        node = run(self._expression())
        if self._next.kind is not Kind.END:
            raise unexpected(self._next)
        need_number(node, start)
        return node

    @property
    def _next(self) -> Token:
        return self._tokens[self._index]

    def _take(self) -> Token:
        token = self._next
        self._index += 1
        return token

    def _enter(self, token: Token) -> None:
        """Go one level deeper, because of `token`."""
        if self._depth == MAX_DEPTH:
            raise FormulaError(
                gettext_noop(
                    "第 %(position)s 個字元：括號、函數與正負號的層數超過 %(limit)s 層，"
                    "請簡化公式。"
                ),
                token.position,
                limit=MAX_DEPTH,
            )
        self._depth += 1

    def _expression(self) -> Steps:
        start = self._next
        left = yield self._sum()
        if self._next.operator not in COMPARISONS:
            return left
        need_number(left, start)
        operator = self._take().operator
        start = self._next
        right = yield self._sum()
        need_number(right, start)
        if self._next.operator in COMPARISONS:
            raise FormulaError(
                gettext_noop("第 %(position)s 個字元：比較不能連寫，請分成兩個比較放進 AND( , )。"),
                self._next.position,
            )
        return Comparison(left, operator, right)

    def _sum(self) -> Steps:
        return self._chain(ADDITIVE, self._product)

    def _product(self) -> Steps:
        return self._chain(MULTIPLICATIVE, self._signed)

    def _chain(self, operators: frozenset[str], operand: Callable[[], Steps]) -> Steps:
        start = self._next
        first = yield operand()
        rest = []
        while self._next.operator in operators:
            need_number(first, start)
            operator = self._take().operator
            start = self._next
            node = yield operand()
            need_number(node, start)
            rest.append((operator, node))
        return Chain(first, tuple(rest)) if rest else first

    def _signed(self) -> Steps:
        if self._next.operator not in ADDITIVE:
            return (yield self._primary())
        sign = self._take()
        self._enter(sign)
        start = self._next
        operand = yield self._signed()
        need_number(operand, start)
        self._depth -= 1
        return Sign(sign.operator, operand)

    def _primary(self) -> Steps:
        token = self._next
        if token.kind is Kind.NUMBER:
            return self._number()
        if token.kind is Kind.NAME:
            if token.text in ARITY:
                return (yield self._call())
            return self._name()
        if token.text == "(":
            return (yield self._group())
        raise no_operand(token)

    def _number(self) -> Number:
        text = self._take().text
        if self._next.text != "%":
            return Number(text)
        self._take()
        return Number(text, percent=True)

    def _name(self) -> Name:
        token = self._take()
        if self._next.text == "(":
            raise unknown_function(token)
        if self._symbols is not None and token.text not in self._symbols:
            raise unknown_name(token, self._symbols)
        return Name(token.text)

    def _group(self) -> Steps:
        opened = self._take()
        self._enter(opened)
        node = yield self._expression()
        self._close(opened)
        return node

    def _close(self, opened: Token) -> None:
        if self._next.text != ")":
            raise unexpected(self._next, opened)
        self._take()
        self._depth -= 1

    def _call(self) -> Steps:
        begin = self._index
        name = self._take()
        opened = self._take_opening(name)
        arguments: list[Node] = []
        listings = []
        while self._next.text != ")" or arguments:
            start = self._index
            node = yield self._expression()
            check_argument(name.text, len(arguments), node, self._tokens[start])
            arguments.append(node)
            if isinstance(node, Name) and name.text in AGGREGATES:
                listings.append(Listing(start, self._index, node.symbol, is_sum=False))
            if self._next.text != ",":
                break
            self._take()
        self._close(opened)
        check_arity(name, len(arguments))
        if name.text == "SUM" and len(arguments) == len(listings) == 1:
            listings = [Listing(begin, self._index, listings[0].symbol, is_sum=True)]
        self.listings += listings
        return Call(name.text, tuple(arguments))

    def _take_opening(self, name: Token) -> Token:
        """The parenthesis behind a function's name."""
        if self._next.text != "(":
            raise FormulaError(
                gettext_noop(
                    "第 %(position)s 個字元：「%(name)s」是函數，後面要有括號，例如 %(name)s(…)；"
                    "基礎資料不能用這個名稱。"
                ),
                name.position,
                name=name.text,
            )
        opened = self._take()
        self._enter(opened)
        return opened
