"""The way back from an entry's flat form, as JSON keeps it in steps and in the history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from indicators.entries.entry import Entry, Rows, Stage
from indicators.records import IndicatorRecord, Review
from indicators.scoring.types import InputRow


def entry_from_stored(values: Mapping[str, Any], record: IndicatorRecord) -> Entry:
    """The inverse of `Entry.flat`, for the inputs and stages that the indicator has."""
    return Entry(
        inputs={i.symbol: _input(values.get(f"input:{i.symbol}")) for i in record.spec.inputs},
        stages=tuple(
            _stage(values.get(f"stage:{number}"))
            for number in range(1, len(record.spec.milestones) + 1)
        ),
        actual=_decimal(values.get("actual")),
        analysis=values.get("analysis") or "",
        review=Review(
            cause=values.get("review:cause") or "",
            action=values.get("review:action") or "",
            responsible=values.get("review:responsible") or "",
            due=stored_date(values.get("review:due")),
        ),
    )


def stored_date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _input(value: Any) -> Decimal | Rows | None:
    if isinstance(value, list):
        return tuple(InputRow(label, _decimal(number)) for label, number in value)
    return _decimal(value)


def _stage(value: Any) -> Stage:
    done, day = value or (None, None)
    return Stage(done, stored_date(day))


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
