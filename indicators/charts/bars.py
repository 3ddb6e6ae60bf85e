"""Bars: an actual against its target, and points earned, lost and winnable."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

BULLET_FULL = 150  # the axis ends at 150 % of the target
BULLET_TARGET = 100


class BulletKind(StrEnum):
    """What a bullet shows: a bar, a bar cut at its end, a missing actual, or nothing at all."""

    BAR = "bar"
    OVER = "over"
    MISSING = "missing"
    NONE = "none"  # against a target of 0 there is no share to draw


@dataclass(frozen=True, slots=True)
class Bullet:
    """An actual beside its target; `width` in percent of the target, 0 to 150."""

    kind: BulletKind
    width: str = "0"


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a points bar, in points."""

    name: str  # earned, lost, win
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class PointsBar:
    """Points earned, lost and still winnable end to end; `full` is the bar's whole length."""

    full: str
    segments: tuple[Segment, ...]


def bullet(actual: Decimal | None, target: Decimal) -> Bullet:
    """The actual as a share of the target, from 0 to 150 %; what is below 0 is drawn at 0."""
    if actual is None:
        return Bullet(BulletKind.MISSING)
    if target == 0:
        return Bullet(BulletKind.NONE)
    share = 100 * Fraction(actual) / Fraction(target)
    if share > BULLET_FULL:
        return Bullet(BulletKind.OVER, _length(Fraction(BULLET_FULL)))
    return Bullet(BulletKind.BAR, _length(max(share, Fraction(0))))


def bullet_mark(value: Decimal | None, target: Decimal) -> str:
    """Where another value, such as last year's, stands on a bullet: 0 to 150; empty for none."""
    found = bullet(value, target)
    return "" if value is None or found.kind is BulletKind.NONE else found.width


def points_bar(earned: Fraction, lost: Fraction, winnable: Fraction) -> PointsBar:
    """The three kinds of points in their fixed order; a kind without points is left out."""
    start = Fraction(0)
    segments = []
    for name, points in (("earned", earned), ("lost", lost), ("win", winnable)):
        if points > 0:
            segments.append(Segment(name, _length(start), _length(points)))
        start += points
    return PointsBar(_length(start), tuple(segments))


def _length(value: Fraction) -> str:
    return f"{float(value):.2f}"
