"""A comment, and whom it is brought to the notice of."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.comment_queries import Party
from indicators.forms.mentions import named_in
from indicators.forms.steps import no_control
from indicators.models import Role
from indicators.models.comments import COMMENT_LENGTH
from indicators.models.fields import VISIBLE

EMPTY = gettext_lazy("請寫下意見。")


class TextField(forms.CharField):
    """Lines end as the database keeps them, so that none counts twice."""

    def to_python(self, value: Any) -> Any:
        return str(super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class CommentForm(forms.Form):
    """`parties` may all be named with `@`; those near the indicator also stand as check boxes.

    `thread` is the one that is answered, None for a new one; its form has ids of its own.
    """

    text = TextField(
        label=gettext_lazy("意見內容"),
        max_length=COMMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[no_control, RegexValidator(VISIBLE, EMPTY)],
        error_messages={
            "required": EMPTY,
            "max_length": gettext_lazy("最多 %(limit_value)d 字，目前 %(show_value)d 字，請縮短。"),
        },
    )
    told = forms.MultipleChoiceField(
        label=gettext_lazy("通知"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": gettext_lazy("要通知的人裡，有人看不到這份計畫，請重新勾選。")
        },
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        parties: Sequence[Party],
        own: int,
        thread: int | None = None,
        told: Collection[int] = (),
    ) -> None:
        prefix = "new" if thread is None else f"answer-{thread}"
        super().__init__(data, auto_id=f"{prefix}-%s", initial={"told": [str(k) for k in told]})
        self.thread, self.parties, self.own = thread, parties, own
        named = {str(key) for key in told} | set(data.getlist("told") if data else ())
        offered = [
            (str(p.user_id), party_words(p))
            for p in parties
            if p.user_id != own and (p.is_near or str(p.user_id) in named)
        ]
        self.fields["told"].choices = offered  # type: ignore[attr-defined]
        if thread is not None:
            self.fields["text"].label = _("回覆")
        self.fields["text"].widget.use_required_attribute = lambda _initial: False

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        self.named = named_in(text, self.parties)
        if self.named.unclear:
            names = _("、").join(f"@{name}" for name in self.named.unclear)
            raise ValidationError(
                _("「%(names)s」對不到一位可以通知的人；請改在「通知」勾選，或去掉 @。")
                % {"names": names}
            )
        return text

    def wanted(self) -> dict[str, Any]:
        chosen = {int(key) for key in self.cleaned_data["told"]}
        told = chosen | (self.named.users - {self.own})
        return {"text": self.cleaned_data["text"], "told": told, "thread_id": self.thread}


def party_words(party: Party) -> str:
    """王承辦（承辦人　採購管理科）"""
    role = str(Role.Name(party.role).label)
    part = f"{role}　{party.unit}" if party.unit else role
    return _("%(name)s（%(part)s）") % {"name": party.person, "part": part}
