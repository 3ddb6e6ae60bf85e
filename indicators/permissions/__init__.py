"""Who may do what, and when: `actors` says who somebody is today, `rules` has the one table."""

from indicators.permissions.actors import Actor, Post, actor_of
from indicators.permissions.deputies import check_deputies_of, managed_agencies
from indicators.permissions.rules import (
    OPEN,
    RULES,
    NotAllowed,
    Rule,
    Subject,
    can,
    check,
    check_accounts_history,
    check_administrator,
    check_can_manage_account,
    check_can_replace,
    check_reason,
    start_page,
    why_locked,
)

__all__ = [
    "OPEN",
    "RULES",
    "Actor",
    "NotAllowed",
    "Post",
    "Rule",
    "Subject",
    "actor_of",
    "can",
    "check",
    "check_accounts_history",
    "check_administrator",
    "check_can_manage_account",
    "check_can_replace",
    "check_deputies_of",
    "check_reason",
    "managed_agencies",
    "start_page",
    "why_locked",
]
