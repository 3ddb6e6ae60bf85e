"""How much stands beside the indicators, so that the year at a glance is one sheet of A4. Pure.

Counted in lines of the column at the right: misses take what they need up to their share, what
changed takes the rest.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

WIDE = {"W", "F", "A"}
CHARACTERS = 29  # Chinese ones, of a line
LINES = 19  # for misses and changes together
OF_MISSES = 13
TITLE = 1.5  # of a miss, in lines
GAP = 0.4  # around a change, in lines
SHORTEST, LONGEST = 28, 140  # characters of a cause or an action
AROUND, WHO = 9, 17  # characters around a text: its label, that it is cut; who does it until when
FEWEST, MOST = 2, 8  # changes
LOOSE = 13, 2  # indicators and misses with which everything is set larger


def text_limit(misses: int) -> int:
    """Characters of one cause or action; many misses run on to a second sheet."""
    if not misses:
        return LONGEST
    lines = (OF_MISSES - TITLE * misses) / (2 * misses)
    return max(SHORTEST, min(LONGEST, int(lines * CHARACTERS) - AROUND - WHO // 2))


def most_moved(misses: Sequence[tuple[str, str]], changes: Iterable[str]) -> int:
    """How many of the changes with these words fit below misses with these causes and actions."""
    left = LINES - sum(_miss(cause, action) for cause, action in misses)
    fitting = 0
    for words in changes:
        left -= GAP + _lines(_width(words))
        if fitting == MOST or (left < 0 and fitting >= FEWEST):
            break
        fitting += 1
    return fitting


def is_tight(indicators: int, misses: int) -> bool:
    return indicators > LOOSE[0] or misses > LOOSE[1]


def _miss(cause: str, action: str) -> float:
    """A miss without texts has a line that says so."""
    if not cause and not action:
        return TITLE + 1
    return TITLE + _lines(_width(cause) + AROUND) + _lines(_width(action) + AROUND + WHO)


def _lines(width: float) -> int:
    return 1 + int(width / CHARACTERS)


def _width(text: str) -> float:
    """In Chinese characters."""
    return sum(1 if unicodedata.east_asian_width(char) in WIDE else 0.5 for char in text)
