"""One actual against one target. Rules and examples: README.md, "Achievement"."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from indicators.scoring.types import Direction, LowerPolicy, Sentence, gettext_noop

FULL = Fraction(100)
NONE = Fraction(0)


class TargetError(ValueError):
    """A target below 0 where higher or lower is better: nothing can be rated against it."""

    def __init__(self) -> None:
        self.sentence = Sentence(
            gettext_noop("原訂目標值小於 0，只有「等於目標」的指標可以如此，請更正目標值。")
        )
        super().__init__(str(self.sentence))


def meets(actual: Decimal | Fraction, target: Decimal, direction: Direction) -> bool:
    """Whether the actual reaches the target: at least, at most, or exactly, by direction."""
    value, aim = Fraction(actual), Fraction(target)
    if direction is Direction.HIGHER:
        return value >= aim
    if direction is Direction.LOWER:
        return value <= aim
    return value == aim


def achievement(
    actual: Decimal, target: Decimal, direction: Direction, lower_policy: LowerPolicy
) -> tuple[Fraction, Fraction | None]:
    """The achievement in percent: held within 0 to 100, and uncapped.

    Uncapped is None against a target of 0, and under the policy `ratio` for an actual of 0
    or less. Both are exact. Raises `TargetError` for a target below 0 unless the direction
    is equal.
    """
    if target < 0 and direction is not Direction.EQUAL:
        raise TargetError
    met = meets(actual, target, direction)
    if target == 0:
        return FULL if met else NONE, None
    uncapped = _uncapped(Fraction(actual), Fraction(target), direction, lower_policy)
    if met or uncapped is None:
        return FULL, uncapped
    return max(NONE, uncapped), uncapped


def _uncapped(
    actual: Fraction, target: Fraction, direction: Direction, lower_policy: LowerPolicy
) -> Fraction | None:
    """In percent, for a target that is not 0; None where the rule divides by nothing."""
    if direction is Direction.HIGHER:
        return 100 * actual / target
    if direction is Direction.EQUAL:
        return 100 * (1 - abs(actual - target) / abs(target))
    if lower_policy is LowerPolicy.LINEAR:
        return 100 * (1 - (actual - target) / target)
    return 100 * target / actual if actual > 0 else None
