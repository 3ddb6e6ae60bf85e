"""What goes into the scoring core and what comes out: frozen, plain Python.

Amounts are `Decimal` as they were written. Results that are not yet rounded are
`Fraction`, exact; `rounding.rounded` turns them into the printed `Decimal` once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction


class Direction(StrEnum):
    """Which side of the target is good."""

    HIGHER = "higher"
    LOWER = "lower"
    EQUAL = "equal"


class LowerPolicy(StrEnum):
    """How a plan rates an actual above a 'lower is better' target."""

    LINEAR = "linear"  # 1 - (A - T) / T
    RATIO = "ratio"  # T / A


class Method(StrEnum):
    """Where an indicator's actual comes from."""

    FORMULA = "formula"
    MILESTONES = "milestones"
    DIRECT = "direct"


class Status(StrEnum):
    """The result of one indicator. Not reported is neither met nor missed."""

    MET = "met"
    MISSED = "missed"
    NOT_REPORTED = "not_reported"


def gettext_noop(message: str) -> str:
    """Mark a sentence's template for the translators' catalogue; returns it unchanged."""
    return message


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence for the user: a Traditional Chinese template and its values.

    The template is also the message id of the English translation, so a layer that
    knows the user's language can translate it before it fills in the values. A value
    may itself be a `Sentence` (an item of a list of missing entries).
    """

    template: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template % self.params if self.params else self.template


@dataclass(frozen=True, slots=True)
class InputRow:
    """One row of a list input; `value` None is not entered."""

    label: str
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Input:
    """A named number that a formula uses, or a list of them where `rows` is not None."""

    symbol: str
    value: Decimal | None = None
    rows: tuple[InputRow, ...] | None = None
    label: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Milestone:
    """A stage of staged work: cumulative percent 0 to 100; `done` None is not entered.

    `done_on` is for the reader; nothing is computed from it.
    """

    title: str
    percent: Decimal
    done: bool | None
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """Everything that the score of one indicator depends on."""

    title: str
    weight: Decimal
    unit: str
    decimals: int
    direction: Direction
    target: Decimal
    method: Method
    inputs: tuple[Input, ...] = ()
    formula: str = ""
    milestones: tuple[Milestone, ...] = ()
    actual: Decimal | None = None  # method direct only


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    """The result of one indicator.

    `actual` is rounded to the indicator's decimals: the official figure. `achievement`
    (0 to 100), `uncapped` and `score` (0 to weight) are exact. What is not reported has
    None for all but `score`, which is 0, and says why in `reason`.
    """

    status: Status
    score: Fraction
    actual: Decimal | None = None
    achievement: Fraction | None = None
    uncapped: Fraction | None = None
    calculation: str | None = None
    reason: Sentence | None = None
    rounding_turned_miss_into_met: bool = False


@dataclass(frozen=True, slots=True)
class Totals:
    """A roll-up over a goal, a perspective or a plan; exact sums in points.

    `open_lost`: what of `lost` belongs to results that are not approved, so can still change.
    """

    weight: Decimal
    score: Fraction
    lost: Fraction
    winnable: Decimal
    indicators: int
    met: int
    missed: int
    not_reported: int
    complete: bool  # every indicator is reported and the weights sum to 100
    open_lost: Fraction = Fraction(0)

    @property
    def final_lost(self) -> Fraction:
        return self.lost - self.open_lost

    @property
    def reachable(self) -> Fraction:
        """The most that it can come to: all but what is lost for good."""
        return Fraction(self.weight) - self.final_lost
