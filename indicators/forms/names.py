"""Names of people, agencies and units, and reasons, as they may be stored."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.models.fields import CONTROL, TITLE_LENGTH, VISIBLE

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONGEST_REASON = 500


class NameField(forms.CharField):
    """One line that can be seen, at most as long as the database takes."""

    def __init__(
        self, *, required_sentence: StrOrPromise, max_length: int = TITLE_LENGTH, **kwargs: Any
    ):
        kwargs["error_messages"] = {
            "required": required_sentence,
            "max_length": gettext_lazy("最多 %(limit_value)d 個字，請縮短。"),
        }
        super().__init__(max_length=max_length, **kwargs)

    def clean(self, value: Any) -> Any:
        name = super().clean(value)
        if name and re.search(CONTROL, name):
            raise ValidationError(_("含有無法顯示的字元，請重新輸入。"))
        if name and not re.search(VISIBLE, name):
            raise ValidationError(self.error_messages["required"])
        return " ".join(name.split(" "))


class ReasonField(forms.CharField):
    """Optional words for the record."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            max_length=LONGEST_REASON,
            error_messages={"max_length": gettext_lazy("最多 %(limit_value)d 個字，請縮短。")},
            **kwargs,
        )


class ChoiceIdField(forms.TypedChoiceField):
    """A choice among rows; cleans to the row's id, None for the empty choice."""

    def __init__(self, *, required_sentence: StrOrPromise = "", **kwargs: Any) -> None:
        sentence = required_sentence or gettext_lazy("這個選項已經不在，請重新選擇。")
        kwargs["error_messages"] = {
            "required": sentence,
            "invalid_choice": gettext_lazy("這個選項已經不在，請重新選擇。"),
        }
        kwargs.setdefault("widget", forms.Select(attrs={"class": "form-select"}))
        super().__init__(coerce=int, empty_value=None, **kwargs)
