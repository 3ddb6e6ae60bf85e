"""One text for one content, so that its hash means something. No database here.

JSON with sorted keys, no spaces, nothing escaped that needn't be. Numbers that carry a value are
decimals and stand as text, as they were written; a float has no one text and is refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any


def canonical(content: Mapping[str, Any]) -> str:
    return json.dumps(
        plain(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def plain(value: Any) -> Any:
    """`value` as what JSON has. Raises TypeError for anything without one exact form."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str.__str__(value)  # a TextChoices member is its value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, Decimal):
        return _decimal(value)
    if isinstance(value, datetime):
        return utc(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {_key(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no canonical form.")


def utc(moment: datetime) -> str:
    """UTC, always with microseconds: 2018-12-31T16:00:00.000000Z."""
    if moment.tzinfo is None:
        raise TypeError("A time without a zone has no canonical form.")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def changes(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both sides without what they agree on. 18.7 and 18.70 differ: they print differently."""
    missing = object()

    def differs(key: str) -> bool:
        old, new = before.get(key, missing), after.get(key, missing)
        if old is missing or new is missing:
            return True
        return canonical({key: old}) != canonical({key: new})

    return (
        {key: value for key, value in before.items() if differs(key)},
        {key: value for key, value in after.items() if differs(key)},
    )


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise TypeError(f"{value} has no canonical form.")
    return format(value, "f")


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError("A key must be text.")
    return str.__str__(key)
