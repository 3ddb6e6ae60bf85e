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
    """Line by line, in that language; negative numbers stay numbers."""
    writer = csv.writer(_Echo())
    with override(language):
        yield BYTE_ORDER_MARK + writer.writerow(_heads())
    for line in lines:
        with override(language):
            rows = [_row(line, change) for change in line.changes or (None,)]
        yield from map(writer.writerow, rows)


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
