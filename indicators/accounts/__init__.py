"""Accounts: who may sign in and how. What other parts of the portal call is named here."""

from indicators.accounts.resets import LinkExpired, issue_reset
from indicators.accounts.status import (
    disable_unused,
    enable_from_server,
    remove_second_factor,
    remove_sign_on,
)

__all__ = [
    "LinkExpired",
    "disable_unused",
    "enable_from_server",
    "issue_reset",
    "remove_second_factor",
    "remove_sign_on",
]
