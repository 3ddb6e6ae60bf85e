"""A letter to one person. Letters are Chinese, like the report: nobody's language is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from indicators.models import User

LANGUAGE = "zh-hant"


@dataclass(frozen=True, slots=True)
class Letter:
    """`kind` and `day` are those of its notice: one goes out for each person."""

    to: User
    kind: str
    day: date
    subject: str
    body: str


def body_of(template: str, context: Mapping[str, Any]) -> str:
    """Plain text; its links begin with the portal's own address."""
    return render_to_string(template, {**context, "portal": settings.PORTAL_URL})
