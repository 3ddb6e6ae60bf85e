"""A page's table as a file: CSV, XLSX or ODS. Equal tables give equal bytes.

The first row has the heads, so that a spreadsheet can filter and sum; the notes stand below,
after an empty row. Text stays text, whatever it begins with.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

from indicators.interchange.cells import as_text, cleaned, here, written
from indicators.interchange.ods_writing import ods
from indicators.interchange.xlsx_writing import xlsx
from indicators.tables import Cell, Table

CONTENT_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "csv": "text/csv; charset=utf-8",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "ods": "application/vnd.oasis.opendocument.spreadsheet",
    }
)
BYTE_ORDER_MARK = "\ufeff"  # by which spreadsheets know that it is UTF-8


def as_bytes(table: Table, format: str) -> bytes:
    """`format` is one of CONTENT_TYPES."""
    return {"csv": _csv, "xlsx": xlsx, "ods": ods}[format](table)


def _csv(table: Table) -> bytes:
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow([_shown(head) for head in table.heads])
    writer.writerows([_shown(cell) for cell in row] for row in table.rows)
    if table.notes:
        writer.writerow([])
    writer.writerows([_shown(note)] for note in table.notes)
    return (BYTE_ORDER_MARK + lines.getvalue()).encode()


def _shown(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return as_text(cleaned(cell))
    if isinstance(cell, datetime):
        return f"{here(cell):%Y-%m-%d %H:%M}"
    return cell.isoformat() if isinstance(cell, date) else written(cell)
