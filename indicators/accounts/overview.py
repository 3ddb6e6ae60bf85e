"""What the page 「帳號與密碼」 shows of one account."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from indicators import models

Kind = Authenticator.Type
# The first that fits: most browsers name others, too.
BROWSERS = [("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome")]
BROWSERS += [("CriOS", "Chrome"), ("Safari", "Safari")]
SYSTEMS = [("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad")]
SYSTEMS += [("Mac OS", "macOS"), ("Linux", "Linux")]


@dataclass(frozen=True, slots=True)
class Passkey:
    pk: int
    name: str
    added_at: datetime
    used_at: datetime | None
    is_passwordless: bool


@dataclass(frozen=True, slots=True)
class Session:
    started_at: datetime
    address: str
    browser: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Overview:
    has_password: bool
    app_since: datetime | None
    passkeys: tuple[Passkey, ...]
    codes_left: int | None  # None: there are no recovery codes
    sessions: tuple[Session, ...]

    @property
    def has_second_factor(self) -> bool:
        return self.app_since is not None or bool(self.passkeys)

    @property
    def has_other_sessions(self) -> bool:
        return any(not session.is_current for session in self.sessions)


def overview(user: models.User, session_key: str | None) -> Overview:
    """2 queries and 2 a session: allauth looks whether each still opens something."""
    factors = list(Authenticator.objects.filter(user=user.pk).order_by("created_at", "pk"))
    codes = [row.wrap().get_unused_codes() for row in factors if row.type == Kind.RECOVERY_CODES]
    return Overview(
        has_password=user.has_usable_password(),
        app_since=next(
            (localtime(row.created_at) for row in factors if row.type == Kind.TOTP), None
        ),
        passkeys=tuple(_passkey(row) for row in factors if row.type == Kind.WEBAUTHN),
        codes_left=len(codes[0]) if codes else None,
        sessions=tuple(_sessions(user, session_key)),
    )


def _passkey(row: Authenticator) -> Passkey:
    key = row.wrap()
    used_at = localtime(row.last_used_at) if row.last_used_at else None
    return Passkey(row.pk, key.name, localtime(row.created_at), used_at, bool(key.is_passwordless))


def _sessions(user: models.User, session_key: str | None) -> Iterable[Session]:
    rows = UserSession.objects.purge_and_list(user)
    for row in sorted(rows, key=lambda row: (row.created_at, row.pk), reverse=True):
        is_current = row.session_key == session_key
        started = localtime(row.created_at)
        yield Session(started, _place(row.ip), browser(row.user_agent), is_current)


def _place(address: str) -> str:
    return "" if address == "0.0.0.0" else address  # noqa: S104  what stands for unknown


def browser(user_agent: str) -> str:
    """「Firefox，Windows」 from what browsers say of themselves."""
    parts = [
        next((name for mark, name in table if mark in user_agent), "")
        for table in (BROWSERS, SYSTEMS)
    ]
    return _("，").join(part for part in parts if part) or _("不明的瀏覽器")
