"""The share that a row's part is of its whole, for tables of both."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from indicators.entries import TypedTable
from indicators.entry_checks import quotient
from indicators.scorecards.scored import ScoredIndicator
from indicators.scorecards.steps import NOT_REPORTED
from indicators.scoring.rounding import exact_sum, rounded
from indicators.scoring.types import Input

PLACES = 1


class Shares:
    """The quotient of a formula that is a plain share, row by row where both are lists."""

    def __init__(self, item: ScoredIndicator) -> None:
        pair = quotient(item.spec)
        is_lists = pair is not None and None not in (pair[0].rows, pair[1].rows)
        self.pair = pair if is_lists else None
        symbols = [given.symbol for given in item.spec.inputs]
        self.numbers = {symbols.index(given.symbol) for given in self.pair or ()}

    def fits(self, table: TypedTable) -> bool:
        return self.pair is not None and self.numbers <= set(table.inputs)

    def row(self, place: int) -> str:
        columns = [given.rows or () for given in self.pair or ()]
        if any(place >= len(column) for column in columns):
            return NOT_REPORTED
        return _share(*(column[place].value for column in columns))

    def total(self) -> str:
        part, whole = self.pair or (None, None)
        if part is None or whole is None:
            return NOT_REPORTED
        sums = [_sum(given) for given in (part, whole)]
        return _share(*sums)


def _sum(given: Input) -> Decimal | None:
    values = [row.value for row in given.rows or ()]
    if not values or None in values:
        return None
    return exact_sum(value for value in values if value is not None)


def _share(part: Decimal | None, whole: Decimal | None) -> str:
    if part is None or not whole:
        return NOT_REPORTED
    return f"{rounded(Fraction(part) / Fraction(whole) * 100, PLACES):.1f}"
