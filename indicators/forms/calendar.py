"""A day on which an agency differs from the official calendar."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.entries import roc
from indicators.forms.names import NameField
from indicators.forms.typed import RocDateField

OFF, WORKED = "off", "worked"


class CalendarDayForm(forms.Form):
    day = RocDateField(
        label=gettext_lazy("日期"),
        help_text=gettext_lazy("民國年月日，例如 108/8/9。"),
        error_messages={"required": gettext_lazy("請填寫日期。")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("這一天"),
        choices=[
            (OFF, gettext_lazy("放假，例如颱風停班")),
            (WORKED, gettext_lazy("上班，例如補行上班")),
        ],
        initial=OFF,
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={
            "required": gettext_lazy("請選擇放假或上班。"),
            "invalid_choice": gettext_lazy("請選擇放假或上班。"),
        },
    )
    note = NameField(
        label=gettext_lazy("原因"),
        help_text=gettext_lazy("例如「颱風停班」，寫入歷程。"),
        required_sentence=gettext_lazy("請寫明原因，例如颱風停班。"),
    )

    def __init__(self, data: Any = None, *, first: date, last: date) -> None:
        super().__init__(data)
        self.first, self.last = first, last

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if not self.first <= day <= self.last:
            span = {"first": roc(self.first), "last": roc(self.last)}
            raise ValidationError(_("日期應在 %(first)s 到 %(last)s 之間，請核對年份。") % span)
        return day

    def wanted(self) -> dict[str, Any]:
        found = self.cleaned_data
        return {
            "day": found["day"],
            "is_workday": found["kind"] == WORKED,
            "note": found["note"],
        }
