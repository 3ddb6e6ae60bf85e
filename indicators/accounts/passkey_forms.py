"""Passkeys: what a browser sends, or pretends to."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as webauthn
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from indicators.accounts.forms import UNFINISHED, dress

# What fido2 raises where a part is missing or is something else.
BROKEN = (LookupError, TypeError, ValueError, AttributeError, EOFError, struct.error)


@contextmanager
def spoken() -> Iterator[None]:
    try:
        yield
    except BROKEN as error:
        raise ValidationError(UNFINISHED) from error


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, name=_("名稱"))
        self.fields["name"].widget.attrs["maxlength"] = 60
        self.fields["passwordless"].initial = True
        self.fields["credential"].error_messages |= {"required": UNFINISHED, "invalid": UNFINISHED}

    def clean_name(self) -> str:
        return super().clean_name()[:60]

    def clean(self) -> dict[str, Any]:
        with spoken():
            return super().clean()


class RenamePasskeyForm(webauthn.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, name=_("名稱"))
        self.fields["name"].widget.attrs["maxlength"] = 60

    def clean_name(self) -> str:
        return self.cleaned_data["name"][:60]


class _Credential(webauthn.AuthenticateWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].error_messages |= {"required": UNFINISHED, "invalid": UNFINISHED}

    def clean_credential(self) -> Authenticator:
        with spoken():
            return super().clean_credential()


class PasskeyForm(_Credential):
    """The second step of a log-in."""


class PasskeyLogInForm(_Credential, webauthn.LoginWebAuthnForm):
    """Instead of a password."""


class ConfirmPasskeyForm(_Credential, webauthn.ReauthenticateWebAuthnForm):
    """Before something sensitive."""
