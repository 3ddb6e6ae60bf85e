"""A table as XLSX. Strings are written as strings: never as a formula, a link or a number."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from indicators.interchange.cells import (
    cleaned,
    cut,
    fits_number,
    here,
    places,
    sheet_name,
    width,
    written,
)
from indicators.tables import Cell, Table

MADE = datetime(2000, 1, 1)  # in every file, so that equal tables give equal bytes
FIRST_DAY = date(1900, 3, 1)  # of those that Excel counts as everybody does
LONGEST = 32_767  # characters of a cell
CUT = "…（儲存格放不下，全文請看 CSV 或 ODS）"
A4 = 9


def xlsx(table: Table) -> bytes:
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"title": cleaned(table.title), "created": MADE})
        _Sheet(book, table).write()
    return content.getvalue()


class _Sheet:
    """One sheet while it is written; a format is made once for each way of writing numbers."""

    def __init__(self, book: Workbook, table: Table) -> None:
        self.book, self.table = book, table
        self.sheet: Worksheet = book.add_worksheet(sheet_name(table.title))
        self.formats: dict[str, Format] = {}
        self.bold = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.note = book.add_format({"valign": "top"})  # runs on over the empty cells beside it

    def write(self) -> None:
        for column, head in enumerate(self.table.heads):
            self.sheet.write_string(0, column, cleaned(head), self.bold)
        for number, row in enumerate(self.table.rows, start=1):
            for column, cell in enumerate(row):
                self._cell(number, column, cell)
        for number, note in enumerate(self.table.notes, start=len(self.table.rows) + 2):
            self._string(number, 0, note, self.note)
        self._lay_out()

    def _cell(self, row: int, column: int, cell: Cell) -> None:
        if cell is None:
            return
        if isinstance(cell, str):
            self._string(row, column, cell, self.text)
        elif isinstance(cell, date):
            self._date(row, column, here(cell))
        elif fits_number(cell):
            self.sheet.write_number(row, column, cell, self._format(_number_format(cell)))
        else:
            self._string(row, column, written(cell), self.text)

    def _date(self, row: int, column: int, day: date) -> None:
        has_time = isinstance(day, datetime)
        if (day.date() if isinstance(day, datetime) else day) < FIRST_DAY:
            self._string(row, column, day.isoformat(), self.text)
            return
        shown = self._format("yyyy-mm-dd hh:mm" if has_time else "yyyy-mm-dd")
        self.sheet.write_datetime(row, column, day, shown)

    def _string(self, row: int, column: int, text: str, shown: Format) -> None:
        text = cleaned(text)
        if cut(text, LONGEST) != text:
            text = cut(text, LONGEST - len(CUT)) + CUT
        self.sheet.write_string(row, column, text, shown)

    def _format(self, shown: str) -> Format:
        if shown not in self.formats:
            self.formats[shown] = self.book.add_format({"num_format": shown, "valign": "top"})
        return self.formats[shown]

    def _lay_out(self) -> None:
        for column, head in enumerate(self.table.heads):
            cells = [_text(row[column]) for row in self.table.rows]
            self.sheet.set_column(column, column, width([head, *cells]))
        self.sheet.freeze_panes(1, 0)
        self.sheet.repeat_rows(0)
        self.sheet.set_landscape()
        self.sheet.set_paper(A4)
        self.sheet.fit_to_pages(1, 0)


def _number_format(value: Decimal | int) -> str:
    """An integer as it is, such as a year; a value with its own decimals and separators."""
    if isinstance(value, int):
        return "0"
    decimals = places(value)
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell)
