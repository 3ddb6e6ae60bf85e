"""Interim values as plain data: what is wanted of them, and what a save compares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from indicators.scoring.interim import Gather, Interim, Path
from indicators.scoring.periods import Period


@dataclass(frozen=True, slots=True)
class InterimEdit:
    """One value: what the person started from, and what they want. `cell` names it to them."""

    cell: str
    symbol: str
    period: int
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class InterimSettings:
    """How an indicator is followed; `rules` by symbol, `ACTUAL` for a directly entered actual."""

    period: Period
    path: Path
    rules: Mapping[str, Gather]

    def flat(self) -> dict[str, str]:
        """One plain value a field, as the history sees it."""
        rules = {f"gather:{symbol}": rule.value for symbol, rule in self.rules.items()}
        return {"period": self.period.value, "path": self.path.value, **rules}


def field_of(interim: Interim, symbol: str, period: int) -> str:
    """A value's name in the history."""
    return f"interim:{interim.period}:{period}:{symbol}"
