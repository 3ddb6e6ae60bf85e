"""Cells of files that people open in a spreadsheet."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_text(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula, as text."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
