"""Who is knocking: the client's address and the account that is meant."""

from __future__ import annotations

import ipaddress
import unicodedata
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"  # noqa: S104  no address: behind a unix socket, or no request at all
LONGEST_NAME = 150


def address(request: HttpRequest) -> str:
    """As the nearest trusted proxy saw it; without proxies the connection's own."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    count = settings.TRUSTED_PROXY_COUNT
    if 0 < count <= len(forwarded) and (found := _valid(forwarded[-count])):
        return found
    return _valid(request.META.get("REMOTE_ADDR") or "") or UNKNOWN


def _valid(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text.strip()))
    except ValueError:
        return ""


def account_name(
    request: HttpRequest | None, credentials: Mapping[str, Any] | None = None
) -> str | None:
    """The name by which attempts are counted; None where there is none."""
    typed = (credentials or {}).get("username")
    if typed is None and request is not None:
        typed = request.POST.get("username")
    return None if typed is None else normalised(str(typed))


def normalised(name: str) -> str:
    """One form for all ways to write a name: full width, upper case, spaces around it."""
    return unicodedata.normalize("NFKC", name).strip().casefold().replace("\0", "")[:LONGEST_NAME]


def hinted(name: str) -> str:
    """What was typed as a name and is none, fit to be kept for ever: it may be a password.

    Its beginning, without control and direction characters.
    """
    shown = "".join(char for char in name if char.isprintable())[:3]
    return f"{shown}***" if name else ""
