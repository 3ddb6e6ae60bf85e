"""燈號: the light of an achievement, by the plan's thresholds. Rules: README.md, "Lights"."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

GREEN_FROM, YELLOW_FROM = Decimal(90), Decimal(70)  # where the plan's policy states none


class Light(StrEnum):
    """What is not reported has no light."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    NONE = "none"


def light(
    achievement: Fraction | None, green_from: Decimal | None, yellow_from: Decimal | None
) -> Light:
    """The light of an achievement in percent, exact, not as printed; None has none.

    `green_from` and `yellow_from` are the policy's thresholds, percent, both included; None: 90
    and 70.
    """
    if achievement is None:
        return Light.NONE
    green = GREEN_FROM if green_from is None else green_from
    yellow = YELLOW_FROM if yellow_from is None else yellow_from
    if achievement >= green:
        return Light.GREEN
    return Light.YELLOW if achievement >= yellow else Light.RED
