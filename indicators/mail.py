"""Letters to people with an account: plain text, sent once what they tell of is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

if TYPE_CHECKING:
    from indicators.models import User


def send(*, to: User, subject: str, body: str) -> bool:
    """Whether it will be sent: False without an address.

    It leaves after the transaction, and not at all where that is rolled back. A server that
    takes no mail is logged; what was stored stays stored.
    """
    if not to.email:
        return False
    message = EmailMessage(" ".join(subject.split()), f"{body.strip()}\n", to=[to.email])
    transaction.on_commit(message.send, robust=True)
    return True


def link(path: str) -> str:
    """The address of a page, as it can be opened from a letter."""
    return f"{settings.PORTAL_URL}{path}"
