"""Cells of files that people open in a spreadsheet."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal

from django.utils.timezone import is_aware, localtime

FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
CONTROL_STARTS = ("\t", "\r", "\n")
NOT_IN_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
MOST_DIGITS = 15  # that a spreadsheet keeps of a number; its formats have 30 decimals at most
LONGEST_NAME = 31  # of a sheet
WIDEST, NARROWEST = 60, 8  # of a column, in half-width characters
WIDE = {"W", "F"}


def as_text(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula, as text."""
    is_risky = cell.startswith(CONTROL_STARTS) or cell.lstrip().startswith(FORMULA_STARTS)
    return f"'{cell}" if is_risky else cell


def cleaned(text: str) -> str:
    """Plain line breaks, and no character that XML lacks."""
    return NOT_IN_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def fits_number(value: Decimal | int) -> bool:
    """Whether a spreadsheet keeps every digit of it, those behind the point included."""
    exact = Decimal(value)
    if not exact.is_finite():
        return False
    digits = written(exact).lstrip("-0.").replace(".", "")
    return len(digits) <= MOST_DIGITS and places(exact) <= MOST_DIGITS


def places(value: Decimal) -> int:
    """Its own decimals: 2 of 18.70."""
    return len(written(value).partition(".")[2])


def written(value: Decimal | int) -> str:
    """Every digit, without separators and exponents."""
    return format(Decimal(value), "f")


def here(value: date) -> date:
    """A date as it is; a moment in Taipei, without its zone, to the second."""
    if isinstance(value, datetime):
        value = localtime(value) if is_aware(value) else value
        return value.replace(tzinfo=None, microsecond=0)
    return value


def sheet_name(title: str) -> str:
    """A title as spreadsheets take it: up to 31 characters, none of them special there."""
    plain = re.sub(r"[\[\]:*?/\\\s]", " ", cleaned(title))
    return cut(plain, LONGEST_NAME).strip(" '") or "1"


def cut(text: str, length: int) -> str:
    """Its beginning, as Excel counts: a rare character is two."""
    return text.encode("utf-16-le")[: 2 * length].decode("utf-16-le", errors="ignore")


def width(texts: list[str]) -> int:
    """Of a column with these cells, in half-width characters."""
    lines = (line for text in texts for line in text.split("\n"))
    widest = max((sum(_cells(char) for char in line) for line in lines), default=0)
    return min(max(widest + 2, NARROWEST), WIDEST)


def _cells(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in WIDE else 1
