"""The formula's tree, how it prints, and how it is walked without deep recursion."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

AGGREGATES = frozenset({"SUM", "AVERAGE", "COUNT", "MIN", "MAX"})
CONNECTIVES = frozenset({"AND", "OR"})
# function → the least and the most arguments it takes; None is no limit
ARITY: dict[str, tuple[int, int | None]] = {
    "SUM": (1, None),
    "AVERAGE": (1, None),
    "COUNT": (1, None),
    "MIN": (1, None),
    "MAX": (1, None),
    "ROUND": (1, 2),
    "FLOOR": (1, 1),
    "CEIL": (1, 1),
    "ABS": (1, 1),
    "IF": (3, 3),
    "AND": (1, None),
    "OR": (1, None),
}
ADDITIVE = frozenset("+-")
MULTIPLICATIVE = frozenset("*/")
COMPARISONS = frozenset({"=", "<>", "<", "<=", ">", ">="})


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written in half-width digits; with `percent`, a hundredth of it."""

    text: str
    percent: bool = False

    @property
    def value(self) -> Fraction:
        """The exact number."""
        return Fraction(self.text) / (100 if self.percent else 1)


@dataclass(frozen=True, slots=True)
class Name:
    """An input's symbol."""

    symbol: str


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign before its operand: "-" or "+"."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Chain:
    """Operands joined by operators of one rank (+ - or * /), worked from left to right.

    Flat, so that a thousand terms are no deeper than two.
    """

    first: Node
    rest: tuple[tuple[str, Node], ...]

    @property
    def is_sum(self) -> bool:
        """Whether the operators are + and - rather than * and /."""
        return self.rest[0][0] in ADDITIVE


@dataclass(frozen=True, slots=True)
class Comparison:
    """A condition: two numbers compared."""

    left: Node
    operator: str
    right: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments; AND and OR are conditions, the others numbers."""

    function: str
    arguments: tuple[Node, ...]


Node = Number | Name | Sign | Chain | Comparison | Call
T = TypeVar("T")


def is_condition(node: Node) -> bool:
    """Whether the node says yes or no rather than being a number."""
    match node:
        case Comparison():
            return True
        case Call(function=function):
            return function in CONNECTIVES
    return False


def run(steps: Generator[Any, T, T]) -> T:
    """Run a generator that yields further generators and is sent what those return.

    Where a recursive function would call itself, a step yields: the depth of a formula
    is then the length of a list here, and Python's recursion limit is out of reach.
    """
    stack = [steps]
    value: Any = None
    while stack:
        try:
            child = stack[-1].send(value)
        except StopIteration as done:
            stack.pop()
            value = done.value
        else:
            stack.append(child)
            value = None
    result: T = value
    return result


def canonical(node: Node) -> str:
    """The formula's one way to be written: half-width, no blanks, only needed parentheses."""
    return run(_text(node))


Text = Generator[Any, str, str]


def _text(node: Node) -> Text:
    match node:
        case Number(text=text, percent=percent):
            return text + "%" * percent
        case Name(symbol=symbol):
            return symbol
        case Sign(operator=operator, operand=operand):
            inner = yield _operand_text(operand, parenthesised=isinstance(operand, Chain))
            return operator + inner
        case Chain():
            return (yield _chain_text(node))
        case Comparison(left=left, operator=operator, right=right):
            before = yield _text(left)
            after = yield _text(right)
            return before + operator + after
        case Call(function=function, arguments=arguments):
            texts = []
            for argument in arguments:
                texts.append((yield _text(argument)))
            return f"{function}({','.join(texts)})"


def _chain_text(chain: Chain) -> Text:
    parts = []
    for operator, operand in (("", chain.first), *chain.rest):
        parenthesised = isinstance(operand, Chain) and (operand.is_sum or not chain.is_sum)
        text = yield _operand_text(operand, parenthesised=parenthesised)
        parts.append(operator + text)
    return "".join(parts)


def _operand_text(node: Node, *, parenthesised: bool) -> Text:
    text = yield _text(node)
    return f"({text})" if parenthesised else text
