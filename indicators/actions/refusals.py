"""What an action refuses in what was asked, and what it does not find."""

from __future__ import annotations

from indicators.queries import NotFound


class Refused(Exception):
    """The message is a sentence for the user; `field` is what it is about, None for the whole."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class Missing(NotFound):
    """No such row, or none that this person may see."""
