"""A grid whose cells are compared one by one with what the person started from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from indicators.figures import Clash, number_text
from indicators.forms.typed import to_number

LONGEST_NUMBER = 200
MINE, THEIRS = "mine", "theirs"


class NumberTextField(forms.CharField):
    """A number as typed; cleans to its text as it is stored, empty where nothing was typed."""

    def __init__(self, label: str, initial: str) -> None:
        super().__init__(max_length=LONGEST_NUMBER, required=False, initial=initial, label=label)
        self.error_messages["max_length"] = _("最多 30 位數字，請縮短。")
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> str:
        try:
            return number_text(to_number(super().clean(value)))
        except ValueError as error:
            raise ValidationError(str(error)) from error


@dataclass(frozen=True, slots=True)
class Choice:
    """A cell with both values, of which the person picks one. `name`: of the radio buttons."""

    clash: Clash
    mine: str
    name: str
    picked: str


class CellsForm(forms.Form):
    """`started`, in the form: the cells as the page showed them; `asked`: those that clashed."""

    def __init__(self, stored: Mapping[str, str], data: Any = None) -> None:
        super().__init__(data, auto_id="%s")
        self.started = dict(stored)
        self.clashes: dict[str, Clash] = {}
        self.new: frozenset[str] = frozenset()
        if data is not None:
            self.started = _object(data.get("started", ""))
            self.clashes = {
                name: Clash(name, self.started[name])
                for name in str(data.get("asked", "")).split()
                if name in self.started
            }

    def add(self, name: str, field: forms.CharField) -> None:
        field.widget.attrs |= {"class": "form-control", "aria-label": field.label}
        self.fields[name] = field

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if any(name in self.data and name not in self.started for name in self.fields):
            raise ValidationError(_("表單不完整，沒有儲存。請重新開啟這一頁再填。"))
        for name in self.clashes:
            if name in self.fields and self.data.get(f"pick-{name}") not in (MINE, THEIRS):
                self.add_error(name, _("請選擇要保留哪一個。"))
        return cleaned

    def changed(self, name: str) -> tuple[str, str] | None:
        """What the person started from and what they want; None where they want nothing else.

        A field of one line has no line breaks: to drop them is no change.
        """
        if name not in self.data or self.data.get(f"pick-{name}") == THEIRS:
            return None
        was, now = self.started[name], self.cleaned_data[name]
        return None if now in (was, "".join(was.splitlines()).strip()) else (was, now)

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

    def choices(self, *cells: forms.BoundField) -> Iterator[Choice]:
        """Of those of the cells that clashed."""
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
