"""Whether the promise of a missed target was kept, and how one knows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.forms.steps import REASON_LENGTH, no_control, visible
from indicators.models.follow_ups import OutcomeChoice


class FollowUpForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("改善措施是否兌現"),
        choices=OutcomeChoice.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("請選擇改善措施是否兌現。"),
            "invalid_choice": _("請從已兌現、部分兌現、未兌現中選一項。"),
        },
    )
    note = forms.CharField(
        label=_("依據與說明"),
        help_text=_("寫明做了什麼、在哪裡可以查到；會列入歷程。"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[no_control, visible],
        error_messages={
            "required": _("請寫明依據與說明。"),
            "max_length": _("最多 %(limit_value)d 字，目前 %(show_value)d 字，請縮短。"),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # the browser's own bubbles know no Chinese
            field.widget.use_required_attribute = lambda _initial: False
