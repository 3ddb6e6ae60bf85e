"""Lines over time: a chart with axes and labels, and the small line of a table's cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from indicators.scoring.rounding import grouped, rounded

Values = Sequence[Decimal | None]

HEIGHT, TOP, BOTTOM, LEFT = 240, 16, 196, 64  # the plot lies between; labels stand outside
END = 112  # the room right of the plot, for the lines' names
LABEL = 21  # between the base lines of two labels
TICKS = 5  # grid lines at most
STEPS = (1, 2, 5, 10, 20, 50)

SPARK_LEFT, SPARK_RIGHT, SPARK_TOP, SPARK_BOTTOM = 4, 94, 4, 22


@dataclass(frozen=True, slots=True)
class Series:
    """One line. `kind` is how it is drawn: actual, target, path, earlier, forecast.

    None is a missing value: the line has a gap there. No name: none is written at its end.
    """

    name: str
    kind: str
    values: tuple[Decimal | None, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """A range between two lines, such as a forecast's; drawn where both have a value."""

    low: tuple[Decimal | None, ...]
    high: tuple[Decimal | None, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A place with a label, or a dot without one."""

    x: str
    y: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """`pieces`: the points of each part without a gap; `end`: where its name stands."""

    kind: str
    pieces: tuple[str, ...]
    dots: tuple[Mark, ...]
    end: Mark | None


@dataclass(frozen=True, slots=True)
class LineChart:
    """`grid` from the lowest line up; `ticks` below it; `band`: points of a polygon, or ""."""

    width: int
    height: int
    left: int
    right: int
    bottom: int
    grid: tuple[Mark, ...]
    ticks: tuple[Mark, ...]
    lines: tuple[Line, ...]
    band: str


@dataclass(frozen=True, slots=True)
class Spark:
    """A line without axes, 98 by 26. `end` is the last value, `missing` where it is not there."""

    pieces: tuple[str, ...]
    end: Mark | None
    missing: str


def line_chart(
    labels: Sequence[str], series: Sequence[Series], *, band: Band | None = None, width: int = 520
) -> LineChart:
    """The chart of series that have a value or None for each label, from left to right."""
    scale = _Scale.over(_known(series, band), len(labels), LEFT, width - END)
    return LineChart(
        width=width,
        height=HEIGHT,
        left=LEFT,
        right=width - END,
        bottom=BOTTOM,
        grid=tuple(Mark("", _px(scale.y(Fraction(tick))), grouped(tick)) for tick in scale.ticks),
        ticks=tuple(_ticks(labels, scale)),
        lines=_named(series, scale, width - END + 10),
        band=_band(band, scale) if band else "",
    )


def spark(values: Values) -> Spark:
    """The values of several years or months from left to right, in their own range."""
    known = [value for value in values if value is not None]
    low, high = (min(known), max(known)) if known else (Decimal(0), Decimal(0))
    scale = _Scale(
        len(values), SPARK_LEFT, SPARK_RIGHT, SPARK_TOP, SPARK_BOTTOM, Fraction(low), Fraction(high)
    )
    here = [(n, value) for n, value in enumerate(values) if value is not None]
    missing = _px(scale.x(len(values) - 1)) if values and values[-1] is None else ""
    return Spark(tuple(_pieces(values, scale)), scale.at(*here[-1]) if here else None, missing)


def _known(series: Sequence[Series], band: Band | None) -> list[Decimal]:
    lines = [one.values for one in series] + ([band.low, band.high] if band else [])
    return [value for line in lines for value in line if value is not None]


@dataclass(frozen=True, slots=True)
class _Scale:
    """Numbers to places on the sheet; `low` to `high` stand from bottom to top."""

    count: int
    left: int
    right: int
    top: int
    bottom: int
    low: Fraction
    high: Fraction
    ticks: tuple[Decimal, ...] = ()

    @classmethod
    def over(cls, values: Sequence[Decimal], count: int, left: int, right: int) -> _Scale:
        ticks = _nice(min(values), max(values)) if values else (Decimal(0), Decimal(1))
        low, high = Fraction(ticks[0]), Fraction(ticks[-1])
        return cls(count, left, right, TOP, BOTTOM, low, high, ticks)

    def x(self, place: int) -> Fraction:
        if self.count < 2:
            return Fraction(self.left + self.right, 2)
        return self.left + Fraction(place * (self.right - self.left), self.count - 1)

    def y(self, value: Fraction) -> Fraction:
        """A line whose values are all the same lies in the middle."""
        if self.high == self.low:
            return Fraction(self.top + self.bottom, 2)
        share = (value - self.low) / (self.high - self.low)
        return self.bottom - share * (self.bottom - self.top)

    def at(self, place: int, value: Decimal) -> Mark:
        return Mark(_px(self.x(place)), _px(self.y(Fraction(value))))


def _nice(low: Decimal, high: Decimal) -> tuple[Decimal, ...]:
    """Grid values at steps of 1, 2 or 5 times a power of ten, around both ends."""
    bottom, top = Fraction(low), Fraction(high)
    if bottom == top:
        bottom, top = bottom - 1, top + 1
    span = top - bottom
    power = Fraction(10) ** (len(str(int(span))) - 1) if span >= 1 else Fraction(1, 10)
    while span < power:
        power /= 10
    power /= 10
    for size in STEPS:
        step = power * size
        first, last = bottom // step, -(-top // step)
        if last - first < TICKS:
            break
    return tuple(_decimal(step * n) for n in range(int(first), int(last) + 1))


def _decimal(value: Fraction) -> Decimal:
    """Exactly: a multiple of 1, 2 or 5 times a power of ten."""
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
    return rounded(value, places)


def _ticks(labels: Sequence[str], scale: _Scale) -> Iterator[Mark]:
    """Every label where there is room, else the first, the last and some between."""
    every = -(-len(labels) // 6)
    last = len(labels) - 1
    for place, label in enumerate(labels):
        is_between = place % every == 0 and last - place >= every
        if is_between or place in (0, last):
            yield Mark(_px(scale.x(place)), str(BOTTOM + 26), label)


def _named(series: Sequence[Series], scale: _Scale, x: int) -> tuple[Line, ...]:
    """The lines, their names at their ends and none on another."""
    order = sorted(
        (last[1], number)
        for number, one in enumerate(series)
        if one.name and (last := _last(one.values, scale)) is not None
    )
    places = _apart([y + 6 for y, _number in order])
    ends = {
        number: Mark(str(x), _px(y), series[number].name)
        for y, (_last_y, number) in zip(places, order, strict=True)
    }
    return tuple(
        Line(
            one.kind,
            tuple(_pieces(one.values, scale)),
            tuple(scale.at(n, value) for n, value in enumerate(one.values) if value is not None),
            ends.get(number),
        )
        for number, one in enumerate(series)
    )


def _apart(places: Sequence[Fraction]) -> list[Fraction]:
    """From the top down a label's height from each other at least, and above the ticks' labels."""
    apart: list[Fraction] = []
    for y in places:
        apart.append(max(y, apart[-1] + LABEL) if apart else y)
    lowest = Fraction(BOTTOM + 6)
    for number in reversed(range(len(apart))):
        apart[number] = min(apart[number], lowest)
        lowest = apart[number] - LABEL
    return apart


def _last(values: Values, scale: _Scale) -> tuple[int, Fraction] | None:
    known = [(n, value) for n, value in enumerate(values) if value is not None]
    return (known[-1][0], scale.y(Fraction(known[-1][1]))) if known else None


def _pieces(values: Values, scale: _Scale) -> Iterator[str]:
    """The parts of two values or more between gaps."""
    piece: list[Mark] = []
    for place, value in enumerate((*values, None)):
        if value is not None:
            piece.append(scale.at(place, value))
            continue
        if len(piece) > 1:
            yield " ".join(f"{mark.x},{mark.y}" for mark in piece)
        piece = []


def _band(band: Band, scale: _Scale) -> str:
    both = [
        (place, low, high)
        for place, (low, high) in enumerate(zip(band.low, band.high, strict=True))
        if low is not None and high is not None
    ]
    there = [scale.at(place, high) for place, _low, high in both]
    back = [scale.at(place, low) for place, low, _high in reversed(both)]
    return " ".join(f"{mark.x},{mark.y}" for mark in there + back)


def _px(value: Fraction) -> str:
    return f"{float(value):.1f}"
