"""How much stands beside the indicators, so that the year at a glance is one sheet of A4. Pure.

Counted in lines of the column at the right: misses take what they need up to their share, what
changed takes the rest.
"""

from __future__ import annotations

from collections.abc import Sequence

CHARACTERS = 29  # of a line
LINES = 19  # for misses and changes together
OF_MISSES = 13
TITLE = 1.5  # of a miss, in lines
MOVED = 2.4  # lines of one change
SHORTEST, LONGEST = 28, 140  # characters of a cause or an action
AROUND, WHO = 9, 17  # characters around a text: its label, that it is cut; who does it until when
FEWEST, MOST = 2, 8  # changes
LOOSE = 12, 2  # indicators and misses with which everything is set larger


def text_limit(misses: int) -> int:
    """Characters of one cause or action; many misses run on to a second sheet."""
    if not misses:
        return LONGEST
    lines = (OF_MISSES - TITLE * misses) / (2 * misses)
    return max(SHORTEST, min(LONGEST, int(lines * CHARACTERS) - AROUND - WHO // 2))


def most_moved(misses: Sequence[tuple[str, str]]) -> int:
    """How many changes fit below misses with these causes and actions."""
    taken = sum(TITLE + _lines(len(cause)) + _lines(len(action) + WHO) for cause, action in misses)
    return max(FEWEST, min(MOST, int((LINES - taken) / MOVED)))


def is_tight(indicators: int, misses: int) -> bool:
    return indicators > LOOSE[0] or misses > LOOSE[1]


def _lines(length: int) -> int:
    return 1 + (length + AROUND) // CHARACTERS
