"""What changed between two texts, by words: Chinese by character, numbers and Latin words whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

TOKEN = re.compile(r"[0-9][0-9,.]*%?|[A-Za-z]+|\s+|.", re.DOTALL)
MOST_WORK = 4_000_000  # pairs of pieces; above it only the coarser comparison is made
KEPT = 30  # characters of unchanged text that stay before and after a change
GAP = "……"

Piece = tuple[str, str]  # ("same" | "del" | "ins", text)


def text_diff(before: str, after: str) -> tuple[Piece, ...]:
    """The later text with what was taken out and put in; long unchanged stretches are cut."""
    pieces = list(_joined(_by_lines(before.splitlines(True), after.splitlines(True))))
    last = len(pieces) - 1
    return tuple(
        (kind, _cut(text, is_first=number == 0, is_last=number == last) if kind == "same" else text)
        for number, (kind, text) in enumerate(pieces)
    )


def _by_lines(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    for kind, old, new in _compared(before, after):
        if kind == "same":
            yield "same", "".join(new)
        else:
            yield from _by_words(TOKEN.findall("".join(old)), TOKEN.findall("".join(new)))


def _by_words(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    for kind, old, new in _compared(before, after):
        if kind == "same":
            yield "same", "".join(new)
            continue
        yield "del", "".join(old)
        yield "ins", "".join(new)


def _compared(
    before: Sequence[str], after: Sequence[str]
) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
    if len(before) * len(after) > MOST_WORK:
        yield "changed", before, after
        return
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        yield ("same" if kind == "equal" else "changed"), before[i1:i2], after[j1:j2]


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Neighbours of one kind as one, without empty ones."""
    held: Piece = ("same", "")
    for kind, text in pieces:
        if not text:
            continue
        if kind == held[0]:
            held = (kind, held[1] + text)
            continue
        if held[1]:
            yield held
        held = (kind, text)
    if held[1]:
        yield held


def _cut(text: str, *, is_first: bool, is_last: bool) -> str:
    head = "" if is_first else text[:KEPT]
    tail = "" if is_last else text[-KEPT:]
    if len(text) <= len(head) + len(tail) + len(GAP):
        return text
    return f"{head}{GAP}{tail}"
