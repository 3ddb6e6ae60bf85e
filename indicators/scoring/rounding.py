"""The one rounding of a result, and how numbers print. Exact for any number of digits.

`Decimal`'s operators round to their context's 28 digits without a word, so nothing here
uses them outside a context that refuses to round. Rules: README.md, "Rounding and printing".
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow, Subnormal
from fractions import Fraction

# About 16,384 bits. Whatever would need more digits raises instead of being rounded.
_EXACT = Context(
    prec=5000,
    Emax=5000,
    Emin=-5000,
    traps=[Inexact, InvalidOperation, Overflow, Subnormal],
)


def scaled(value: Fraction, places: int) -> int:
    """`value` × 10^places, rounded half away from zero to an integer. `places` is 0 or more."""
    numerator: int = abs(value.numerator) * 10**places
    whole = (2 * numerator + value.denominator) // (2 * value.denominator)
    return -whole if value < 0 else whole


def rounded(value: Fraction | Decimal, places: int) -> Decimal:
    """Round half away from zero: 7.95 → 8.0, -0.5 → -1; never -0.

    `places` decimals, 0 or more; the result carries exactly that many.
    """
    digits = Decimal(scaled(Fraction(value), places)).as_tuple()
    return Decimal((digits.sign, digits.digits, -places))


def exact_sum(values: Iterable[Decimal]) -> Decimal:
    """The sum without any rounding, also of a million values or of 30-digit ones.

    Raises a `decimal.DecimalException` where the sum would need over 5,000 digits.
    """
    total = Decimal(0)
    add = _EXACT.add
    for value in values:
        total = add(total, value)
    return total


def difference(later: Decimal, earlier: Decimal) -> Decimal:
    """later − earlier without any rounding: a minus sign of Python's would keep 28 digits."""
    return exact_sum([later, earlier.copy_negate()])


def plain(value: Decimal) -> str:
    """Plain notation without trailing zeros: "87", "10.2", "1", "0"; never "-0" or "1E+3"."""
    return _without_trailing_zeros(format(value, "f"))


def grouped(value: Decimal) -> str:
    """As `plain`, with thousands separators in the integer part: "436,898,000", "-1,234.5"."""
    return _without_trailing_zeros(format(value, ",f"))


def two_places(value: Fraction) -> str:
    """Exactly two decimals, rounded half away from zero: "15.00", "-0.13", never "-0.00"."""
    return format(rounded(value, 2), "f")


def _without_trailing_zeros(text: str) -> str:
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
