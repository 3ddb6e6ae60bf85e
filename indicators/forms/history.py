"""What of the history is wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.event_queries import SERVER, Choices, EventFilter
from indicators.forms.typed import RocDateField

LARGEST = 2**62


class HistoryFilterForm(forms.Form):
    """Read from the address; everything may be left out. `before` and `after` turn pages."""

    person = forms.ChoiceField(label=_("人員"), required=False)
    action = forms.ChoiceField(label=_("動作"), required=False)
    indicator = forms.ChoiceField(label=_("衡量指標"), required=False)
    since = RocDateField(label=_("從"), required=False, help_text=_("例如 108/1/5"))
    until = RocDateField(label=_("到"), required=False, help_text=_("例如 108/1/31"))
    before = forms.IntegerField(required=False, min_value=0, max_value=LARGEST)
    after = forms.IntegerField(required=False, min_value=0, max_value=LARGEST)

    def __init__(self, data: Any, *, choices: Choices, action_word: Callable[[str], str]) -> None:
        super().__init__(data)
        everybody, everything = ("", _("所有人")), ("", _("所有動作"))
        people = [(key, name if key != SERVER else _("伺服器指令")) for key, name in choices.people]
        actions = [(action, action_word(action)) for action in choices.actions]
        self._choose("person", [everybody, *people])
        self._choose("action", [everything, *actions])
        self._choose("indicator", [("", _("所有指標與計畫")), *choices.indicators])
        if not choices.indicators:
            del self.fields["indicator"]
        for name in ("person", "action", "indicator"):
            if name in self.fields:
                self.fields[name].error_messages["invalid_choice"] = _(
                    "清單裡沒有這個選項，請重新選擇。"
                )

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("「到」比「從」早，請核對兩個日期。"))
        return cleaned

    def wanted(self, indicator: int | None = None) -> EventFilter:
        """Of a valid form; `indicator` where the page is of one."""
        cleaned = self.cleaned_data
        chosen = cleaned.get("indicator")
        return EventFilter(
            person=int(cleaned["person"]) if cleaned["person"] else None,
            action=cleaned["action"],
            indicator=indicator or (int(chosen) if chosen else None),
            since=cleaned["since"],
            until=cleaned["until"],
        )
