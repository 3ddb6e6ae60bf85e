"""Setting Chinese lines: where one may break, and where the rest of a justified one goes.

Pure arithmetic on characters and advances, after the common rules for Chinese text: no line
begins with a closing mark or ends with an opening one, words and numbers stay whole, and what
is left of a line is spread evenly between its characters, never inside a word or a number.
"""

from __future__ import annotations

from collections.abc import Mapping

NEVER_FIRST = frozenset("，。、；：？！」』）〉》】〕”’…‧・％℃—～)]},.;:?!%")
NEVER_LAST = frozenset("「『（〈《【〔“‘([{")
FIRST_IDEOGRAPHIC = "\u2e80"  # characters from here on stand alone, those before form words
OPERATORS = frozenset("+*/=×÷")
FULL_ENOUGH = 0.8  # of a line: below it an expression is broken rather than carried over whole
TOLERANCE = 1e-6


def may_break(before: str, after: str) -> bool:
    """Whether a line may end with `before` and the next begin with `after`."""
    if after == " " or after in NEVER_FIRST or before in NEVER_LAST:
        return False
    return before == " " or may_stretch(before, after)


def may_stretch(before: str, after: str) -> bool:
    """Whether a justified line may be widened between the two."""
    if before == " " or after == " ":
        return True
    return before >= FIRST_IDEOGRAPHIC or after >= FIRST_IDEOGRAPHIC


def line_end(text: str, advances: Mapping[str, float], limit: float) -> int:
    """How many characters of `text` the first line of width `limit` takes, spaces after it too.

    An expression may break after an operator where a whole one would leave much of the line
    empty. A word longer than the line is cut at its end; a line holds a character at least.
    """
    width, candidate, candidate_width, operator, before = 0.0, 0, 0.0, 0, ""
    for index, char in enumerate(text):
        if before and may_break(before, char):
            candidate, candidate_width, operator = index, width, 0
        elif before in OPERATORS and char not in NEVER_FIRST:
            operator = index
        width += advances[char]
        if width > limit + TOLERANCE and char != " ":
            if operator and candidate_width < FULL_ENOUGH * limit:
                return operator
            return candidate or max(index, 1)
        before = char
    return len(text)


def stretches(text: str) -> int:
    """How many gaps of `text` may be widened."""
    return sum(map(may_stretch, text, text[1:]))
