"""Who may name deputies: everybody for themselves, a plan manager for people of the agency."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from indicators.models import Role, User
from indicators.permissions.actors import Actor, Post
from indicators.permissions.rules import NotAllowed

MANAGER = frozenset({Role.Name.PLAN_MANAGER})


def managed_agencies(actor: Actor) -> frozenset[int]:
    """Where somebody is plan manager today."""
    posts = (post for post in actor.posts if post.name in MANAGER)
    return frozenset(post.agency_id for post in posts if post.agency_id is not None)


def check_deputies_of(actor: Actor, absent: User, agencies: Collection[int]) -> Post | None:
    """The plan manager's role by which it may be done; None for oneself.

    `agencies` are those that the absent person has a role in: a deputy gets all of them, so one
    agency's plan manager can't lend another's. Raises `NotAllowed`.
    """
    if not agencies:
        raise NotAllowed(_("代理的是機關裡的角色；沒有機關角色的人不需要代理人。"))
    if absent == actor.user:
        return None
    managed = managed_agencies(actor)
    if not managed & set(agencies):
        raise NotAllowed(_("別人的代理人由該機關的研考承辦設定，您的角色不能操作。"))
    if not managed >= set(agencies):
        raise NotAllowed(_("這個人在其他機關也有角色，請由本人設定代理人。"))
    return next(post for agency in agencies if (post := actor.post(MANAGER, agency, None)))
