"""The points ledger: earned, lost and still winnable, by perspective and goal."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from indicators import charts
from indicators.scorecards.scored import ScoredPlan
from indicators.scoring.rounding import grouped, two_places
from indicators.scoring.types import Totals


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """`anchor`: where the perspective's indicators stand on the page; empty for a goal."""

    name: str
    anchor: str
    weight: str
    bar: charts.PointsBar
    earned: str
    lost: str
    winnable: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """`scale`: the length of all bars, in points, so that they compare."""

    rows: tuple[LedgerRow, ...]
    total: LedgerRow
    scale: str


def ledger(plan: ScoredPlan) -> Ledger:
    """A perspective's goals follow it; one that has a single goal says the same and has no row."""
    rows = []
    for number, perspective in enumerate(plan.perspectives, start=1):
        rows.append(_row(perspective.record.name, perspective.totals, f"p{number}"))
        if len(perspective.goals) > 1:
            rows += [_row(goal.record.title, goal.totals) for goal in perspective.goals]
    widest = max((p.totals.weight for p in plan.perspectives), default=1)
    return Ledger(tuple(rows), _row("", plan.totals), f"{float(widest):.2f}")


def _row(name: str, totals: Totals, anchor: str = "") -> LedgerRow:
    winnable = Fraction(totals.winnable)
    return LedgerRow(
        name=name,
        anchor=anchor,
        weight=grouped(totals.weight),
        bar=charts.points_bar(totals.score, totals.lost, winnable),
        earned=two_places(totals.score),
        lost=two_places(totals.lost),
        winnable=two_places(winnable),
    )
