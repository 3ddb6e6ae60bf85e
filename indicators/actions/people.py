"""Accounts, by administrators alone and each change on record. An account is never deleted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from indicators import history, models, permissions
from indicators.actions.refusals import Missing, Refused
from indicators.actions.roles import check_administrator_remains, give
from indicators.locking import retry
from indicators.permissions import Actor


@retry
@transaction.atomic
def create_account(
    *,
    username: str,
    name: str,
    address: str = "",
    role: str,
    agency_id: int | None = None,
    unit_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> models.User:
    """An account with its first role. Nobody can log in with it until a password is set.

    Raises `NotAllowed`, and `Refused` for a name that is taken or a role that is not possible.
    """
    permissions.check_administrator(actor)
    if models.User.objects.filter(username__iexact=username).exists():
        raise Refused(_("帳號「%(name)s」已經有人使用。") % {"name": username}, "username")
    user = models.User(username=username, first_name=name, email=address, date_joined=now)
    user.set_unusable_password()
    user.save()
    after = {"account": username, "name": name} | ({"email": address} if address else {})
    note_account("create", user, {}, after, by=actor.user, now=now)
    give(user, role, agency_id, unit_id, by=actor.user, now=now)
    return user


@retry
@transaction.atomic
def rename_account(*, user_id: int, name: str, actor: Actor, now: datetime) -> None:
    """The person's name; the account's own never changes. Raises `NotAllowed` and `Missing`."""
    permissions.check_administrator(actor)
    user = locked_user(user_id)
    if name == user.first_name:
        return
    before, user.first_name = user.first_name, name
    user.save(update_fields=["first_name"])
    note_account("rename", user, {"name": before}, {"name": name}, by=actor.user, now=now)


@retry
@transaction.atomic
def disable_account(*, user_id: int, actor: Actor, now: datetime) -> None:
    """Whoever is logged in with it is out at the next click. Raises `NotAllowed`, `Refused`."""
    permissions.check_administrator(actor)
    user = locked_user(user_id)
    if user == actor.user:
        raise Refused(_("您不能停用自己的帳號，請另一位管理員辦理。"))
    check_administrator_remains(without=user)
    _set_active(user, False, "disable", by=actor.user, now=now)


@retry
@transaction.atomic
def enable_account(*, user_id: int, actor: Actor, now: datetime) -> None:
    permissions.check_administrator(actor)
    _set_active(locked_user(user_id), True, "enable", by=actor.user, now=now)


def locked_user(user_id: int) -> models.User:
    """Held until the transaction ends. Raises `Missing`."""
    user = models.User.objects.select_for_update(no_key=True).filter(pk=user_id).first()
    if user is None:
        raise Missing
    return user


def _set_active(
    user: models.User, is_active: bool, action: str, *, by: models.User, now: datetime
) -> None:
    if user.is_active == is_active:
        return
    user.is_active = is_active
    user.enabled_at = now if is_active else user.enabled_at  # from then on it counts as unused
    user.save(update_fields=["is_active", "enabled_at"])
    models.PasswordReset.objects.filter(user=user).delete()
    before, after = {"active": not is_active}, {"active": is_active}
    note_account(action, user, before, after, by=by, now=now)


def note_account(
    action: str,
    user: models.User,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    by: models.User,
    now: datetime,
) -> None:
    """An event of the accounts' history, about one person."""
    history.record(
        plan=None,
        action=action,
        kind="account",
        obj_id=user.pk,
        label=str(user),
        before=before,
        after=after,
        by=by,
        now=now,
    )
