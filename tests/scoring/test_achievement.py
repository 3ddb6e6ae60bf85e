"""One actual against one target, worked by hand."""

from decimal import Decimal
from fractions import Fraction

import pytest

from indicators.scoring.achievement import TargetError, achievement, meets
from indicators.scoring.types import Direction, LowerPolicy

HIGHER, LOWER, EQUAL = Direction.HIGHER, Direction.LOWER, Direction.EQUAL
LINEAR, RATIO = LowerPolicy.LINEAR, LowerPolicy.RATIO
LONG = "123456789012345678901234567890"


@pytest.mark.parametrize(
    ("direction", "policy", "actual", "target", "held", "uncapped"),
    [
        (HIGHER, LINEAR, "87", "83", "100", "8700/83"),
        (HIGHER, LINEAR, "83", "83", "100", "100"),
        (HIGHER, LINEAR, "41.5", "83", "50", "50"),
        (HIGHER, LINEAR, "0", "83", "0", "0"),
        (HIGHER, LINEAR, "-5", "80", "0", "-25/4"),
        (HIGHER, RATIO, "41.5", "83", "50", "50"),
        (LOWER, LINEAR, "107", "120", "100", "665/6"),
        (LOWER, LINEAR, "120", "120", "100", "100"),
        (LOWER, LINEAR, "9", "8", "87.5", "87.5"),
        (LOWER, LINEAR, "132", "120", "90", "90"),
        (LOWER, LINEAR, "240", "120", "0", "0"),
        (LOWER, LINEAR, "300", "120", "0", "-50"),
        (LOWER, LINEAR, "4.88", "32", "100", "184.75"),
        (LOWER, LINEAR, "0", "32", "100", "200"),
        (LOWER, LINEAR, "-32", "32", "100", "300"),
        (LOWER, RATIO, "9", "8", "800/9", "800/9"),
        (LOWER, RATIO, "132", "120", "1000/11", "1000/11"),
        (LOWER, RATIO, "240", "120", "50", "50"),
        (LOWER, RATIO, "8", "8", "100", "100"),
        (LOWER, RATIO, "4", "8", "100", "200"),
        (LOWER, RATIO, "0", "8", "100", None),
        (LOWER, RATIO, "-1", "8", "100", None),
        (EQUAL, LINEAR, "5", "5", "100", "100"),
        (EQUAL, LINEAR, "4", "5", "80", "80"),
        (EQUAL, LINEAR, "6", "5", "80", "80"),
        (EQUAL, LINEAR, "11", "5", "0", "-20"),
        (EQUAL, LINEAR, "-5", "-5", "100", "100"),
        (EQUAL, LINEAR, "-4", "-5", "80", "80"),
        (EQUAL, LINEAR, "-6", "-5", "80", "80"),
        (EQUAL, LINEAR, "5", "-5", "0", "-100"),
        (EQUAL, RATIO, "6", "5", "80", "80"),
        (HIGHER, LINEAR, "0", "0", "100", None),
        (HIGHER, LINEAR, "3", "0", "100", None),
        (HIGHER, LINEAR, "-0.1", "0", "0", None),
        (LOWER, LINEAR, "0", "0", "100", None),
        (LOWER, LINEAR, "-3", "0", "100", None),
        (LOWER, LINEAR, "0.1", "0", "0", None),
        (LOWER, RATIO, "0", "0", "100", None),
        (LOWER, RATIO, "1", "0", "0", None),
        (EQUAL, LINEAR, "0", "0", "100", None),
        (EQUAL, LINEAR, "1", "0", "0", None),
        (EQUAL, LINEAR, "0", "-0", "100", None),
        (HIGHER, LINEAR, LONG, LONG, "100", "100"),
        (EQUAL, LINEAR, "1" + "0" * 29, "2" + "0" * 29, "50", "50"),
    ],
)
def test_achievement(direction, policy, actual, target, held, uncapped):
    assert achievement(Decimal(actual), Decimal(target), direction, policy) == (
        Fraction(held),
        None if uncapped is None else Fraction(uncapped),
    )


def test_achievement_tells_30_digit_amounts_apart():
    one_less = Decimal("123456789012345678901234567889")
    held, _ = achievement(one_less, Decimal(LONG), HIGHER, LINEAR)
    assert held == 100 - Fraction(100, int(LONG))


@pytest.mark.parametrize("direction", [HIGHER, LOWER])
@pytest.mark.parametrize("policy", LowerPolicy)
def test_achievement_refuses_a_negative_target(direction, policy):
    with pytest.raises(TargetError) as caught:
        achievement(Decimal(1), Decimal("-0.1"), direction, policy)
    assert str(caught.value) == str(caught.value.sentence)
    assert str(caught.value) == "原訂目標值小於 0，只有「等於目標」的指標可以如此，請更正目標值。"


@pytest.mark.parametrize(
    ("direction", "actual", "target", "expected"),
    [
        (HIGHER, "8", "8.0", True),
        (HIGHER, "8.1", "8", True),
        (HIGHER, "7.9", "8", False),
        (LOWER, "120", "120", True),
        (LOWER, "107", "120", True),
        (LOWER, "121", "120", False),
        (EQUAL, "1", "1.00", True),
        (EQUAL, "1.01", "1", False),
        (EQUAL, "0.99", "1", False),
        (HIGHER, "123456789012345678901234567889", LONG, False),
        (EQUAL, "123456789012345678901234567889", LONG, False),
    ],
)
def test_meets(direction, actual, target, expected):
    assert meets(Decimal(actual), Decimal(target), direction) is expected
    assert meets(Fraction(actual), Decimal(target), direction) is expected
