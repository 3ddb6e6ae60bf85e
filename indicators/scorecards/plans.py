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
CITY = {RoleName.REVIEWER, RoleName.ADMINISTRATOR, RoleName.AUDITOR}


def visible_plans(user: models.User | AnonymousUser) -> tuple[PlanLine, ...]:
    """Newest year first, then by the agency's code. 1 query."""
    plans = models.Plan.objects.visible_to(user).current().newest_first()
    return tuple(
        _line(plan, plan.indicator_count)
        for plan in plans.annotate(indicator_count=Count("indicators"))
    )


def plans_in_menus(
    user: models.User, roles: Collection[RoleName], code: str
) -> tuple[PlanLine, ...]:
    """What the menus of a page offer, newest year first; `code`: the agency of the page, if any.

    All that somebody may see, unless they are of a city with very many agencies: then the years
    of one agency. 1 query, for somebody of the city 3 at most, whatever its size.
    """
    plans = models.Plan.objects.visible_to(user).current().newest_first()
    if not CITY & set(roles) or models.Agency.objects.order_by()[: MENU + 1].count() <= MENU:
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


def roles_of(user: models.User) -> tuple[RoleName, ...]:
    """A person's roles, each once, in the order of the list of roles. 1 query."""
    held = set(user.roles.values_list("name", flat=True))
    return tuple(role for role in RoleName if role.value in held)
