from decimal import Decimal
from fractions import Fraction

import pytest

from indicators.charts import Bullet, BulletKind, PointsBar, Segment, bullet, points_bar


@pytest.mark.parametrize(
    ("actual", "target", "kind", "width"),
    [
        ("10.2", "8", BulletKind.BAR, "127.50"),
        ("87", "83", BulletKind.BAR, "104.82"),
        ("9.3", "11.5", BulletKind.BAR, "80.87"),
        ("12", "8", BulletKind.BAR, "150.00"),
        ("12.1", "8", BulletKind.OVER, "150.00"),
        ("0", "8", BulletKind.BAR, "0.00"),
        ("-5", "8", BulletKind.BAR, "0.00"),
        ("-5", "-8", BulletKind.BAR, "62.50"),
        ("5", "0", BulletKind.NONE, "0"),
        ("0", "0", BulletKind.NONE, "0"),
        (None, "8", BulletKind.MISSING, "0"),
        (None, "0", BulletKind.MISSING, "0"),
    ],
)
def test_bullet_is_the_actual_as_a_share_of_the_target(actual, target, kind, width):
    given = None if actual is None else Decimal(actual)
    assert bullet(given, Decimal(target)) == Bullet(kind, width)


def test_bullet_of_a_huge_actual_is_cut_at_its_end():
    assert bullet(Decimal("9" * 30), Decimal("0.000001")) == Bullet(BulletKind.OVER, "150.00")


def test_points_bar_lays_earned_lost_and_winnable_end_to_end():
    assert points_bar(Fraction("57.5"), Fraction("7.5"), Fraction(35)) == PointsBar(
        "100.00",
        (
            Segment("earned", "0.00", "57.50"),
            Segment("lost", "57.50", "7.50"),
            Segment("win", "65.00", "35.00"),
        ),
    )


def test_points_bar_leaves_out_what_has_no_points():
    assert points_bar(Fraction(0), Fraction(0), Fraction(100)) == PointsBar(
        "100.00", (Segment("win", "0.00", "100.00"),)
    )


def test_points_bar_of_an_empty_plan_has_no_segments():
    assert points_bar(Fraction(0), Fraction(0), Fraction(0)) == PointsBar("0.00", ())
