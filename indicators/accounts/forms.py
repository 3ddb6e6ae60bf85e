"""The forms of accounts: our words and our look on what allauth checks."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from indicators import models
from indicators.accounts import adapters, callers, lockout, passwords

CODE = _("驗證碼")
UNFINISHED = _("通行密鑰沒有完成。請再試一次，或改用其他方式。")
REQUIRED = {
    "username": _("請填寫帳號。"),
    "password": _("請填寫密碼。"),
    "oldpassword": _("請填寫現在的密碼。"),
    "password1": _("請填寫新密碼。"),
    "password2": _("請再填一次新密碼。"),
    "code": _("請填寫驗證碼。"),
    "name": _("請填寫名稱。"),
}


def dress(form: forms.Form, **labels: Any) -> None:
    """Labels and sentences of ours, and no placeholder that repeats the label."""
    for name, label in labels.items():
        field = form.fields[name]
        field.label = label
        field.help_text = ""
        field.widget.attrs.pop("placeholder", None)
        field.error_messages["required"] = REQUIRED[name]


class SignInForm(account.LoginForm):
    """帳號 and 密碼. One sentence for whatever is wrong with them: it must not tell which."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["login"]
        self.fields["username"] = UsernameField(max_length=callers.LONGEST_NAME)
        self.order_fields(["username", "password"])
        dress(self, username=_("帳號"), password=_("密碼"))

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["login"] = self.cleaned_data.get("username", "").strip()
        return super().clean()


class _CountedCode(forms.Form):
    """A code is not even looked at while the account is locked."""

    user: models.User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, code=CODE)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "maxlength": 20}

    def clean_code(self) -> str:
        if lockout.is_locked(context.request, self.user):
            raise ValidationError(adapters.WAIT)
        return super().clean_code()  # type: ignore[misc]


class CodeForm(_CountedCode, mfa.AuthenticateForm):
    """The second step of a log-in."""


class ConfirmCodeForm(_CountedCode, mfa.ReauthenticateForm):
    """Before something sensitive."""


class ConfirmPasswordForm(account.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, password=_("密碼"))


class ActivateAppForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, code=CODE)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "maxlength": 20}


def _same_twice(form: forms.Form) -> None:
    first, second = (form.cleaned_data.get(name) for name in ("password1", "password2"))
    if first and second and first != second:
        form.add_error("password2", _("兩次填寫的新密碼不同。"))


class ChangePasswordForm(account.ChangePasswordForm):
    """A wrong present password counts like one at the log-in page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(
            self, oldpassword=_("現在的密碼"), password1=_("新密碼"), password2=_("再填一次新密碼")
        )
        self.fields["password1"].help_text = passwords.HINT

    def clean_oldpassword(self) -> str:
        typed = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, typed):
            raise get_adapter().validation_error("enter_current_password")
        return typed

    def clean(self) -> dict[str, Any]:
        _same_twice(self)
        return self.cleaned_data


class NewPasswordForm(forms.Form):
    """Behind a link that was issued."""

    password1 = forms.CharField(
        strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    password2 = forms.CharField(
        strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, user: models.User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        dress(self, password1=_("新密碼"), password2=_("再填一次新密碼"))
        self.fields["password1"].help_text = passwords.HINT

    def clean_password1(self) -> str:
        validate_password(self.cleaned_data["password1"], self.user)
        return self.cleaned_data["password1"]

    def clean(self) -> dict[str, Any]:
        _same_twice(self)
        return self.cleaned_data
