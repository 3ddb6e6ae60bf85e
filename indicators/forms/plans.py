"""Which plans of a long list are wanted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.forms.names import ChoiceIdField
from indicators.models import Plan


class PlanSearchForm(forms.Form):
    """Read from the address; everything may be left out."""

    q = forms.CharField(
        label=_("機關名稱或代碼"),
        required=False,
        max_length=100,
        error_messages={"max_length": _("最多 %(limit_value)d 個字，請縮短。")},
    )
    year = ChoiceIdField(label=_("年度"), required=False)
    state = forms.ChoiceField(
        label=_("狀態"),
        required=False,
        choices=[("", _("全部")), *Plan.Status.choices],
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"invalid_choice": _("這個選項已經不在，請重新選擇。")},
    )

    def __init__(self, data: Any, *, years: Iterable[int]) -> None:
        super().__init__(data)
        numbers = [(str(year), str(year)) for year in years]
        self.fields["year"].choices = [("", _("全部")), *numbers]  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, Any]:
        """Nothing is looked for by what can't be; the form says so."""
        self.is_valid()
        found = self.cleaned_data
        return {
            "words": found.get("q", ""),
            "year": found.get("year"),
            "status": found.get("state", ""),
        }
