"""Finds what was changed, lost, put in or moved in the history. Streams; nothing is kept."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from indicators.history.canonical import digest, utc
from indicators.history.chains import Head
from indicators.models import AuditEvent, Chain
from indicators.models.audit import GENESIS

CHUNK = 2000


class Fault(Enum):
    CHANGED = "changed"
    MISSING = "missing"
    DOES_NOT_CONTINUE = "does-not-continue"
    HEAD_BEHIND = "head-behind"
    HEAD_AHEAD = "head-ahead"
    HEAD_DIFFERS = "head-differs"
    ANCHOR = "anchor"
    NO_CHAIN = "no-chain"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one event or head; as text, a sentence."""

    chain: str
    sequence: int | None
    fault: Fault
    sentence: str

    def __str__(self) -> str:
        return self.sentence


class _Row(NamedTuple):
    """An event's columns under the names that its payload uses."""

    sequence: int
    previous: str
    hash: str
    payload: str
    at: datetime
    by: int | None
    acting_for: int | None
    action: str
    plan: int | None
    kind: str
    id: int | None
    label: str


COLUMNS = (
    "sequence",
    "previous_hash",
    "hash",
    "payload",
    "at",
    "actor_id",
    "acting_for_id",
    "action",
    "plan_id",
    "object_kind",
    "object_id",
    "object_label",
)


@contextmanager
def snapshot() -> Iterator[None]:
    """One unchanging view of the database for several queries, without keeping writers out.

    Inside a transaction that was begun before, that transaction's own view.
    """
    if connection.in_atomic_block or _has_begun():
        yield
    elif connection.vendor == "sqlite":
        with _deferred():
            yield
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            yield


def _has_begun() -> bool:
    """Whether `_deferred` stands around this already: Django knows nothing of it."""
    connection.ensure_connection()
    return connection.vendor == "sqlite" and connection.connection.in_transaction


@contextmanager
def _deferred() -> Iterator[None]:
    """Django would begin IMMEDIATE, which is a writer's lock."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def verify(
    chains: Iterable[str] | None = None, anchors: Iterable[Head] | None = None
) -> Iterator[Problem]:
    """Every fault of the named chains (None: all), and every anchor that the history contradicts.

    Without an anchor kept elsewhere, events cut off at the end together with their head, and a
    chain rewritten from its start, can't be seen.
    """
    by_chain: dict[str, list[Head]] = defaultdict(list)
    for anchor in anchors or ():
        by_chain[anchor.chain].append(anchor)
    with snapshot():
        stored = Chain.objects.order_by("pk")
        if chains is not None:
            stored = stored.filter(name__in=list(chains))
        for chain in list(stored):
            yield from _verify_chain(chain, by_chain.pop(chain.name, []))
        if chains is None:
            yield from _without_chain()
            yield from _lost_chains(by_chain)


def _verify_chain(chain: Chain, anchors: list[Head]) -> Iterator[Problem]:
    wanted = defaultdict(set)
    for anchor in anchors:
        wanted[anchor.sequence].add(anchor.hash)
    last, last_hash = 0, GENESIS
    rows = AuditEvent.objects.filter(chain=chain).order_by("sequence").values_list(*COLUMNS)
    for values in rows.iterator(chunk_size=CHUNK):
        row = _Row(*values)
        yield from _verify_place(chain.name, row, last, last_hash)
        yield from _verify_content(chain.name, row)
        if wanted.pop(row.sequence, {row.hash}) != {row.hash}:
            yield _anchor_problem(chain.name, row.sequence, "內容不同")
        last, last_hash = row.sequence, row.hash
    yield from _verify_head(chain, last, last_hash)
    for sequence in sorted(wanted.keys() - {0}):
        yield _anchor_problem(chain.name, sequence, "已不存在")


def _verify_place(chain: str, row: _Row, last: int, last_hash: str) -> Iterator[Problem]:
    if row.sequence != last + 1:
        gap = (
            f"第 {last + 1} 筆"
            if row.sequence == last + 2
            else f"第 {last + 1} 至 {row.sequence - 1} 筆"
        )
        yield Problem(chain, last + 1, Fault.MISSING, f"{chain} {gap}遺失。")
    elif row.previous != last_hash:
        yield Problem(
            chain,
            row.sequence,
            Fault.DOES_NOT_CONTINUE,
            f"{chain} 第 {row.sequence} 筆不接續前一筆：兩筆之一是插入、調換或改寫的。",
        )


def _verify_content(chain: str, row: _Row) -> Iterator[Problem]:
    if digest(row.payload) != row.hash:
        what = "內容與雜湊值不符"
    elif wrong := _differing(chain, row):
        what = f"欄位 {'、'.join(wrong)} 與已雜湊的內容不同"
    else:
        return
    yield Problem(
        chain, row.sequence, Fault.CHANGED, f"{chain} 第 {row.sequence} 筆遭變更：{what}。"
    )


def _differing(chain: str, row: _Row) -> list[str]:
    """The columns that say something else than the hashed text."""
    columns = {
        "acting_for": row.acting_for,
        "action": row.action,
        "at": utc(row.at),
        "by": row.by,
        "chain": chain,
        "id": row.id,
        "kind": row.kind,
        "label": row.label,
        "plan": row.plan,
        "previous": row.previous,
        "sequence": row.sequence,
    }
    try:
        content = json.loads(row.payload)
        stated = content | {key: _person_id(content[key]) for key in ("by", "acting_for")}
        return [name for name, value in columns.items() if stated[name] != value]
    except (ValueError, KeyError, TypeError):  # hashed, but no event
        return ["payload"]


def _person_id(person: dict[str, int] | None) -> int | None:
    return person["id"] if person else None


def _verify_head(chain: Chain, last: int, last_hash: str) -> Iterator[Problem]:
    name, head = chain.name, chain.sequence
    if head < last:
        sentence = f"{name} 的鏈首停在第 {head} 筆，之後另有至第 {last} 筆的紀錄。"
        yield Problem(name, head, Fault.HEAD_BEHIND, sentence)
    elif head > last:
        sentence = f"{name} 的鏈首在第 {head} 筆，但紀錄只到第 {last} 筆：其後遺失。"
        yield Problem(name, head, Fault.HEAD_AHEAD, sentence)
    elif chain.hash != last_hash:
        sentence = f"{name} 的鏈首與最新的第 {last} 筆雜湊值不符。"
        yield Problem(name, head, Fault.HEAD_DIFFERS, sentence)


def _anchor_problem(chain: str, sequence: int, what: str) -> Problem:
    sentence = f"{chain} 第 {sequence} 筆與錨點不符：{what}。"
    return Problem(chain, sequence, Fault.ANCHOR, sentence)


def _without_chain() -> Iterator[Problem]:
    chains = Chain.objects.filter(pk=OuterRef("chain_id"))
    for pk in AuditEvent.objects.filter(~Exists(chains)).values_list("chain_id").distinct():
        sentence = f"有紀錄屬於不存在的鏈（編號 {pk[0]}）。"
        yield Problem(str(pk[0]), None, Fault.NO_CHAIN, sentence)


def _lost_chains(anchors: dict[str, list[Head]]) -> Iterator[Problem]:
    for name in sorted(anchors):
        yield Problem(name, None, Fault.ANCHOR, f"錨點中的鏈 {name} 已不存在。")
