"""What goes with a step: a reason, remarks on single fields, what is to be corrected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from indicators.models.fields import CONTROL, VISIBLE

REASON_LENGTH = 2000
NOTE_LENGTH = 500
no_control = RegexValidator(
    CONTROL, _("文字中有看不見的控制字元，請重新輸入這段文字。"), inverse_match=True
)
visible = RegexValidator(VISIBLE, _("請寫明原因。"))


def _too_long(limit: int) -> Any:
    return _("最多 %(limit_value)d 字，目前 %(show_value)d 字，請縮短。")


class ReasonForm(forms.Form):
    """Why something goes back."""

    reason = forms.CharField(
        label=_("退回原因"),
        help_text=_("寫明哪一格、哪裡不符、要怎麼改。"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[no_control, visible],
        error_messages={"required": _("請寫明原因。"), "max_length": _too_long(REASON_LENGTH)},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # the browser's own bubbles know no Chinese
            field.widget.use_required_attribute = lambda _initial: False


class ReturnForm(ReasonForm):
    """Back to the clerk. `fields` are the entry's fields with their words, in order."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, fields: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._keys = {f"note-{number}": key for number, key in enumerate(fields)}
        for name, key in self._keys.items():
            self.fields[name] = forms.CharField(
                label=fields[key],
                required=False,
                max_length=NOTE_LENGTH,
                validators=[no_control],
                error_messages={"max_length": _too_long(NOTE_LENGTH)},
            )

    def notes(self) -> dict[str, str]:
        """The remarks that were made, by field of the entry."""
        given = {key: self.cleaned_data[name] for name, key in self._keys.items()}
        return {key: text for key, text in given.items() if text}

    def note_fields(self) -> Iterator[forms.BoundField]:
        return (self[name] for name in self._keys)

    def has_notes(self) -> bool:
        return any(field.value() for field in self.note_fields())


class ReopenForm(ReasonForm):
    """Which indicators of a plan are to be corrected, and why."""

    indicators = forms.MultipleChoiceField(
        label=_("要補正的指標"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("請至少勾選一項要補正的指標。"),
            "invalid_choice": _("勾選的指標不在這份計畫裡，請重新勾選。"),
        },
    )

    def __init__(self, *args: Any, choices: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["indicators"].choices = [(str(pk), title) for pk, title in choices]  # type: ignore[attr-defined]

    def chosen(self) -> list[int]:
        return [int(pk) for pk in self.cleaned_data["indicators"]]


class CorrectForm(ReopenForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("更正理由")
        self.fields["reason"].help_text = _("會印在更正版本的報告上，請寫明更正什麼、為什麼。")
        self.fields["indicators"].label = _("要更正的指標")
