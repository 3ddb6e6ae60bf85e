"""Work statistics as they are typed, in a grid of as many rows as the person may fill in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from indicators.figures import FIELDS, FigureEdit, FigureLine, cell
from indicators.forms.cells import CellsForm, Choice, NumberTextField
from indicators.models.fields import CONTROL

LONGEST_SOURCE = 2000
CONTROLS = re.compile(CONTROL)


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
class GridRow:
    """`value` and `source` None: the person only reads this figure."""

    line: FigureLine
    value: forms.BoundField | None
    source: forms.BoundField | None
    choices: tuple[Choice, ...] = ()


class FiguresForm(CellsForm):
    """The cells of the lines that the person may fill in."""

    def __init__(self, lines: Iterable[FigureLine], data: Any = None) -> None:
        self.lines = tuple(lines)
        super().__init__(
            {name: text for line in self.lines for name, text in line.cells().items()}, data
        )
        for line in self.lines:
            self._add(line)

    def _add(self, line: FigureLine) -> None:
        value = "" if line.value is None else format(line.value, ",f")
        label = _("%(figure)s　本年數值") % {"figure": line.label}
        self.add(cell("value", line.pk), NumberTextField(label, value))
        source = SourceField(required=False, initial=line.source)
        source.label = _("%(figure)s　資料來源") % {"figure": line.label}
        self.add(cell("source", line.pk), source)

    def edits(self) -> list[FigureEdit]:
        """The cells that the person changed; not those where they keep the other's value."""
        return [
            FigureEdit(line.pk, field, was=change[0], now=change[1])
            for line in self.lines
            for field in FIELDS
            if (change := self.changed(cell(field, line.pk)))
        ]

    def rows(self, lines: Iterable[FigureLine]) -> Iterator[GridRow]:
        """All of the plan's figures, in their order."""
        mine = {line.pk for line in self.lines}
        for line in lines:
            if line.pk in mine:
                value, source = (self[cell(field, line.pk)] for field in FIELDS)
                yield GridRow(line, value, source, tuple(self.choices(value, source)))
            else:
                yield GridRow(line, None, None)
