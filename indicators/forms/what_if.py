"""A what-if's address: what it moves, in which indicators the fields are open, what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from indicators.forms.typed import to_number
from indicators.scoring.tokens import shown
from indicators.trials import Kind, Movable, Value, as_text

MOST_MOVES = 60  # so that an address stays short enough to be sent
LONGEST = 60  # characters of a value that is repeated
NAMED = 3
CONTROLS = frozenset({"open", "close", "drop", "reset", "go"})
STAGES = {"1": True, "0": False}


@dataclass(frozen=True, slots=True)
class Asked:
    """`moves` only where they differ from what is stored; `typed` is the text of what has a fault.

    `open`: the indicators whose fields are shown.
    """

    moves: Mapping[str, Value]
    typed: Mapping[str, str]
    faults: Mapping[str, str]
    open: tuple[int, ...]
    notes: tuple[str, ...]

    def address(self) -> str:
        """The query that moves the same, as short as can be: to send to a colleague."""
        return urlencode([(key, as_text(value)) for key, value in self.moves.items()])

    def query(self) -> str:
        """With the open fields, and what has a fault as it was typed."""
        opened = [("open", str(pk)) for pk in self.open]
        parts = [self.address(), urlencode(list(self.typed.items())), urlencode(opened)]
        return "&".join(part for part in parts if part)


def read(query: QueryDict, known: Mapping[str, Movable], keys: Iterable[int]) -> Asked:
    """`known`: everything that can be moved, in order; `keys`: the plan's indicators."""
    moves: dict[str, Value] = {}
    typed: dict[str, str] = {}
    faults: dict[str, str] = {}
    for key in _wanted(query, known):
        raw = query.get(key, "").strip()
        try:
            value = _value(raw, known[key])
        except ValueError as error:
            typed[key], faults[key] = raw[:LONGEST], str(error)
        else:
            if value != known[key].stored:
                moves[key] = value
    return Asked(
        moves=dict(list(moves.items())[:MOST_MOVES]),
        typed=dict(list(typed.items())[:MOST_MOVES]),
        faults=dict(list(faults.items())[:MOST_MOVES]),
        open=_open(query, tuple(keys)),
        notes=tuple(_notes(query, known, len(moves))),
    )


def _wanted(query: QueryDict, known: Mapping[str, Movable]) -> Iterator[str]:
    """What is filled in and not taken back: by itself (`drop`), or with its indicator (`reset`)."""
    dropped = set(query.getlist("drop"))
    reset = {f"i{pk}" for pk in query.getlist("reset")}
    for key in known:
        if key not in dropped and key.partition(".")[0] not in reset and query.get(key, "").strip():
            yield key


def _value(raw: str, field: Movable) -> Value:
    """Raises ValueError with a sentence."""
    if field.kind is Kind.STAGE:
        if raw not in STAGES:
            raise ValueError(_("請選「已完成」或「未完成」。"))
        return STAGES[raw]
    if len(raw) > LONGEST:
        raise ValueError(_("這個數值太長，請縮短。"))
    value = to_number(raw)
    if value is None:
        raise ValueError(_("請填數字。"))
    if field.has_floor and value < 0:
        raise ValueError(_("目標值不能小於 0。"))
    return value


def _open(query: QueryDict, keys: tuple[int, ...]) -> tuple[int, ...]:
    closed = set(query.getlist("close"))
    wanted = set(query.getlist("open")) - closed
    return tuple(key for key in keys if str(key) in wanted)


def _notes(query: QueryDict, known: Mapping[str, Movable], moves: int) -> Iterator[str]:
    if any(len(set(query.getlist(key))) > 1 for key in known if key in query):
        yield _("網址裡有項目重複出現而且數值不同，採用最後一個；請核對調整的數值。")
    unknown = [key for key in query if key not in known and key not in CONTROLS]
    if unknown:
        names = _("、").join(f"「{shown(key)}」" for key in unknown[:NAMED])
        if len(unknown) > NAMED:
            sentence = _("網址裡有 %(count)s 個項目不屬於這個計畫，已略過，例如 %(names)s。")
        else:
            sentence = _("網址裡的 %(names)s 不屬於這個計畫，已略過。")
        yield sentence % {"names": names, "count": len(unknown)}
    if moves > MOST_MOVES:
        sentence = _("一次最多試算 %(limit)s 個數值，其餘 %(count)s 個已略過。")
        yield sentence % {"limit": MOST_MOVES, "count": moves - MOST_MOVES}
