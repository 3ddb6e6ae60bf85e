"""Letters to people with an account: plain text, sent once what they tell of is stored."""

from __future__ import annotations

from smtplib import SMTPException
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
    transaction.on_commit(_letter(to, subject, body).send, robust=True)
    return True


class NotDelivered(Exception):
    """The message is what the mail server said, in one line."""


def deliver(*, to: User, subject: str, body: str) -> None:
    """Now, for who has to know whether it left. Raises `NotDelivered`."""
    try:
        _letter(to, subject, body).send()
    except (OSError, SMTPException, ValueError) as error:  # ValueError: an address that is none
        raise NotDelivered(" ".join(str(error).split()) or type(error).__name__) from error


def _letter(to: User, subject: str, body: str) -> EmailMessage:
    headers = {"Auto-Submitted": "auto-generated"}  # RFC 3834: nobody's absence is answered
    text = f"{body.strip()}\n"
    return EmailMessage(" ".join(subject.split()), text, to=[to.email], headers=headers)


def link(path: str) -> str:
    """The address of a page, as it can be opened from a letter."""
    return f"{settings.PORTAL_URL}{path}"
