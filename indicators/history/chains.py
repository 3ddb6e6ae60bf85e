"""The chains' heads: what a backup, a published report or a mail keeps as an anchor."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from indicators.models import Chain
from indicators.models.fields import SHA256


@dataclass(frozen=True, slots=True)
class Head:
    """The newest event of a chain, at some time."""

    chain: str
    sequence: int
    hash: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def heads(plan_id: int | None = None) -> list[Head]:
    """All chains' heads, or one plan's. 1 query."""
    chains = Chain.objects.order_by("pk")
    if plan_id is not None:
        chains = chains.filter(plan=plan_id)
    return [Head(*row) for row in chains.values_list("name", "sequence", "hash")]


def read_heads(path: Path) -> list[Head]:
    """The heads in a JSON file with a key `heads`: a backup's manifest or verify_history's output.

    Raises ValueError with a sentence.
    """
    try:
        return parse_heads(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ValueError(f"讀不到「{path}」（{error.strerror}）。") from error
    except ValueError as error:
        raise ValueError(f"「{path}」不是錨點檔：其中沒有可用的 heads。") from error


def parse_heads(document: object) -> list[Head]:
    entries = document.get("heads") if isinstance(document, Mapping) else None
    if not isinstance(entries, list):
        raise ValueError("no heads")
    return [_head(entry) for entry in entries]


def _head(entry: object) -> Head:
    match entry:
        case {"chain": str(chain), "sequence": int(sequence), "hash": str(hash_)} if (
            sequence >= 0 and re.match(SHA256, hash_)
        ):
            return Head(chain, sequence, hash_)
    raise ValueError("not a head")
