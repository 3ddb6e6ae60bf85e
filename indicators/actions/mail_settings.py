"""Where a person's letters go and which of them they want; each change on record."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from indicators import history, models, permissions
from indicators.actions.people import locked_user, note_account
from indicators.locking import retry
from indicators.permissions import Actor, NotAllowed


@retry
@transaction.atomic
def choose_letters(
    *, reminders: bool, weekly: bool, address: str | None = None, actor: Actor, now: datetime
) -> None:
    """One's own; `address` None leaves it as it is. Raises `NotAllowed`."""
    user = locked_user(actor.user.pk)
    if address is not None:
        _check_own_address()
        _set_address(user, address, by=actor.user, now=now)
    choice = models.MailChoice.objects.filter(user=user).first() or models.MailChoice(user=user)
    before = _content(choice)
    choice.reminders, choice.weekly = reminders, weekly
    old, new = history.changes(before, _content(choice))
    if new:
        choice.save()
        note_account("letters", user, old, new, by=actor.user, now=now)


@retry
@transaction.atomic
def set_address(*, user_id: int, address: str, actor: Actor, now: datetime) -> None:
    """Anybody's, by an administrator; empty takes it away. Raises `NotAllowed`, `Missing`."""
    permissions.check_administrator(actor)
    _set_address(locked_user(user_id), address, by=actor.user, now=now)


def _check_own_address() -> None:
    """With the city's sign-on an address can decide whose account opens: see docs/accounts.md."""
    if settings.OIDC_NAME:
        raise NotAllowed(_("電子郵件由管理員設定，請洽管理員更改。"))


def _set_address(user: models.User, address: str, *, by: models.User, now: datetime) -> None:
    if address == user.email:
        return
    before, user.email = user.email, address
    user.save(update_fields=["email"])
    note_account("address", user, {"email": before}, {"email": address}, by=by, now=now)


def _content(choice: models.MailChoice) -> dict[str, bool]:
    return {"reminders": choice.reminders, "weekly": choice.weekly}
