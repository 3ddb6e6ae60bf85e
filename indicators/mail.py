"""Letters to people with an account: plain text."""

from __future__ import annotations

from smtplib import SMTPException
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMessage

if TYPE_CHECKING:
    from indicators.models import User


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
