"""What a formula's tree comes to with the values of its inputs: exact fractions.

Conditions are carried as 1 and 0; the parser has made sure that none is used as a number.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from indicators.scoring.amounts import Amounts, Impossible, Rows, bounded
from indicators.scoring.faults import MAX_PLACES
from indicators.scoring.rounding import scaled
from indicators.scoring.tokens import shown
from indicators.scoring.tree import (
    AGGREGATES,
    Call,
    Chain,
    Comparison,
    Name,
    Node,
    Number,
    Sign,
    canonical,
    run,
)
from indicators.scoring.types import Input, gettext_noop

Steps = Generator[Any, Fraction, Fraction]

_COMPARE: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def evaluate(tree: Node, inputs: Mapping[str, Input]) -> Fraction:
    """The exact result. Raises `Impossible`."""
    return run(_Evaluation(Amounts(inputs)).number(tree))


class _Evaluation:
    def __init__(self, amounts: Amounts) -> None:
        self._amounts = amounts
        self._functions: dict[str, Callable[[tuple[Node, ...]], Steps]] = {
            "IF": self._if,
            "AND": self._and,
            "OR": self._or,
            "ROUND": self._round,
            "FLOOR": self._floor,
            "CEIL": self._ceil,
            "ABS": self._abs,
        }

    def number(self, node: Node) -> Steps:
        """The node's number; of a condition 1 or 0."""
        match node:
            case Number():
                return node.value
            case Name(symbol=symbol):
                return bounded(Fraction(self._amounts.number(symbol)))
            case Sign(operator=sign, operand=operand):
                value = yield self.number(operand)
                return -value if sign == "-" else value
            case Chain():
                return (yield self._chain(node))
            case Comparison(left=left, operator=compare, right=right):
                before = yield self.number(left)
                after = yield self.number(right)
                return Fraction(_COMPARE[compare](before, after))
            case Call(function=function, arguments=arguments):
                if function in AGGREGATES:
                    return (yield self._aggregate(function, arguments))
                return (yield self._functions[function](arguments))

    def _chain(self, chain: Chain) -> Steps:
        value = yield self.number(chain.first)
        for sign, operand in chain.rest:
            other = yield self.number(operand)
            value = bounded(_apply(value, sign, other, operand))
        return value

    def _if(self, arguments: tuple[Node, ...]) -> Steps:
        condition, then, otherwise = arguments
        holds = yield self.number(condition)
        return (yield self.number(then if holds else otherwise))

    def _and(self, arguments: tuple[Node, ...]) -> Steps:
        for condition in arguments:
            if not (yield self.number(condition)):
                return Fraction(0)
        return Fraction(1)

    def _or(self, arguments: tuple[Node, ...]) -> Steps:
        for condition in arguments:
            if (yield self.number(condition)):
                return Fraction(1)
        return Fraction(0)

    def _round(self, arguments: tuple[Node, ...]) -> Steps:
        value = yield self.number(arguments[0])
        places = Fraction(0)
        if len(arguments) == 2:
            places = yield self.number(arguments[1])
        if places not in range(MAX_PLACES + 1):
            raise Impossible(
                gettext_noop("無法計算：ROUND 的小數位數要是 0 到 %(limit)s 的整數，請檢查公式。"),
                limit=MAX_PLACES,
            )
        return Fraction(scaled(value, int(places)), 10 ** int(places))

    def _floor(self, arguments: tuple[Node, ...]) -> Steps:
        value = yield self.number(arguments[0])
        return Fraction(math.floor(value))

    def _ceil(self, arguments: tuple[Node, ...]) -> Steps:
        value = yield self.number(arguments[0])
        return Fraction(math.ceil(value))

    def _abs(self, arguments: tuple[Node, ...]) -> Steps:
        value = yield self.number(arguments[0])
        return abs(value)

    def _aggregate(self, function: str, arguments: tuple[Node, ...]) -> Steps:
        parts = []
        for argument in arguments:
            rows = self._amounts.rows(argument.symbol) if isinstance(argument, Name) else None
            if rows is None:
                value = yield self.number(argument)
                parts.append(_Part(1, value, value, value))
            elif rows.values:
                parts.append(_Part.of(rows))
        if not parts and function not in {"SUM", "COUNT"}:
            raise Impossible(
                gettext_noop("無法計算：%(function)s 沒有任何一列資料可用，請先填報各列。"),
                function=function,
            )
        return _AGGREGATE[function](parts)


@dataclass(frozen=True, slots=True)
class _Part:
    """What an aggregate needs to know of one argument: a number, or a list's figures."""

    count: int
    total: Fraction
    smallest: Fraction
    largest: Fraction

    @classmethod
    def of(cls, rows: Rows) -> _Part:
        return cls(
            len(rows.values),
            bounded(Fraction(rows.total)),
            bounded(Fraction(rows.smallest)),
            bounded(Fraction(rows.largest)),
        )


def _sum(parts: list[_Part]) -> Fraction:
    total = Fraction(0)
    for part in parts:
        total = bounded(total + part.total)
    return total


def _count(parts: list[_Part]) -> Fraction:
    return Fraction(sum(part.count for part in parts))


_AGGREGATE: dict[str, Callable[[list[_Part]], Fraction]] = {
    "SUM": _sum,
    "COUNT": _count,
    "AVERAGE": lambda parts: bounded(_sum(parts) / _count(parts)),
    "MIN": lambda parts: min(part.smallest for part in parts),
    "MAX": lambda parts: max(part.largest for part in parts),
}


def _apply(left: Fraction, sign: str, right: Fraction, operand: Node) -> Fraction:
    """One step of a chain; `operand` is how `right` was written."""
    if sign == "+":
        return left + right
    if sign == "-":
        return left - right
    if sign == "*":
        return left * right
    if not right:
        raise Impossible(
            gettext_noop("無法計算：除數「%(divisor)s」等於 0，請檢查公式與基礎資料。"),
            divisor=shown(canonical(operand)),
        )
    return left / right
