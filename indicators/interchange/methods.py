"""Which members a method has: those of the others are faults, whatever is inside."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from indicators.interchange.nodes import Node
from indicators.scoring.types import Method, gettext_noop


def without_others(
    found: Mapping[str, Node], method: Method, keys_of_method: Mapping[Method, Collection[str]]
) -> dict[str, Node]:
    """The members, those of other methods told as faults and taken as absent."""
    kept = dict(found)
    for other, keys in keys_of_method.items():
        for key in keys if other != method else ():
            if not found[key].is_absent:
                found[key].fault(
                    gettext_noop("「%(key)s」不屬於計算方式 %(method)s，請刪除或改用 %(other)s。"),
                    key=key,
                    method=method.value,
                    other=other.value,
                )
                kept[key] = found[key].as_absent()
    return kept
