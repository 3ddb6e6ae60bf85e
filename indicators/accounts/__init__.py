"""Accounts: who may sign in and how. What other parts of the portal call is named here."""

from indicators.accounts.resets import LinkExpired, issue_reset
from indicators.accounts.status import (
    disable,
    disable_unused,
    enable,
    remove_second_factor,
    remove_sign_on,
)

__all__ = [
    "LinkExpired",
    "disable",
    "disable_unused",
    "enable",
    "issue_reset",
    "remove_second_factor",
    "remove_sign_on",
]
