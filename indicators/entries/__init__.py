"""One indicator's entry as plain data: `entry` what it says, `sheet` how it is typed."""

from indicators.entries.entry import REVIEW_PARTS, Entry, Rows, Stage, entry_of, merged, with_entry
from indicators.entries.sheet import (
    FIRST_ROC_YEAR,
    MOST_ROWS,
    Typed,
    TypedStage,
    TypedTable,
    clean,
    fitting,
    roc,
    typed_from_record,
    typed_from_text,
    with_block,
    with_rows_changed,
)

__all__ = [
    "FIRST_ROC_YEAR",
    "MOST_ROWS",
    "REVIEW_PARTS",
    "Entry",
    "Rows",
    "Stage",
    "Typed",
    "TypedStage",
    "TypedTable",
    "clean",
    "entry_of",
    "fitting",
    "merged",
    "roc",
    "typed_from_record",
    "typed_from_text",
    "with_block",
    "with_entry",
    "with_rows_changed",
]
