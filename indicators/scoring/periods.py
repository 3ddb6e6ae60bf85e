"""Months and quarters of a ROC year: how many, from when to when, and what they are called."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from enum import StrEnum
from fractions import Fraction

from indicators.scoring.types import Sentence, gettext_noop

ROC_OFFSET = 1911


class Period(StrEnum):
    """How often an indicator's values are entered within its year; NONE: once a year."""

    NONE = ""
    MONTH = "month"
    QUARTER = "quarter"

    @property
    def in_year(self) -> int:
        """Periods in a year; 0 for none."""
        return {Period.MONTH: 12, Period.QUARTER: 4}.get(self, 0)


def period_end(year: int, kind: Period, period: int) -> date:
    """The last day of a period (from 1) of a ROC year."""
    month = period * 12 // kind.in_year
    return date(year + ROC_OFFSET, month, monthrange(year + ROC_OFFSET, month)[1])


def period_start(year: int, kind: Period, period: int) -> date:
    return date(year + ROC_OFFSET, (period - 1) * 12 // kind.in_year + 1, 1)


def begun_periods(year: int, kind: Period, today: date) -> int:
    """How many periods have begun by `today`: those that can have a value."""
    return sum(period_start(year, kind, n) <= today for n in range(1, kind.in_year + 1))


def elapsed_periods(year: int, kind: Period, today: date) -> int:
    """How many periods are over at the end of `today`: those that should have a value."""
    return sum(period_end(year, kind, n) <= today for n in range(1, kind.in_year + 1))


def same_period(period: int, kind: Period, other: Period) -> int | None:
    """The period of the other kind that ends on the same day; None if there is none."""
    if not (kind.in_year and other.in_year):
        return None
    scaled = Fraction(period * other.in_year, kind.in_year)
    return scaled.numerator if scaled.denominator == 1 else None


def period_label(kind: Period, period: int) -> Sentence:
    """`3 月` or `第 3 季`."""
    return Sentence(LABELS[kind], {"number": period})


LABELS = {
    Period.MONTH: gettext_noop("%(number)s 月"),
    Period.QUARTER: gettext_noop("第 %(number)s 季"),
}
