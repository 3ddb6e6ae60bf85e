"""What the libraries tell us, recorded. Connected in `IndicatorsConfig.ready`."""

from __future__ import annotations

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth import signals as auth
from django.http import HttpRequest
from django.utils import timezone

from indicators import models
from indicators.accounts import callers, events, lockout
from indicators.accounts.middleware import begin_session


def connect() -> None:
    auth.user_logged_in.connect(signed_in)
    auth.user_logged_out.connect(signed_out)
    auth.user_login_failed.connect(failed)
    from axes.signals import user_locked_out  # its own receivers come after ours, so does its event

    user_locked_out.connect(locked_out)
    mfa.authentication_failed.connect(code_failed)
    mfa.authenticator_added.connect(factor_added)
    mfa.authenticator_removed.connect(factor_removed)
    mfa.authenticator_reset.connect(codes_replaced)


def signed_in(request: HttpRequest, user: models.User, **kwargs: Any) -> None:
    used = [record.get("type") or record["method"] for record in _records(request, user)]
    after = {"address": callers.address(request), "methods": used}
    events.note("sign-in", user=user, by=user, now=timezone.now(), after=after)
    if hasattr(request, "session"):
        begin_session(request)


def _records(request: HttpRequest, user: models.User) -> list[dict[str, Any]]:
    return get_authentication_records(request, user) if hasattr(request, "session") else []


def signed_out(request: HttpRequest, user: models.User | None, **kwargs: Any) -> None:
    if user is not None:
        after = {"address": callers.address(request)}
        events.note("sign-out", user=user, by=user, now=timezone.now(), after=after)


def failed(credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    """A try during a lockout adds nothing: the lockout is recorded, and it could be thousands."""
    if request is None or _was_locked(request):
        return
    step = str(credentials.get("step", "password"))
    _refused("sign-in-failed", request, str(credentials.get("username") or ""), step=step)


def locked_out(request: HttpRequest, username: str | None, **kwargs: Any) -> None:
    """axes says so at each refused try, too."""
    if _was_locked(request):
        return
    _refused("lockout", request, username or "")


def _refused(action: str, request: HttpRequest, typed: str, **more: str) -> None:
    name = callers.normalised(typed)
    user = models.User.objects.filter(username__iexact=name).first() if name else None
    after = {"address": callers.address(request)} | more
    label = user.username if user else callers.hinted(typed)
    events.note(action, user=user, by=None, now=timezone.now(), label=label, after=after)


def _was_locked(request: HttpRequest) -> bool:
    """Whether this try met a lockout; the one that causes it was counted by axes."""
    count = getattr(request, "axes_failures_since_start", None)
    return getattr(request, "axes_locked_out", False) and count is None


def code_failed(request: HttpRequest, user: models.User, **kwargs: Any) -> None:
    lockout.count_failure(request, user, step="code")


def factor_added(user: models.User, authenticator: Authenticator, **kwargs: Any) -> None:
    _factor("mfa-add", user, authenticator)


def factor_removed(user: models.User, authenticator: Authenticator, **kwargs: Any) -> None:
    _factor("mfa-remove", user, authenticator)


def codes_replaced(user: models.User, authenticator: Authenticator, **kwargs: Any) -> None:
    _factor("mfa-codes", user, authenticator)


def _factor(action: str, user: models.User, authenticator: Authenticator) -> None:
    person = models.User.objects.get(pk=user.pk)
    after = {"types": [str(authenticator.type)]}
    events.note(action, user=person, by=person, now=timezone.now(), after=after)
