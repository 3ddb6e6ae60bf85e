"""The work statistics of a plan as plain data: what is filled in, and what a save compares.

A cell is named `value-<pk>` or `source-<pk>`; its content is compared as text, numbers as they
were written: 18.7 and 18.70 differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

FIELDS = ("value", "source")


@dataclass(frozen=True, slots=True)
class FigureLine:
    pk: int
    label: str
    unit: str
    owner_id: int | None
    owner: str
    value: Decimal | None
    source: str
    previous: Decimal | None

    def cells(self) -> dict[str, str]:
        """What is stored now, by the cell's name."""
        return {
            cell("value", self.pk): number_text(self.value),
            cell("source", self.pk): self.source,
        }


@dataclass(frozen=True, slots=True)
class FigureEdit:
    """One cell: what the person started from, and what they want."""

    pk: int
    field: str
    was: str
    now: str

    @property
    def cell(self) -> str:
        return cell(self.field, self.pk)


@dataclass(frozen=True, slots=True)
class Clash:
    """A cell that somebody else changed since the person started: what is stored there now."""

    cell: str
    theirs: str
    by: str = ""
    at: datetime | None = None


def cell(field: str, pk: int) -> str:
    return f"{field}-{pk}"


def number_text(value: Decimal | None) -> str:
    return "" if value is None else format(value, "f")


def number_of(text: str) -> Decimal | None:
    return Decimal(text) if text else None
