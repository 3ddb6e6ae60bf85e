"""An e-mail address, and which letters go there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

ADDRESS = _("電子郵件")
LONGEST_ADDRESS = 254


class AddressField(forms.EmailField):
    """One address; empty is none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            max_length=LONGEST_ADDRESS,
            error_messages={
                "invalid": _("這不是完整的電子郵件，請填成 name@example.gov.tw 的形式。"),
                "max_length": _("最多 %(limit_value)d 個字，請縮短。"),
            },
            **kwargs,
        )
        self.widget.attrs["autocapitalize"] = "none"


class PersonAddressForm(forms.Form):
    """Somebody else's address, by an administrator."""

    address = AddressField(label=ADDRESS, help_text=_("提醒與每週摘要寄到這裡；留空就不寄。"))


class LettersForm(forms.Form):
    """One's own letters. Without `may_set_address` the address is the administrator's to set."""

    address = AddressField(label=ADDRESS, help_text=_("每天最多一封待辦提醒寄到這裡；留空就不寄。"))
    reminders = forms.BooleanField(
        label=_("待辦提醒"),
        help_text=_("工作天早上，只在有到期、逾期、退回或待核定的項目時寄。"),
        required=False,
    )
    weekly = forms.BooleanField(
        label=_("每週摘要"),
        help_text=_("每週一封，寫機關的得分、燈號、這週的進展與下週的期限。"),
        required=False,
    )

    def __init__(self, data: Any = None, *, may_set_address: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["address"].widget.attrs["autocomplete"] = "email"
        if not may_set_address:
            del self.fields["address"]
