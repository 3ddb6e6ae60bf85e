"""Secrets of the second factor are stored sealed: a copy of the database opens no account."""

from __future__ import annotations

import base64
import logging
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes

logger = logging.getLogger(__name__)


def seal(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """What was sealed. With another key something that no code fits, rather than a crash."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        logger.error("A second factor can't be unsealed: MFA_SECRET_KEY or SECRET_KEY has changed.")
        return base64.b32encode(secrets.token_bytes(20)).decode()


def _box() -> MultiFernet:
    keys = [settings.MFA_SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str | bytes) -> bytes:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"kpi-portal second factor")
    return base64.urlsafe_b64encode(kdf.derive(force_bytes(key)))
