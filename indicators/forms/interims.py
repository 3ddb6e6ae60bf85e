"""Interim values as they are typed, period by period; and how an indicator is to be followed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.figures import number_text
from indicators.forms.cells import CellsForm, Choice, NumberTextField
from indicators.forms.names import ReasonField
from indicators.interims import InterimEdit, InterimSettings
from indicators.models.interim_choices import GatherChoice, PathChoice, PeriodChoice
from indicators.scoring.interim import Gather, Interim, Path
from indicators.scoring.periods import Period

NOT_A_CHOICE = gettext_lazy("請從清單中選擇一項。")


def cell(column: int, period: int) -> str:
    return f"v-{column}-{period}"


class InterimForm(CellsForm):
    """A field for each gathered value of a period that has begun.

    `columns` are (number, symbol, name), with the number that the symbol has whatever else is
    asked: what was typed for one input never lands in another. `labels` are the periods' names.
    """

    def __init__(
        self,
        interim: Interim,
        columns: Sequence[tuple[int, str, str]],
        labels: Sequence[str],
        data: Any = None,
    ) -> None:
        self.columns = tuple(columns)
        self.periods = range(1, len(labels) + 1)
        stored = {
            cell(number, period): number_text(interim.value(symbol, period))
            for period in self.periods
            for number, symbol, _name in self.columns
        }
        super().__init__(stored, data)
        for period, label in enumerate(labels, start=1):
            for number, symbol, name in self.columns:
                value = interim.value(symbol, period)
                shown = "" if value is None else format(value, ",f")
                self.add(cell(number, period), NumberTextField(f"{label}　{name}", shown))

    def clean(self) -> dict[str, Any]:
        if self.started.keys() - self.fields.keys():
            raise ValidationError(_("這項指標的期中設定已經變更，沒有儲存。請重新開啟這一頁再填。"))
        return super().clean()

    def edits(self) -> list[InterimEdit]:
        """The values that the person changed; not those where they keep the other's."""
        return [
            InterimEdit(cell(number, period), symbol, period, was=change[0], now=change[1])
            for period in self.periods
            for number, symbol, _name in self.columns
            if (change := self.changed(cell(number, period)))
        ]

    def describe(self, notes: Mapping[tuple[str | None, int], str]) -> None:
        """By symbol and period: the id of the note that says what is doubtful there."""
        for number, symbol, _name in self.columns:
            for period in self.periods:
                if (note := notes.get((symbol, period))) and not self.is_bound:
                    widget = self.fields[cell(number, period)].widget
                    widget.attrs["aria-describedby"] = note

    def row(self, period: int) -> tuple[forms.BoundField, ...]:
        """The fields of a period; none where it has not begun."""
        if period not in self.periods:
            return ()
        return tuple(self[cell(number, period)] for number, _symbol, _name in self.columns)

    def row_choices(self, period: int) -> tuple[Choice, ...]:
        return tuple(self.choices(*self.row(period)))


class InterimSettingsForm(forms.Form):
    """`parts` are (symbol, name) of what could be asked per period; none for staged work.

    `is_listed`: nothing could be asked, as all inputs are lists.
    """

    period = forms.ChoiceField(
        label=gettext_lazy("期別"),
        choices=PeriodChoice.choices,
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"invalid_choice": NOT_A_CHOICE},
    )
    path = forms.ChoiceField(
        label=gettext_lazy("目標路徑"),
        help_text=gettext_lazy("件數、金額等累積的數字選逐期累積；比率選每期都應達到目標。"),
        choices=PathChoice.choices,
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"invalid_choice": NOT_A_CHOICE, "required": NOT_A_CHOICE},
    )

    def __init__(
        self,
        settings: InterimSettings,
        parts: Sequence[tuple[str, str]],
        data: Any = None,
        is_listed: bool = False,
    ) -> None:
        super().__init__(
            data, initial={"period": settings.period.value, "path": settings.path.value}
        )
        self.is_listed = is_listed
        self.symbols = tuple(symbol for symbol, _name in parts)
        for number, (symbol, name) in enumerate(parts):
            self.fields[f"rule-{number}"] = forms.ChoiceField(
                label=_("「%(name)s」的彙整方式") % {"name": name},
                choices=GatherChoice.choices,
                required=False,
                initial=settings.rules[symbol].value,
                widget=forms.Select(attrs={"class": "form-select"}),
                error_messages={"invalid_choice": NOT_A_CHOICE},
            )
        self.now = " ".join(settings.flat().values())
        self.fields["was"] = forms.CharField(
            required=False, initial=self.now, widget=forms.HiddenInput
        )
        self.fields["reason"] = ReasonField(
            label=_("異動原因（選填）"),
            help_text=_("寫入歷程，讓承辦科室知道為什麼調整。"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.data.get("was", self.now) != self.now:
            self.add_error("period", _("剛才有人改過這項設定，請看目前的內容再決定。"))
            self.data = {**self.data.dict(), "was": self.now}  # type: ignore[attr-defined]
        if self.is_listed and cleaned.get("period"):
            self.add_error("period", _("這項指標的基礎資料都是逐列填寫的清單，只能填全年。"))
        rules = [cleaned.get(name, "") for name in self._rule_names()]
        if cleaned.get("period") and rules and not any(rules) and not self.errors:
            self.add_error("rule-0", ValidationError(_("要分期填報，請至少選一項的彙整方式。")))
        return cleaned

    def wanted(self) -> InterimSettings:
        rules = (Gather(self.cleaned_data[name]) for name in self._rule_names())
        return InterimSettings(
            period=Period(self.cleaned_data["period"]),
            path=Path(self.cleaned_data["path"]),
            rules=dict(zip(self.symbols, rules, strict=True)),
        )

    def _rule_names(self) -> list[str]:
        return [f"rule-{number}" for number in range(len(self.symbols))]

    def rule_fields(self) -> Iterator[forms.BoundField]:
        for name in self._rule_names():
            yield self[name]
