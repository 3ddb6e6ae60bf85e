"""The history as CSV for a spreadsheet: a row for each field that an event changed."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext, override

from indicators.interchange.cells import as_text
from indicators.scorecards.event_changes import Change, Value
from indicators.scorecards.event_lines import EventLine

NUMBER = re.compile(r"-?[0-9][0-9,]*(\.[0-9]+)?")
BYTE_ORDER_MARK = "\ufeff"  # by which spreadsheets know that it is UTF-8


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def history_csv(lines: Iterable[EventLine], language: str) -> Iterator[str]:
    """Line by line, in that language; between the lines whoever reads keeps their own."""
    writer = csv.writer(_Echo())
    with override(language):
        heads = _heads()
    yield BYTE_ORDER_MARK + writer.writerow(heads)
    waiting = iter(lines)
    while True:
        with override(language):  # a line's words are chosen as it is taken
            line = next(waiting, None)
            rows = _rows(line) if line else []
        if line is None:
            return
        yield from map(writer.writerow, rows)


def _rows(line: EventLine) -> list[list[str]]:
    return [_row(line, change) for change in line.changes or (None,)]


def _heads() -> list[str]:
    return [
        gettext("編號"),
        gettext("時間"),
        gettext("動作"),
        gettext("對象"),
        gettext("項目"),
        gettext("變更前"),
        gettext("變更後"),
        gettext("人員"),
        gettext("代理"),
        gettext("原因"),
        gettext("雜湊"),
    ]


def _row(line: EventLine, change: Change | None) -> list[str]:
    changed = [change.field, change.before, change.after] if change else ["", "", ""]
    return [
        str(line.sequence),
        f"{localtime(line.at):%Y-%m-%d %H:%M:%S}",
        as_text(line.tag.word),
        as_text(line.label),
        *map(_cell, changed),
        as_text(line.by),
        as_text(line.acting_for),
        as_text(line.reason),
        line.hash,
    ]


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return value if NUMBER.fullmatch(value) else as_text(value)
