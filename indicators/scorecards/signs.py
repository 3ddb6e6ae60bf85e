"""Differences with their sign: `＋3`, `−0.5`, `±0`."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from indicators.scoring.rounding import grouped, rounded, two_places

SAME = "±0"


def signed(change: Decimal) -> str:
    if change == 0:
        return SAME
    return ("＋" if change > 0 else "−") + grouped(change.copy_abs())


def points_change(before: Fraction, after: Fraction) -> str:
    """Between points as printed, with two decimals: what a reader gets who subtracts them."""
    change = rounded(after, 2) - rounded(before, 2)
    if change == 0:
        return SAME
    return ("＋" if change > 0 else "−") + two_places(abs(Fraction(change)))
