"""The lockout, for the ways in that axes doesn't watch by itself: codes, passkeys, sign-on."""

from __future__ import annotations

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest

from indicators import models


def is_locked(request: HttpRequest, user: models.User) -> bool:
    """Marks the request: axes' middleware then answers with the page that says so."""
    if AxesProxyHandler.is_allowed(request, {"username": user.username}):
        return False
    request.axes_locked_out = True  # type: ignore[attr-defined]
    request.axes_credentials = {"username": user.username}  # type: ignore[attr-defined]
    return True


def count_failure(request: HttpRequest, user: models.User, step: str) -> None:
    """As if it had been a wrong password."""
    user_login_failed.send(
        sender=__name__, request=request, credentials={"username": user.username, "step": step}
    )
