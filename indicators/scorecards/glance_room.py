"""How much stands beside the indicators, so that the year at a glance is one sheet of A4. Pure.

Counted in lines of the column at the right: misses take what they need up to their share, what
changed takes the rest.
"""

from __future__ import annotations

from collections.abc import Sequence

CHARACTERS = 29  # of a line
LINES = 20  # for misses and changes together
OF_MISSES = 13
TITLE = 1.5  # of a miss, in lines
MOVED = 2.2  # lines of one change
SHORTEST, LONGEST = 28, 140  # characters of a cause or an action
FEWEST, MOST = 2, 8  # changes


def text_limit(misses: int) -> int:
    """Characters of one cause or action; many misses run on to a second sheet."""
    if not misses:
        return LONGEST
    lines = (OF_MISSES - TITLE * misses) / (2 * misses)
    return max(SHORTEST, min(LONGEST, int(lines * CHARACTERS)))


def most_moved(misses: Sequence[tuple[str, str]]) -> int:
    """How many changes fit below misses with these causes and actions."""
    taken = sum(TITLE + _lines(cause) + _lines(action) for cause, action in misses)
    return max(FEWEST, min(MOST, int((LINES - taken) / MOVED)))


def _lines(text: str) -> int:
    """With the label before it, and who does it until when."""
    return 1 + (len(text) + 2) // CHARACTERS
