"""The inputs' values as a formula uses them, and the bound on all numbers."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, DecimalException
from fractions import Fraction
from functools import cached_property

from indicators.scoring.rounding import exact_sum, grouped
from indicators.scoring.tokens import shown
from indicators.scoring.types import Input, Sentence, gettext_noop

MAX_BITS = 16_384  # of a numerator or denominator on the way
MAX_PRINTED_ROWS = 1_000  # of a list, in a calculation that prints


class Impossible(ArithmeticError):
    """A formula that can be read but has no result with these values; `sentence` says why."""

    def __init__(self, template: str, **params: object) -> None:
        self.sentence = Sentence(template, params)
        super().__init__(str(self.sentence))


class Rows:
    """The values of a list input; each of its figures is worked out once."""

    def __init__(self, values: tuple[Decimal, ...]) -> None:
        self.values = values

    @cached_property
    def total(self) -> Decimal:
        """The sum; 0 without rows."""
        try:
            return exact_sum(self.values)
        except DecimalException:
            raise _too_large() from None

    def printed(self) -> str:
        """The values with commas between; of a list over 1,000 the first and the last."""
        values = self.values
        if len(values) > MAX_PRINTED_ROWS:
            return f"{grouped(values[0])},…,{grouped(values[-1])}"
        return ",".join(map(grouped, values))

    @cached_property
    def smallest(self) -> Decimal:
        """The least value; there must be one."""
        return min(self.values)

    @cached_property
    def largest(self) -> Decimal:
        """The greatest value; there must be one."""
        return max(self.values)


class Amounts:
    """The inputs' values as formulas use them: a number, or a list that is read once."""

    def __init__(self, inputs: Mapping[str, Input]) -> None:
        self._inputs = inputs
        self._lists: dict[str, Rows] = {}

    def rows(self, symbol: str) -> Rows | None:
        """The list of that name; None where it is a single number. Raises `Impossible`."""
        if symbol not in self._lists:
            given = self._input(symbol)
            if given.rows is None:
                return None
            values = tuple(_entered(symbol, row.value) for row in given.rows)
            self._lists[symbol] = Rows(values)
        return self._lists[symbol]

    def number(self, symbol: str) -> Decimal:
        """The value of that name, of a list its sum. Raises `Impossible`."""
        rows = self.rows(symbol)
        if rows is None:
            rows = Rows((_entered(symbol, self._input(symbol).value),))
        return rows.total

    def _input(self, symbol: str) -> Input:
        if symbol not in self._inputs:
            raise Impossible(
                gettext_noop("無法計算：基礎資料沒有「%(name)s」，請先新增這項基礎資料。"),
                name=shown(symbol),
            )
        return self._inputs[symbol]


def _entered(symbol: str, value: Decimal | None) -> Decimal:
    if value is None or not value.is_finite():
        raise Impossible(
            gettext_noop("無法計算：「%(name)s」尚未填報，請先填報。"),
            name=shown(symbol),
        )
    return value


def _too_large() -> Impossible:
    return Impossible(gettext_noop("無法計算：計算過程中的數字過大，請檢查公式與基礎資料。"))


def bounded(value: Fraction) -> Fraction:
    """The value itself. Raises `Impossible` beyond 16,384 bits, so that work stays bounded."""
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > MAX_BITS:
        raise _too_large()
    return value
