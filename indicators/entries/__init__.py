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
from indicators.entries.stored import entry_from_stored, stored_date

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
    "entry_from_stored",
    "entry_of",
    "fitting",
    "merged",
    "roc",
    "stored_date",
    "typed_from_record",
    "typed_from_text",
    "with_block",
    "with_entry",
    "with_rows_changed",
]
