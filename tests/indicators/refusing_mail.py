"""A mail server that knows some people and not others."""

from __future__ import annotations

import smtplib

from django.core.mail.backends import locmem


class EmailBackend(locmem.EmailBackend):
    """Refuses whoever's address begins with `down`."""

    def send_messages(self, messages):
        for message in messages:
            if message.to[0].startswith("down"):
                raise smtplib.SMTPRecipientsRefused({message.to[0]: (550, b"no such user")})
        return super().send_messages(messages)
