"""What a page shows as one table, to be exported: plain data, pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

Cell = str | Decimal | int | date | datetime | None  # None: missing, an empty cell


@dataclass(frozen=True, slots=True)
class Table:
    """`title` names the sheet, `heads` its columns; each row has a cell for each of them.

    `notes` stand below: what a reader must know, such as 範例資料.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
