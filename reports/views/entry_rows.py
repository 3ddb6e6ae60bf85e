"""Buttons that change what is typed without saving it: rows, blocks, insertions."""

from __future__ import annotations

import re
from dataclasses import replace

from django.http import QueryDict

from indicators.entries import Typed, with_block, with_rows_changed
from indicators.scorecards.entry_page import suggestion
from indicators.scorecards.scored import ScoredIndicator

ROW = re.compile(r"(add|remove|up|down|paste)-(\d{1,3})(?:-(\d{1,3}))?")
LONGEST_BLOCK = 200_000


def changed_by(
    op: str, typed: Typed, post: QueryDict, item: ScoredIndicator, year: int
) -> tuple[Typed, str]:
    """What stands in the fields afterwards, and the id of the field to go on at."""
    if op == "suggest":
        first = suggestion(item, year)
        return replace(typed, analysis=f"{first}\n{typed.analysis}".rstrip("\n")), "analysis"
    if op.startswith("insert:"):
        return replace(typed, analysis=f"{typed.analysis}{op.removeprefix('insert:')}"), "analysis"
    match = ROW.fullmatch(op)
    if match is None:
        return typed, post.get("at", "")
    change, table, row = match[1], int(match[2]), int(match[3] or -1)
    if change == "paste":
        block = post.get(f"block-{table}", "")[:LONGEST_BLOCK]
        return with_block(typed, table, block), f"table-{table}"
    changed = with_rows_changed(typed, table, change, row)
    return changed, _place(changed, change, table, row)


def _place(typed: Typed, change: str, table: int, row: int) -> str:
    """The label of the row that was added or moved, else the table."""
    if table >= len(typed.tables):
        return ""
    last = len(typed.tables[table].labels) - 1
    step = {"up": row - 1, "down": row + 1, "add": last, "remove": min(row, last)}[change]
    return f"label-{table}-{min(max(step, 0), last)}" if last >= 0 else f"add-{table}"
