"""Accounts, roles, agencies, units and deputies: shaped and refused, never saved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from indicators.forms.mail_settings import AddressField
from indicators.forms.names import ChoiceIdField, NameField
from indicators.forms.typed import RocDateField
from indicators.models import Role
from indicators.models.fields import CODE

ACCOUNT = r"\A[A-Za-z0-9.@+_-]{2,60}\Z"
LONGEST_NAME = 150
NONE = ("", _("請選擇"))
Choices = Iterable[tuple[str, Any]]
DAY = _("民國年月日，例如 108/1/5。")


def _pattern(pattern: str, sentence: Any) -> RegexValidator:
    return RegexValidator(pattern, sentence)


class SearchForm(forms.Form):
    """What to look for among the accounts; both may be empty."""

    q = forms.CharField(
        label=_("姓名或帳號"),
        required=False,
        max_length=100,
        error_messages={"max_length": _("最多 %(limit_value)d 個字，請縮短。")},
    )
    agency = ChoiceIdField(label=_("機關"), required=False)

    def __init__(self, data: Any, *, agencies: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["agency"].choices = [("", _("全部")), *agencies]  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, Any]:
        """Nothing is looked for by a word or an agency that can't be."""
        self.is_valid()
        found = self.cleaned_data
        return {"words": found.get("q", ""), "agency_id": found.get("agency")}


class AgencySearchForm(forms.Form):
    """Which agencies of a long list are wanted."""

    q = forms.CharField(
        label=_("機關名稱或代碼"),
        required=False,
        max_length=100,
        error_messages={"max_length": _("最多 %(limit_value)d 個字，請縮短。")},
    )

    def words(self) -> str:
        """Nothing is looked for by what can't be; the form says so."""
        self.is_valid()
        return str(self.cleaned_data.get("q", ""))


class PersonNameForm(forms.Form):
    name = NameField(label=_("姓名"), max_length=LONGEST_NAME, required_sentence=_("請填寫姓名。"))


class RoleForm(forms.Form):
    """A role and where it is held; `place` is what the action takes."""

    role = forms.ChoiceField(
        label=_("角色"),
        choices=[NONE, *Role.Name.choices],
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={
            "required": _("請選擇角色。"),
            "invalid_choice": _("這個選項已經不在，請重新選擇。"),
        },
    )
    scope = forms.ChoiceField(
        label=_("範圍"),
        help_text=_("承辦人、主管選機關或科室；研考承辦選機關；其餘角色選全市。"),
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={
            "required": _("請選擇範圍。"),
            "invalid_choice": _("這個選項已經不在，請重新選擇。"),
        },
    )

    def __init__(self, data: Any = None, *, scopes: Choices) -> None:
        super().__init__(data)
        self.fields["scope"].choices = [NONE, *scopes]  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, Any]:
        kind, _dash, pk = self.cleaned_data["scope"].partition("-")
        place = {f"{kind}_id": int(pk)} if pk else {}
        return {"role": self.cleaned_data["role"], **place}


class AccountForm(RoleForm):
    """A new account with its first role."""

    username = forms.CharField(
        label=_("帳號"),
        help_text=_("登入時使用，建立後不能更改。2 至 60 個英文字母、數字或 . @ + - _。"),
        max_length=60,
        validators=[
            _pattern(ACCOUNT, _("帳號請用 2 至 60 個英文字母、數字或 . @ + - _，不留空白。"))
        ],
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        error_messages={
            "required": _("請填寫帳號。"),
            "max_length": _("最多 %(limit_value)d 個字，請縮短。"),
        },
    )
    name = NameField(label=_("姓名"), max_length=LONGEST_NAME, required_sentence=_("請填寫姓名。"))
    address = AddressField(
        label=_("電子郵件（選填）"), help_text=_("待辦提醒寄到這裡；留空就不寄，之後也能填。")
    )
    field_order = ("name", "username", "address", "role", "scope")

    def wanted(self) -> dict[str, Any]:
        own = {key: self.cleaned_data[key] for key in ("username", "name", "address")}
        return {**own, **super().wanted()}


class AgencyForm(forms.Form):
    code = forms.CharField(
        label=_("代碼"),
        help_text=_("網址與指令裡的名稱，建立後不能更改，例如 tc-secretariat。"),
        max_length=40,
        validators=[_pattern(CODE, _("代碼請用 2 至 40 個小寫英文字母、數字或 -。"))],
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        error_messages={
            "required": _("請填寫代碼。"),
            "max_length": _("最多 %(limit_value)d 個字，請縮短。"),
        },
    )
    name = NameField(label=_("機關名稱"), required_sentence=_("請填寫機關名稱。"))


class AgencyNameForm(forms.Form):
    name = NameField(
        label=_("機關名稱"),
        help_text=_("各年度的計畫保留當年的名稱。"),
        required_sentence=_("請填寫機關名稱。"),
    )


class UnitForm(forms.Form):
    name = NameField(label=_("科室名稱"), required_sentence=_("請填寫科室名稱。"))


class DeputyForm(forms.Form):
    """`absent` is asked only of plan managers; everybody else names a deputy for themselves."""

    absent = ChoiceIdField(label=_("請假的人"), required_sentence=_("請選擇請假的人。"))
    deputy = ChoiceIdField(label=_("代理人"), required_sentence=_("請選擇代理人。"))
    first_day = RocDateField(
        label=_("第一天"), help_text=DAY, error_messages={"required": _("請填寫第一天。")}
    )
    last_day = RocDateField(
        label=_("最後一天"), help_text=DAY, error_messages={"required": _("請填寫最後一天。")}
    )

    def __init__(self, data: Any = None, *, absent: Choices, deputies: Choices, own: int) -> None:
        super().__init__(data)
        self.own = own
        self.fields["deputy"].choices = [NONE, *deputies]  # type: ignore[attr-defined]
        people = list(absent)
        if people:
            self.fields["absent"].choices = [NONE, *people]  # type: ignore[attr-defined]
            if len(people) == 1:
                self.fields["absent"].initial = people[0][0]
        else:
            del self.fields["absent"]

    def wanted(self) -> dict[str, Any]:
        found = self.cleaned_data
        return {
            "absent_id": found.get("absent", self.own),
            "deputy_id": found["deputy"],
            "first_day": found["first_day"],
            "last_day": found["last_day"],
        }
