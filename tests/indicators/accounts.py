"""What the tests of accounts share: a person with a known password, codes, and the record."""

from __future__ import annotations

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp

from indicators import models

PASSWORD = "only-for-tests"
NEW = "Another-pass-42"


def sent(username: str = "test-clerk", password: str = PASSWORD, **more: str) -> dict[str, str]:
    return {"username": username, "password": password} | more


def log_in(client, **kwargs):
    return client.post("/login/", sent(**kwargs))


def is_in(client) -> bool:
    return client.get("/plans/").status_code == 200


def confirm(client) -> None:
    """Answer the question for the password that stands before a change of factors."""
    assert client.post("/account/confirm/", {"password": PASSWORD}).status_code == 302


def add_app(user: models.User) -> str:
    """A second factor, as the page would store it; its secret."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    return secret


def code(secret: str, later: int = 0) -> str:
    """The code of now, or of `later` periods after it."""
    counter = int(time.time()) // 30 + later
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def wrong_code(secret: str) -> str:
    """None of the codes around now."""
    near = {code(secret, later) for later in (-1, 0, 1)}
    return next(text for text in (f"{n:06d}" for n in range(10)) if text not in near)


def events(*actions: str) -> list[tuple[str, str]]:
    """(action, label) of the accounts' chain, oldest first."""
    rows = models.AuditEvent.objects.filter(object_kind="account").order_by("sequence")
    found = rows.values_list("action", "object_label")
    return [row for row in found if not actions or row[0] in actions]


def last_event() -> models.AuditEvent:
    return models.AuditEvent.objects.filter(object_kind="account").order_by("-sequence")[0]


def sealed(user: models.User) -> str:
    return Authenticator.objects.get(user=user, type="totp").data["secret"]
