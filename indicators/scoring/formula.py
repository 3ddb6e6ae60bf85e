"""The formula language: what clerks write in reports, read, worked out exactly and printed.

`parse` reads a text, `Formula.evaluate` works it out, `Formula.with_values` prints it with
its values. Rules and examples: README.md, "Formulas". The parts: tokens.py (words), tree.py,
parser.py (with its faults.py), evaluation.py (with its amounts.py).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from indicators.scoring.amounts import Amounts, Impossible
from indicators.scoring.evaluation import evaluate
from indicators.scoring.parser import Listing, Parser
from indicators.scoring.rounding import grouped
from indicators.scoring.tokens import FormulaError, Kind, Token, tokenize
from indicators.scoring.tree import ARITY, Call, Chain, Node, Number, canonical
from indicators.scoring.types import Input

__all__ = ["Formula", "FormulaError", "Impossible", "is_scaled_by_100", "parse"]


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that has been read. Two are equal if their sources are.

    `symbols` are the names it uses, in the order of their first use. `str(formula)` is its
    canonical form: half-width, no blanks, only needed parentheses; it reads as the same tree.
    """

    source: str
    symbols: tuple[str, ...]
    tree: Node = field(compare=False, repr=False)
    _tokens: tuple[Token, ...] = field(compare=False, repr=False)
    _listings: tuple[Listing, ...] = field(compare=False, repr=False)

    def __str__(self) -> str:
        return canonical(self.tree)

    def evaluate(self, inputs: Mapping[str, Input]) -> Fraction:
        """The exact result, in the unit that the inputs give it (a ratio is not yet a percent).

        `inputs` by symbol. Raises `Impossible`: a division by zero, AVERAGE, MIN or MAX of
        nothing, a computed number of decimals that ROUND lacks, a value that is not there,
        or numbers beyond 16,384 bits.
        """
        return evaluate(self.tree, inputs)

    def with_values(self, inputs: Mapping[str, Input]) -> str:
        """The formula with its values for names: `(65-59)/59*100%`, without "= result".

        Blanks go, full-width forms become half-width, × ÷ and parentheses stay. `SUM(list)`
        and a bare list print as the sum, a list in another aggregate as its rows' values.
        Raises `Impossible` for a value that is not there.
        """
        amounts = Amounts(inputs)
        listings = {listing.start: listing for listing in self._listings}
        printed = []
        index = 0
        while index < len(self._tokens):
            listing = listings.get(index)
            rows = amounts.rows(listing.symbol) if listing else None
            if listing is None or rows is None:
                printed.append(_printed(self._tokens[index], amounts))
                index += 1
            else:
                printed.append(grouped(rows.total) if listing.is_sum else rows.printed())
                index = listing.end
        return "".join(printed)


def parse(source: str, symbols: Collection[str] | None = None) -> Formula:
    """Read a formula; with `symbols`, a name that is not among them is a mistake.

    Raises `FormulaError`, and nothing else whatever the text, with the position.
    """
    tokens = tokenize(source)
    parser = Parser(tokens, symbols)
    tree = parser.parse()
    return Formula(source, _names(tokens), tree, tokens, tuple(parser.listings))


def is_scaled_by_100(formula: Formula) -> bool:
    """Whether the formula ends in a multiplication by the plain number 100 (`…*100`).

    With unit % the result is a ratio and is multiplied by 100 anyway: 8,707 % for 87.07 %.
    `…*100%` is no such mistake. A ROUND around the whole is looked into.
    """
    tree = formula.tree
    while isinstance(tree, Call) and tree.function == "ROUND":
        tree = tree.arguments[0]
    if not isinstance(tree, Chain):
        return False
    operator, last = tree.rest[-1]
    return operator == "*" and isinstance(last, Number) and last.value == 100


def _names(tokens: tuple[Token, ...]) -> tuple[str, ...]:
    names = (token.text for token in tokens if token.kind is Kind.NAME)
    return tuple(dict.fromkeys(name for name in names if name not in ARITY))


def _printed(token: Token, amounts: Amounts) -> str:
    if token.kind is Kind.NAME and token.text not in ARITY:
        return grouped(amounts.number(token.text))
    return token.text
