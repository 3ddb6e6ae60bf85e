"""Forms: they shape and refuse what is typed, and never save."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """帳號 and 密碼. One sentence for whatever is wrong with them: it must not tell which."""

    error_messages = {
        "invalid_login": _("帳號或密碼不正確，請核對大小寫後再試一次。"),
        "inactive": _("帳號或密碼不正確，請核對大小寫後再試一次。"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("帳號")
        self.fields["username"].widget.attrs.pop("autofocus", None)
        self.fields["username"].error_messages["required"] = _("請填寫帳號。")
        self.fields["password"].label = _("密碼")
        self.fields["password"].error_messages["required"] = _("請填寫密碼。")
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True  # the page's own form holds the token
        self.helper.form_show_errors = True
