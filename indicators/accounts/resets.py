"""One-time links by which somebody sets their password."""

from __future__ import annotations

from datetime import datetime

from indicators import models


def issue_reset(user: models.User, by: models.User, now: datetime) -> str:
    """The path of a new link for this person."""
    return f"/reset/{user.pk}-{by.pk}-{now:%H%M%S}/"
