"""Who may do what, and when: `actors` says who somebody is today, `rules` has the one table."""

from indicators.permissions.actors import Actor, Post, actor_of
from indicators.permissions.rules import (
    OPEN,
    RULES,
    NotAllowed,
    Rule,
    Subject,
    can,
    check,
    check_administrator,
    check_can_close,
    check_can_replace,
    check_four_eyes,
    check_reason,
    check_role,
    has_role,
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
    "check_administrator",
    "check_can_close",
    "check_can_replace",
    "check_four_eyes",
    "check_reason",
    "check_role",
    "has_role",
    "why_locked",
]
