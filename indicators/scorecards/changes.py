"""An entry's fields and values in words: for a conflict, and for what a review has changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.entries import roc
from indicators.scorecards.steps import NOT_REPORTED, as_written
from indicators.scorecards.words import done_word
from indicators.scoring.types import Indicator

PARTS = {
    "cause": gettext_lazy("未達原因"),
    "action": gettext_lazy("改善措施"),
    "responsible": gettext_lazy("負責人或單位"),
    "due": gettext_lazy("完成期限"),
}


def field_words(field: str, spec: Indicator) -> str:
    """A field of `Entry.flat` by the name that its page gives it."""
    kind, _colon, rest = field.partition(":")
    if kind == "input":
        given = next((item for item in spec.inputs if item.symbol == rest), None)
        return (given.label or given.symbol) if given else rest
    if kind == "stage":
        number = int(rest)
        known = number <= len(spec.milestones)
        return spec.milestones[number - 1].title if known else _("工作項目 %s") % rest
    if kind == "review":
        return str(PARTS[rest])
    return _("分析") if kind == "analysis" else _("達成目標值")


def value_words(value: Any) -> str:
    """A value of `Entry.flat`; — where nothing is entered."""
    match value:
        case None | "":
            return NOT_REPORTED
        case Decimal():
            return as_written(value)
        case date():
            return roc(value)
        case [bool() | None as done, date() | None as day]:
            return f"{done_word(done)} {roc(day)}".strip()
        case list():
            return _rows(value) or NOT_REPORTED
    return str(value)


def _rows(rows: Sequence[Sequence[Any]]) -> str:
    return "、".join(f"{label} {as_written(number)}" for label, number in rows)
