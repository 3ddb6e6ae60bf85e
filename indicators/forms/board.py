"""What the board changes of one indicator: its deadline, its unit. Each with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.entries import roc
from indicators.forms.assigning import LATER_YEARS
from indicators.forms.names import LONGEST_REASON, ChoiceIdField, NameField
from indicators.forms.typed import RocDateField


def _reason_field() -> NameField:
    return NameField(
        label=gettext_lazy("原因"),
        help_text=gettext_lazy("寫入歷程，讓承辦科室知道為什麼調整。"),
        required_sentence=gettext_lazy("請寫明原因。"),
        max_length=LONGEST_REASON,
    )


def _still(form: forms.Form, field: str, now: object) -> dict[str, Any]:
    """Refuses what was begun before somebody else changed the same; `was` is what the page showed.

    What is shown next is what is stored now.
    """
    current = str(now or "")
    if form.data.get("was", current) != current:
        form.add_error(field, ValidationError(_("剛才有人改過這一項，請看目前的內容再決定。")))
        form.data = {**form.data.dict(), "was": current}  # type: ignore[attr-defined]
    return form.cleaned_data


def _was_field(now: object) -> forms.CharField:
    return forms.CharField(required=False, initial=str(now or ""), widget=forms.HiddenInput)


class ExtendForm(forms.Form):
    """`due`: the day until now, None where none is set.

    Later than the whole plan's deadline (`plan_due`) only where that is said to be meant.
    """

    due = RocDateField(
        label=gettext_lazy("新期限"),
        help_text=gettext_lazy("民國年月日，例如 108/1/18。"),
        error_messages={"required": gettext_lazy("請填寫新期限。")},
    )
    beyond = forms.BooleanField(required=False)
    reason = _reason_field()

    def __init__(
        self,
        data: Any = None,
        *,
        due: date | None,
        plan_due: date | None,
        year: int,
        today: date,
    ) -> None:
        super().__init__(data)
        self.until_now, self.plan_due, self.today = due, plan_due, today
        if plan_due is None:
            del self.fields["beyond"]
        else:
            sentence = _("這項指標在整份計畫的期限 %(day)s 之後才到期")
            self.fields["beyond"].label = sentence % {"day": roc(plan_due)}
        self.fields["was"] = _was_field(due and due.isoformat())
        self.last = date(max(year + 1911, today.year) + LATER_YEARS, 12, 31)

    def clean(self) -> dict[str, Any]:
        due = self.cleaned_data.get("due")
        if due and self.plan_due and due > self.plan_due and not self.cleaned_data["beyond"]:
            sentence = _("新期限晚於整份計畫的期限；確定時請勾選，否則請提早新期限。")
            self.add_error("beyond", sentence)
        return _still(self, "due", self.until_now and self.until_now.isoformat())

    def clean_due(self) -> date:
        due: date = self.cleaned_data["due"]
        if due < self.today:
            raise ValidationError(_("新期限已經過去，請填今天或以後的日期。"))
        if self.until_now is not None and due <= self.until_now:
            day = {"day": roc(self.until_now)}
            raise ValidationError(_("新期限應晚於目前的期限 %(day)s。") % day)
        if due > self.last:
            day = {"day": roc(self.last)}
            raise ValidationError(_("新期限不能晚於 %(day)s，請核對年份。") % day)
        return due


class ReassignForm(forms.Form):
    """Of all units but the present one."""

    owner = ChoiceIdField(
        label=gettext_lazy("新的負責科室"), required_sentence=gettext_lazy("請選擇科室。")
    )
    reason = _reason_field()

    def __init__(
        self, data: Any = None, *, units: Sequence[tuple[str, str]], owner: int | None
    ) -> None:
        super().__init__(data)
        self.now = owner
        self.fields["was"] = _was_field(owner)
        self.fields["owner"].choices = [("", "—"), *units]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        return _still(self, "owner", self.now)
