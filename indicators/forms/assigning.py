"""Owners and deadlines of a whole plan in one form: a field for each cell of its tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Protocol

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.forms.names import ChoiceIdField, ReasonField
from indicators.forms.typed import FIRST_ROC_YEAR, RocDateField

LATER_YEARS = 2  # after the plan's own, or after today


class Owned(Protocol):
    """A row that a unit is responsible for."""

    @property
    def pk(self) -> int: ...
    @property
    def owner_id(self) -> int | None: ...


class Dated(Owned, Protocol):
    @property
    def title(self) -> str: ...
    @property
    def due(self) -> date | None: ...


class Named(Owned, Protocol):
    @property
    def label(self) -> str: ...


class AssignForm(forms.Form):
    """What differs from what the page showed counts as a change, and nothing else.

    The values shown travel along hidden: what somebody else has changed meanwhile is not undone.
    """

    due = RocDateField(
        label=gettext_lazy("整份計畫的期限"),
        help_text=gettext_lazy("民國年月日，例如 108/1/18；指標沒有另訂期限時，用這個日期。"),
        required=False,
        show_hidden_initial=True,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        due: date | None,
        units: Sequence[tuple[str, str]],
        indicators: Sequence[Dated],
        figures: Sequence[Named],
        year: int,
        today: date,
    ) -> None:
        super().__init__(data, initial={"due": due})
        self.first = date(FIRST_ROC_YEAR - 1 + year, 1, 1)
        self.last = date(max(self.first.year, today.year) + LATER_YEARS, 12, 31)
        self.indicators, self.figures = indicators, figures
        self.units = [("", "—"), *units]
        for row in indicators:
            self._add_owner(f"indicator-{row.pk}", row.title, row.owner_id)
            self._add_due(row)
        for line in figures:
            self._add_owner(f"figure-{line.pk}", line.label, line.owner_id)
        self.fields["reason"] = ReasonField(
            label=_("異動原因（選填）"),
            help_text=_("寫入歷程，讓承辦科室知道為什麼調整。"),
        )

    def _add_owner(self, name: str, title: str, owner_id: int | None) -> None:
        label = _("%(title)s　負責單位") % {"title": title}
        attrs = {"class": "form-select", "aria-label": label}
        self.fields[name] = ChoiceIdField(
            label=label,
            choices=self.units,
            required=False,
            initial="" if owner_id is None else str(owner_id),
            show_hidden_initial=True,
            widget=forms.Select(attrs=attrs),
        )

    def _add_due(self, row: Dated) -> None:
        label = _("%(title)s　期限") % {"title": row.title}
        attrs = {"class": "form-control", "aria-label": label, "size": "10"}
        self.fields[f"due-{row.pk}"] = RocDateField(
            label=label,
            required=False,
            initial=row.due,
            show_hidden_initial=True,
            widget=forms.TextInput(attrs=attrs),
        )

    def clean(self) -> dict[str, Any]:
        """A year that was mistyped is caught here: nothing is due before the plan's year."""
        for name, value in list(self.cleaned_data.items()):
            if isinstance(value, date) and not self.first <= value <= self.last:
                self.add_error(name, ValidationError(self._out_of_years()))
        return self.cleaned_data

    def _out_of_years(self) -> str:
        years = {"first": self.first.year, "last": self.last.year}
        roc = {key: year - FIRST_ROC_YEAR + 1 for key, year in years.items()}
        return _("期限應在民國 %(first)s 年到 %(last)s 年之間，請核對年份。") % roc

    def wanted(self) -> dict[str, dict[Any, Any]]:
        """The changes, as `actions.assigning.Assignment` takes them."""
        found: dict[str, dict[Any, Any]] = {"plan": {}, "indicators": {}, "figures": {}}
        for name in self.changed_data:
            kind, _dash, pk = name.partition("-")
            value = self.cleaned_data[name]
            if name == "due":
                found["plan"]["due"] = value
            elif kind == "due":
                found["indicators"].setdefault(int(pk), {})["due"] = value
            elif pk:
                found[f"{kind}s"].setdefault(int(pk), {})["owner"] = value
        return found

    def indicator_rows(self) -> Iterator[tuple[Dated, forms.BoundField, forms.BoundField]]:
        for row in self.indicators:
            yield row, self[f"indicator-{row.pk}"], self[f"due-{row.pk}"]

    def figure_rows(self) -> Iterator[tuple[Named, forms.BoundField]]:
        for row in self.figures:
            yield row, self[f"figure-{row.pk}"]
