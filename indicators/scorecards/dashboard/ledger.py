"""The points ledger: earned, lost and still winnable, by perspective and goal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext

from indicators import charts
from indicators.scorecards.page import points_of, points_words
from indicators.scorecards.scored import ScoredPlan
from indicators.scoring.rounding import grouped, two_places
from indicators.scoring.types import Totals


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """`anchor`: where the perspective's indicators stand on the page; empty for a goal.

    `open_lost`: what of `lost` nobody has approved yet. All bars are as long as the heaviest.
    """

    name: str
    anchor: str
    weight: str
    bar: charts.PointsBar
    earned: str
    lost: str
    open_lost: str
    winnable: str
    words: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """`has_open`: some of what is lost can still change."""

    rows: tuple[LedgerRow, ...]
    total: LedgerRow
    has_open: bool


def ledger(plan: ScoredPlan) -> Ledger:
    """A perspective's goals follow it; one that has a single goal says the same and has no row."""
    longest = max((part.totals.weight for part in plan.perspectives), default=Decimal(0))
    rows = []
    for number, perspective in enumerate(plan.perspectives, start=1):
        rows.append(_row(perspective.record.name, perspective.totals, longest, f"p{number}"))
        if len(perspective.goals) > 1:
            rows += [_row(goal.record.title, goal.totals, longest) for goal in perspective.goals]
    total = _row(gettext("合計"), plan.totals, plan.totals.weight)
    return Ledger(tuple(rows), total, bool(plan.totals.open_lost))


def _row(name: str, totals: Totals, longest: Decimal, anchor: str = "") -> LedgerRow:
    return LedgerRow(
        name=name,
        anchor=anchor,
        weight=grouped(totals.weight),
        bar=replace(points_of(totals), full=f"{float(longest):.2f}"),
        earned=two_places(totals.score),
        lost=two_places(totals.lost),
        open_lost=two_places(totals.open_lost),
        winnable=two_places(Fraction(totals.winnable)),
        words=gettext("%(name)s：%(points)s") % {"name": name, "points": points_words(totals)},
    )
