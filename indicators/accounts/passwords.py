"""What a password must be, and the one way to change it."""

from __future__ import annotations

import unicodedata
from datetime import datetime

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators import locking, models
from indicators.accounts import events

KINDS = 3  # of the four: capitals, small letters, digits, everything else
SAVED = ["password", "former_passwords", "must_change_password", "enabled_at"]


@locking.retry
@transaction.atomic
def change(
    user: models.User, password: str, *, by: models.User | None, now: datetime, action: str
) -> None:
    """A new password that its owner knows; whoever else is logged in with the old one is out."""
    user.set_password(password)
    user.must_change_password = False
    user.enabled_at = now
    user.save(update_fields=SAVED)
    models.PasswordReset.objects.filter(user=user.pk).delete()
    events.note(action, user=user, by=by, now=now)


class KindsValidator:
    """Letters, digits and signs mixed. A Chinese character counts as a sign."""

    def validate(self, password: str, user: models.User | None = None) -> None:
        if len({_kind(char) for char in password}) < KINDS:
            raise ValidationError(self.get_help_text(), code="password_too_uniform")

    def get_help_text(self) -> str:
        return _("密碼應包含大寫字母、小寫字母、數字與符號中的三種。")


def _kind(char: str) -> str:
    category = unicodedata.category(char)
    return category if category in {"Lu", "Ll", "Nd"} else "other"


class FormerPasswordValidator:
    """Neither the present password nor one of the three before it."""

    def validate(self, password: str, user: models.User | None = None) -> None:
        known = [user.password, *user.former_passwords] if user else []
        if any(check_password(password, encoded) for encoded in known if encoded):
            raise ValidationError(self.get_help_text(), code="password_used_before")

    def get_help_text(self) -> str:
        return _("密碼不可與現在的或前三次的相同。")


HINT = gettext_lazy(
    "至少 12 個字，包含大寫字母、小寫字母、數字與符號中的三種；不可與帳號相近，"
    "也不可與現在的或前三次的密碼相同。"
)
