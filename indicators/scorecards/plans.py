"""The plans that a person may open: for the home page, the list and the menus."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count

from indicators import models
from indicators.scorecards.words import Tag, plan_tag

RoleName = models.Role.Name


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One plan as a list shows it."""

    agency_code: str
    agency_name: str
    year: int
    indicators: int
    tag: Tag
    sample_note: str  # what of it is invented, else empty


MENU = 40  # agencies that a menu lists; a city with more of them has the page of all plans


def visible_plans(user: models.User | AnonymousUser) -> tuple[PlanLine, ...]:
    """Newest year first, then by the agency's code. 1 query."""
    plans = models.Plan.objects.visible_to(user).current().newest_first()
    return tuple(
        _line(plan, plan.indicator_count)
        for plan in plans.annotate(indicator_count=Count("indicators"))
    )


def plans_in_menus(user: models.User, agencies: Collection[int], code: str) -> tuple[PlanLine, ...]:
    """What the menus of a page offer, newest year first; `code`: the agency of the page, if any.

    `agencies` are the person's own, by name so that PostgreSQL finds their plans by index; without
    any the person is of the city: all that they may see, unless there are very many agencies: then
    the years of one. 1 query, for somebody of the city 3 at most, whatever its size.
    """
    plans = models.Plan.objects.current().newest_first()
    if agencies:
        return tuple(map(_line, plans.filter(agency__in=agencies)))
    plans = plans.visible_to(user)
    if models.Agency.objects.order_by()[: MENU + 1].count() <= MENU:
        return tuple(map(_line, plans))
    own = plans.filter(agency__code=code)
    newest = models.Plan.objects.order_by("-year", "agency__code").values("agency")[:1]
    return tuple(map(_line, own)) or tuple(map(_line, plans.filter(agency__in=newest)))


def _line(plan: models.Plan, indicators: int = 0) -> PlanLine:
    return PlanLine(
        agency_code=plan.agency.code,
        agency_name=plan.agency_name,
        year=plan.year,
        indicators=indicators,
        tag=plan_tag(plan.status),
        sample_note=plan.sample_note,
    )


@dataclass(frozen=True, slots=True)
class Held:
    """`roles` in the order of the list of roles; `agencies` of somebody without a city's role."""

    roles: tuple[RoleName, ...]
    agencies: frozenset[int]


def roles_of(user: models.User) -> Held:
    """A person's roles, each once, and where they have them. 1 query."""
    held = list(user.roles.order_by("pk").values_list("name", "agency"))
    names = {name for name, _agency in held}
    agencies = {agency for _name, agency in held}
    return Held(
        tuple(role for role in RoleName if role.value in names),
        frozenset() if None in agencies else frozenset(agencies),
    )
