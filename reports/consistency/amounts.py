"""Numbers as they stand in a text: their value, their printed precision, what looks like them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from indicators.scoring.rounding import grouped, plain, rounded

DIGITS = r"(?:[1-9]\d{0,2}(?:,\d{3}){1,9}|0|[1-9]\d{0,29})(?:\.\d{1,20})?"
SCALES = {"百萬": 6, "千萬": 7, "萬": 4, "億": 8, "千": 3, "仟": 3}
SCALE = "百萬|千萬|[萬億千仟]"
_SWALLOWED = 4  # digits from which a number with one digit too few or too many looks alike


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as it is written: `10.2%`, `1,586`, `3.5萬`."""

    digits: str
    percent: bool = False
    scale: int = 0  # power of ten of 萬, 億 …
    unit: str = ""

    @property
    def number(self) -> Decimal:
        return Decimal(self.digits.replace(",", ""))

    @property
    def key(self) -> str:
        """The number without separators and trailing zeros: equal numbers have equal keys."""
        return plain(self.number)

    @property
    def places(self) -> int:
        return len(self.digits.partition(".")[2])

    def __str__(self) -> str:
        names = {power: name for name, power in SCALES.items() if name != "仟"}
        return self.digits + names.get(self.scale, "") + ("%" if self.percent else "")


def is_rounded(exact: Fraction, number: Decimal, places: int) -> bool:
    """Whether `number`, printed with `places` decimals, is what `exact` rounds to.

    A value exactly in the middle may have been rounded to either side.
    """
    return abs(exact - Fraction(number)) <= Fraction(1, 2 * 10**places)


def is_cut(exact: Fraction, number: Decimal, places: int) -> bool:
    """Whether `number` is `exact` with its further decimals dropped, or taken up by one."""
    scaled = exact * 10**places
    return Fraction(number) * 10**places in {math.floor(scaled), math.ceil(scaled)}


def shown(exact: Fraction, places: int) -> str:
    return grouped(rounded(exact, places))


def look_alikes(amount: Amount) -> Iterator[str]:
    """Keys one slip of the finger away: a digit changed, two swapped, one lost or doubled.

    As written, `12.0` is one slip from `10.2`.
    """
    written = amount.digits.replace(",", "").lstrip("-")
    whole, point, decimals = written.partition(".")
    digits = whole + decimals
    if len(digits) < 2:
        return
    found = {amount.key}
    for slip, shift in _slips(digits, len(digits) >= _SWALLOWED):
        place = len(whole) + shift
        candidate = slip[:place] + point + slip[place:]
        if re.fullmatch(DIGITS, candidate) and (key := plain(Decimal(candidate))) not in found:
            found.add(key)
            yield key


def _slips(digits: str, may_lose: bool) -> Iterator[tuple[str, int]]:
    """The digits with a slip, and by how much the point moves to the right."""
    for index, digit in enumerate(digits):
        before, after = digits[:index], digits[index + 1 :]
        if after:
            yield before + after[0] + digit + after[1:], 0
        for other in "0123456789":
            yield before + other + after, 0
            if may_lose:
                yield before + other + digit + after, 1
        if may_lose:
            yield before + after, -1
    if may_lose:
        yield from ((digits + other, 1) for other in "0123456789")
