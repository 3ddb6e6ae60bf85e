"""Which accounts may be used at all, and who lost a second factor."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction

from indicators import locking, models, permissions
from indicators.accounts import events

UNUSED = "久未使用"


@locking.retry
@transaction.atomic
def remove_second_factor(user: models.User, by: models.User | None, now: datetime) -> None:
    """For who lost telephone and recovery codes. Raises `permissions.NotAllowed`."""
    _check(by)
    removed = Authenticator.objects.filter(user=user)
    kinds = sorted(set(removed.values_list("type", flat=True)))
    removed.delete()
    events.note("mfa-remove", user=user, by=by, now=now, after={"types": kinds})


@locking.retry
@transaction.atomic
def remove_sign_on(user: models.User, by: models.User | None, now: datetime) -> None:
    """The next sign-on of that name is linked anew. Raises `permissions.NotAllowed`."""
    _check(by)
    SocialAccount.objects.filter(user=user).delete()
    events.note("sign-on-remove", user=user, by=by, now=now)


@locking.retry
@transaction.atomic
def enable_from_server(user: models.User, now: datetime) -> None:
    """For who runs the server: also the last administrator may have been away too long."""
    user.is_active, user.enabled_at = True, now
    user.save(update_fields=["is_active", "enabled_at"])
    events.note("enable", user=user, by=None, now=now)


def _check(by: models.User | None) -> None:
    """`by` None is whoever runs a command on the server."""
    if by is not None:
        permissions.check_can_manage_account(by)


def is_linked(user: models.User) -> bool:
    return SocialAccount.objects.filter(user=user).exists()


@locking.retry
@transaction.atomic
def disable_if_unused(user: models.User, now: datetime) -> bool:
    """At sign-in: whether the account is disabled now because nobody used it for too long."""
    if not user.is_active or not is_unused(user, now):
        return False
    user.is_active = False
    user.save(update_fields=["is_active"])
    models.PasswordReset.objects.filter(user=user).delete()
    events.note("disable", user=user, by=None, now=now, reason=UNUSED)
    return True


@locking.retry
@transaction.atomic
def disable_unused(now: datetime) -> list[str]:
    """All accounts that nobody used for too long; their names."""
    active = models.User.objects.filter(is_active=True).order_by("username")
    return [user.username for user in active if disable_if_unused(user, now)]


def is_unused(user: models.User, now: datetime) -> bool:
    if not settings.UNUSED_ACCOUNT_DAYS:
        return False
    used = max(user.enabled_at, user.last_login or user.enabled_at)
    return now - used > timedelta(days=settings.UNUSED_ACCOUNT_DAYS)
