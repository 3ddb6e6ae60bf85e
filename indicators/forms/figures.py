"""Work statistics as they are typed, in a grid of as many rows as the person may fill in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from indicators.figures import FIELDS, Clash, FigureEdit, FigureLine, cell, number_text
from indicators.forms.typed import to_number
from indicators.models.fields import CONTROL

LONGEST_SOURCE = 2000
LONGEST_NUMBER = 200
MINE, THEIRS = "mine", "theirs"
CONTROLS = re.compile(CONTROL)


class NumberTextField(forms.CharField):
    """A number as typed; cleans to its text as it is stored, empty where nothing was typed."""

    def clean(self, value: Any) -> str:
        try:
            return number_text(to_number(super().clean(value)))
        except ValueError as error:
            raise ValidationError(str(error)) from error


class SourceField(forms.CharField):
    default_validators = []  # its own sentence for what can't be stored, a NUL among it

    def clean(self, value: Any) -> str:
        text = str(self.to_python(value))
        if CONTROLS.search(text):
            raise ValidationError(_("資料來源裡有看不見的控制字元，請刪除後重填。"))
        if len(text) > LONGEST_SOURCE:
            raise ValidationError(
                _("資料來源最多 %(limit)s 字，請縮短。") % {"limit": LONGEST_SOURCE}
            )
        return text


@dataclass(frozen=True, slots=True)
class Choice:
    """A cell with both values, of which the person picks one. `name`: of the radio buttons."""

    clash: Clash
    mine: str
    name: str
    picked: str


@dataclass(frozen=True, slots=True)
class GridRow:
    """`value` and `source` None: the person only reads this figure."""

    line: FigureLine
    value: forms.BoundField | None
    source: forms.BoundField | None
    choices: tuple[Choice, ...] = ()


class FiguresForm(forms.Form):
    """`started`, in the form: the cells as the page showed them; `asked`: those that clashed."""

    def __init__(self, lines: Iterable[FigureLine], data: Any = None) -> None:
        super().__init__(data, auto_id="%s")
        self.lines = tuple(lines)
        self.started = {name: text for line in self.lines for name, text in line.cells().items()}
        self.clashes: dict[str, Clash] = {}
        self.new: frozenset[str] = frozenset()
        if data is not None:
            self.started = _object(data.get("started", ""))
            self.clashes = {
                name: Clash(name, self.started[name])
                for name in str(data.get("asked", "")).split()
                if name in self.started
            }
        for line in self.lines:
            self._add(line)

    def _add(self, line: FigureLine) -> None:
        value = "" if line.value is None else format(line.value, ",f")
        number = NumberTextField(max_length=LONGEST_NUMBER, required=False, initial=value)
        number.error_messages["max_length"] = _("最多 30 位數字，請縮短。")
        number.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}
        number.label = _("%(figure)s　本年數值") % {"figure": line.label}
        source = SourceField(required=False, initial=line.source)
        source.label = _("%(figure)s　資料來源") % {"figure": line.label}
        self.fields[cell("value", line.pk)] = number
        self.fields[cell("source", line.pk)] = source
        for field in (number, source):
            field.widget.attrs |= {"class": "form-control", "aria-label": field.label}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if any(name in self.data and name not in self.started for name in self.fields):
            raise ValidationError(_("表單不完整，沒有儲存。請重新開啟這一頁再填。"))
        for name in self.clashes:
            if name in self.fields and self.data.get(f"pick-{name}") not in (MINE, THEIRS):
                self.add_error(name, _("請選擇要保留哪一個。"))
        return cleaned

    def edits(self) -> list[FigureEdit]:
        """The cells that the person changed; not those where they keep the other's value."""
        return [
            edit
            for line in self.lines
            for field in FIELDS
            if (edit := self._edit(line.pk, field)) and not _is_same(edit)
        ]

    def _edit(self, pk: int, field: str) -> FigureEdit | None:
        name = cell(field, pk)
        if name not in self.data or self.data.get(f"pick-{name}") == THEIRS:
            return None
        return FigureEdit(pk, field, was=self.started[name], now=self.cleaned_data[name])

    def ask(self, clashes: Iterable[Clash]) -> None:
        """From now on the form starts from what is stored there, and asks which to keep."""
        found = {clash.cell: clash for clash in clashes}
        self.new = frozenset(found)  # not picked yet, even if the same cell was before
        self.clashes |= found
        self.started |= {name: clash.theirs for name, clash in found.items()}

    # What the page prints --------------------------------------------------------------------

    def started_text(self) -> str:
        return json.dumps(self.started, ensure_ascii=False, separators=(",", ":"))

    def asked_text(self) -> str:
        return " ".join(self.clashes)

    def rows(self, lines: Iterable[FigureLine]) -> Iterator[GridRow]:
        """All of the plan's figures, in their order."""
        mine = {line.pk for line in self.lines}
        for line in lines:
            if line.pk in mine:
                value, source = (self[cell(field, line.pk)] for field in FIELDS)
                yield GridRow(line, value, source, tuple(self._choices(value, source)))
            else:
                yield GridRow(line, None, None)

    def _choices(self, *cells: forms.BoundField) -> Iterator[Choice]:
        for bound in cells:
            clash = self.clashes.get(bound.name)
            if clash is not None:
                name = f"pick-{bound.name}"
                picked = "" if bound.name in self.new else str(self.data.get(name, ""))
                yield Choice(clash, str(bound.value() or ""), name, picked)


def _object(text: str) -> dict[str, str]:
    """A JSON object of texts; nothing of it counts if it is anything else."""
    try:
        found = json.loads(text)
        json.dumps(found, ensure_ascii=False).encode()  # half a character can't be shown again
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, Mapping):
        return {}
    return {str(key): value for key, value in found.items() if isinstance(value, str)}


def _is_same(edit: FigureEdit) -> bool:
    """A field of one line has no line breaks: to drop them is no change."""
    return edit.now in (edit.was, "".join(edit.was.splitlines()).strip())
