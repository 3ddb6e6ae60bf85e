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
    """An actual beside its target; `width` in percent of the target, 0 to 150.

    `earlier`: where last year's actual stands on the same axis, or empty.
    """

    kind: BulletKind
    width: str = "0"
    earlier: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a points bar, in points."""

    name: str  # earned, lost, open, win
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class PointsBar:
    """Points earned, lost for good, lost but still open, and winnable, end to end.

    `full` is the bar's whole length.
    """

    full: str
    segments: tuple[Segment, ...]


def bullet(actual: Decimal | None, target: Decimal, earlier: Decimal | None = None) -> Bullet:
    """The actual as a share of the target, from 0 to 150 %; what is below 0 is drawn at 0.

    `earlier` is last year's actual; what lies beyond the axis is not marked.
    """
    if target == 0:
        return Bullet(BulletKind.MISSING if actual is None else BulletKind.NONE)
    mark = "" if earlier is None else _mark(_share(earlier, target))
    if actual is None:
        return Bullet(BulletKind.MISSING, earlier=mark)
    share = _share(actual, target)
    if share > BULLET_FULL:
        return Bullet(BulletKind.OVER, _length(Fraction(BULLET_FULL)), mark)
    return Bullet(BulletKind.BAR, _length(max(share, Fraction(0))), mark)


def _share(value: Decimal, target: Decimal) -> Fraction:
    return 100 * Fraction(value) / Fraction(target)


def _mark(share: Fraction) -> str:
    return _length(share) if 0 <= share <= BULLET_FULL else ""


def points_bar(
    earned: Fraction, lost: Fraction, winnable: Fraction, open_lost: Fraction = Fraction(0)
) -> PointsBar:
    """The kinds of points in their fixed order; a kind without points is left out.

    `open_lost` is what of `lost` can still change.
    """
    kinds = (
        ("earned", earned),
        ("lost", lost - open_lost),
        ("open", open_lost),
        ("win", winnable),
    )
    start = Fraction(0)
    segments = []
    for name, points in kinds:
        if points > 0:
            segments.append(Segment(name, _length(start), _length(points)))
        start += points
    return PointsBar(_length(start), tuple(segments))


def _length(value: Fraction) -> str:
    return f"{float(value):.2f}"
