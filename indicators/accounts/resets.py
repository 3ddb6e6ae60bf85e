"""Links for a new password: issued by a person, good once and for a while."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from indicators import locking, models, permissions
from indicators.accounts import events, passwords


class LinkExpired(Exception):
    """The link was used, replaced by a newer one, or is too old."""


@locking.retry
@transaction.atomic
def issue_reset(user: models.User, by: models.User | None, now: datetime) -> str:
    """The path of a new link for this person; an earlier one is void from now on.

    Raises `permissions.NotAllowed`. The path is all there is: only its digest is stored.
    """
    if by is not None:  # None is whoever runs a command on the server
        permissions.check_can_manage_account(by)
    token = secrets.token_urlsafe(32)
    expires = now + settings.RESET_LINK_LIFE
    models.PasswordReset.objects.update_or_create(
        user=user, defaults={"digest": _digest(token), "expires_at": expires}
    )
    events.note("reset-issue", user=user, by=by, now=now, after={"expires_at": expires})
    return reverse("password_reset_link", args=[token])


def person_of(token: str, now: datetime) -> models.User:
    """Whose link it is. Raises `LinkExpired`."""
    found = _good(token, now).select_related("user").first()
    if found is None:
        raise LinkExpired
    return found.user


@locking.retry
@transaction.atomic
def use_reset(token: str, password: str, *, now: datetime) -> models.User:
    """Set the new password; of two tries at the same time one wins. Raises `LinkExpired`."""
    user = person_of(token, now)
    used, _ = _good(token, now).delete()
    if not used:
        raise LinkExpired
    passwords.change(user, password, by=user, now=now, action="password-reset")
    return user


def _good(token: str, now: datetime) -> models.PasswordResetQuerySet:
    return models.PasswordReset.objects.good_at(now).filter(digest=_digest(token))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
