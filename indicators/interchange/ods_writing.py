"""A table as ODS, the open format that government files use. Strings are typed as strings."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from odfdo import Cell as OdsCell
from odfdo import Column, Document, Element, Paragraph, Row, Style
from odfdo import Table as Sheet
from odfdo.style_base import StyleBase

from indicators.interchange.cells import (
    cleaned,
    fits_number,
    here,
    places,
    sheet_name,
    width,
    written,
)
from indicators.tables import Cell, Table

MADE = datetime(2000, 1, 1)  # in every file, so that equal tables give equal bytes
STORED = (1980, 1, 1, 0, 0, 0)  # in the ZIP folder
CHARACTER = 0.19  # cm, of a half-width character
HEAD, TEXT = "head", "text"


def ods(table: Table) -> bytes:
    document = Document("spreadsheet")
    document.meta.title = cleaned(table.title)
    document.meta.creation_date = MADE
    document.meta.language = "zh-TW"
    sheet = Sheet(sheet_name(table.title))
    for style in _styles(table):
        document.insert_style(style, automatic=True)
    for row in _rows(table):
        sheet.append_row(row)
    document.body.clear()
    document.body.append(sheet)
    for number, column in enumerate(_widths(table)):
        sheet.set_column(number, Column(style=f"w{column}"))
    return _packed(document)


def _rows(table: Table) -> Iterator[Row]:
    yield _row([_string(head, HEAD) for head in table.heads])
    for row in table.rows:
        yield _row(list(map(_cell, row)))
    if table.notes:
        yield _row([OdsCell()])
    for note in table.notes:
        yield _row([_string(note, "")])


def _row(cells: list[OdsCell]) -> Row:
    row = Row()
    for cell in cells:
        row.append_cell(cell)
    return row


def _cell(cell: Cell) -> OdsCell:
    if cell is None:
        return OdsCell()
    if isinstance(cell, str):
        return _string(cell, TEXT)
    if isinstance(cell, date):
        moment = here(cell)
        return OdsCell(moment, style="moment" if isinstance(moment, datetime) else "day")
    if fits_number(cell):
        exact = Decimal(written(cell))
        return OdsCell(exact, text=f"{exact:,f}", style=_number_style(cell))
    return _string(written(cell), TEXT)


def _string(text: str, style: str) -> OdsCell:
    """A paragraph a line; spaces at the edges and in rows are kept."""
    cell = OdsCell(style=style or None)
    cell.type = "string"
    for line in cleaned(text).split("\n"):
        cell.append(Paragraph(line))
    return cell


# Styles ------------------------------------------------------------------------------------------


def _styles(table: Table) -> Iterator[StyleBase]:
    yield _head_style()
    yield _cell_style(TEXT)
    yield _data_style("date", "day-format", DAY)
    yield _cell_style("day", "day-format")
    yield _data_style("date", "moment-format", MOMENT)
    yield _cell_style("moment", "moment-format")
    numbers = {
        _number_style(cell): cell
        for row in table.rows
        for cell in row
        if isinstance(cell, Decimal | int) and fits_number(cell)
    }
    for name, cell in sorted(numbers.items()):
        yield _data_style("number", f"{name}-format", _number_format(cell))
        yield _cell_style(name, f"{name}-format")
    for column in sorted(set(_widths(table))):
        yield Style("table-column", name=f"w{column}", width=f"{column * CHARACTER:.2f}cm")


DAY = (
    '<number:year number:style="long"/><number:text>-</number:text>'
    '<number:month number:style="long"/><number:text>-</number:text>'
    '<number:day number:style="long"/>'
)
MOMENT = (
    f'{DAY}<number:text> </number:text><number:hours number:style="long"/>'
    '<number:text>:</number:text><number:minutes number:style="long"/>'
)


def _data_style(kind: str, name: str, content: str) -> StyleBase:
    tag = f'<number:{kind}-style style:name="{name}">{content}</number:{kind}-style>'
    return cast("StyleBase", Element.from_tag(tag))


def _number_format(value: Decimal | int) -> str:
    grouping = "false" if isinstance(value, int) else "true"
    decimals = places(Decimal(value))
    return (
        f'<number:number number:decimal-places="{decimals}" number:min-decimal-places="{decimals}"'
        f' number:min-integer-digits="1" number:grouping="{grouping}"/>'
    )


def _number_style(value: Decimal | int) -> str:
    """An integer as it is, such as a year; a value with its own decimals and separators."""
    return "whole" if isinstance(value, int) else f"places{places(value)}"


def _cell_style(name: str, data_style: str = "") -> Style:
    style = Style("table-cell", name=name)
    style.set_properties({"fo:wrap-option": "wrap", "style:vertical-align": "top"})
    if data_style:
        style.set_attribute("style:data-style-name", data_style)
    return style


def _head_style() -> Style:
    style = _cell_style(HEAD)
    style.set_properties({"fo:border-bottom": "0.5pt solid #000000"})
    style.set_properties({"fo:font-weight": "bold"}, area="text")
    return style


def _widths(table: Table) -> list[int]:
    return [
        width([head, *("" if row[place] is None else str(row[place]) for row in table.rows)])
        for place, head in enumerate(table.heads)
    ]


def _packed(document: Document) -> bytes:
    """Packed again: odfdo stamps each file with the clock."""
    made, packed = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            how = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            target.writestr(zipfile.ZipInfo(name, STORED), source.read(name), how)
    return packed.getvalue()
