"""The line of an indicator through its year, with its path, last year's and what is ahead."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from indicators.charts import Band, LineChart, Series, line_chart
from indicators.scorecards.interim_progress import Progress
from indicators.scoring.forecast import Forecast
from indicators.scoring.rounding import grouped, rounded

if TYPE_CHECKING:
    from indicators.scorecards.interim_page import Line

WIDE, NARROW = 520, 352  # the second on a telephone


def chart_of(
    labels: Sequence[str], lines: Sequence[Line], found: Progress | None, width: int
) -> LineChart | None:
    if found is None or found.as_of is None:
        return None
    series = [
        Series(gettext("今年"), "actual", tuple(line.actual for line in lines)),
        Series(gettext("目標路徑"), "path", tuple(line.path for line in lines)),
    ]
    if any(line.earlier is not None for line in lines):
        series.append(Series(gettext("去年"), "earlier", tuple(line.earlier for line in lines)))
    ahead, band = found.forecast, None
    if ahead is not None and found.result is not None and found.result.actual is not None:
        low, expected, high = _ahead(found.result.actual, found.as_of, found.periods, ahead)
        series.append(Series(gettext("預測"), "forecast", expected))
        band = Band(low, high)
    return line_chart(labels, series, band=band, width=width)


def _ahead(
    now: Decimal, as_of: int, periods: int, ahead: Forecast
) -> tuple[tuple[Decimal | None, ...], ...]:
    """Straight from where things stand to the year's end: what lies between is only drawn."""

    def to(end: Decimal) -> tuple[Decimal | None, ...]:
        step = (Fraction(end) - Fraction(now)) / (periods - as_of)
        drawn = (rounded(Fraction(now) + step * n, 6) for n in range(periods - as_of + 1))
        return (*[None] * (as_of - 1), *drawn)

    return to(ahead.low), to(ahead.expected), to(ahead.high)


def chart_words(found: Progress | None) -> str:
    if found is None or found.result is None or found.result.actual is None or found.label is None:
        return ""
    said = {
        "period": gettext(found.label.template) % found.label.params,
        "actual": grouped(found.result.actual),
        "path": grouped(found.path or Decimal(0)),
    }
    words = gettext("%(period)s底實際 %(actual)s，目標路徑 %(path)s。") % said
    if found.forecast is not None:
        words += gettext("預測年底 %(expected)s。") % {"expected": grouped(found.forecast.expected)}
    return words
