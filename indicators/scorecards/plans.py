"""The plans that a person may open: for the home page, the list and the menus."""

from __future__ import annotations

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


def visible_plans(user: models.User | AnonymousUser) -> tuple[PlanLine, ...]:
    """Newest year first, then by the agency's code. 1 query."""
    plans = models.Plan.objects.visible_to(user).current().newest_first()
    return tuple(
        PlanLine(
            agency_code=plan.agency.code,
            agency_name=plan.agency_name,
            year=plan.year,
            indicators=plan.indicator_count,
            tag=plan_tag(plan.status),
            sample_note=plan.sample_note,
        )
        for plan in plans.annotate(indicator_count=Count("indicators"))
    )


def roles_of(user: models.User) -> tuple[RoleName, ...]:
    """A person's roles, each once, in the order of the list of roles. 1 query."""
    held = set(user.roles.values_list("name", flat=True))
    return tuple(role for role in RoleName if role.value in held)
