"""Differences with their sign: `＋3`, `−0.5`, `±0`."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from indicators.scoring.rounding import grouped, rounded, two_places

SAME = "±0"


def signed(change: Decimal) -> str:
    if change == 0:
        return SAME
    return ("＋" if change > 0 else "−") + grouped(abs(rounded(change, 6)))


def signed_points(change: Fraction) -> str:
    """To two decimals; what rounds to nothing has its sign all the same."""
    if change == 0:
        return SAME
    return ("＋" if change > 0 else "−") + two_places(abs(change))
