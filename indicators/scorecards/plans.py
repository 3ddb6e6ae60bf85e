"""The plans that a person may open: for the home page, the list and the menus."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Max, OuterRef, Q, Subquery, When

from indicators import models
from indicators.models.plan import PlanQuerySet
from indicators.scorecards.words import Tag, plan_tag
from indicators.work_queries import AT_THE_CITY

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


@dataclass(frozen=True, slots=True)
class StandingLine:
    """A plan on its way; `since` is the time of its own last step."""

    plan: PlanLine
    version: int
    approved: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class PlanList:
    """One page of the plans that were looked for."""

    lines: tuple[PlanLine, ...]
    total: int
    number: int
    pages: int


@dataclass(frozen=True, slots=True)
class StandingList:
    """The same; `waiting`: how many of all that the person may see wait for the city."""

    lines: tuple[StandingLine, ...]
    total: int
    number: int
    pages: int
    waiting: int


MENU = 40  # agencies that a menu lists; a city with more of them has the page of all plans
PAGE_SIZE = 50


def visible_years(user: models.User | AnonymousUser) -> list[int]:
    """The newest first. 1 query."""
    years = models.Plan.objects.visible_to(user).order_by("-year").values_list("year", flat=True)
    return list(years.distinct())


def plan_list(
    user: models.User | AnonymousUser, *, page: str | None = None, **wanted: Any
) -> PlanList:
    """Newest year first, then by the agency's code. 3 queries."""
    shown = Paginator(_looked_for(user, **wanted).newest_first(), PAGE_SIZE).get_page(page)
    counts = _indicator_counts(shown)
    lines = tuple(_line(plan, counts.get(plan.pk, (0, 0))[0]) for plan in shown)
    return PlanList(lines, *_place(shown))


def plans_under_way(
    user: models.User | AnonymousUser, *, page: str | None = None, **wanted: Any
) -> StandingList:
    """Those that wait for the city first, the longest waiting on top. 5 queries."""
    at_city = Q(status__in=AT_THE_CITY)
    last = models.Step.objects.filter(plan=OuterRef("pk"), indicator=None).order_by("-at")
    since = Case(When(at_city, then=Subquery(last.values("at")[:1])))
    found = _looked_for(user, **wanted).select_related("agency")
    ordered = found.order_by(
        Case(When(at_city, then=0), default=1),
        since.asc(nulls_first=True),
        "-year",
        "agency__code",
    )
    shown = Paginator(ordered, PAGE_SIZE).get_page(page)
    counts, steps = _indicator_counts(shown), _last_steps(shown)
    lines = []
    for plan in shown:
        whole, approved = counts.get(plan.pk, (0, 0))
        since_when = steps.get(plan.pk)
        lines.append(StandingLine(_line(plan, whole), plan.version, approved, since_when))
    waiting = models.Plan.objects.visible_to(user).current().filter(at_city).count()
    return StandingList(tuple(lines), *_place(shown), waiting=waiting)


def _looked_for(
    user: models.User | AnonymousUser,
    *,
    words: str = "",
    year: int | None = None,
    status: str = "",
) -> PlanQuerySet:
    plans = models.Plan.objects.visible_to(user).current().named(words)
    plans = plans if year is None else plans.for_year(year)
    return plans.filter(status=status) if status else plans


def _place(shown: Page[models.Plan]) -> tuple[int, int, int]:
    return shown.paginator.count, shown.number, shown.paginator.num_pages


def _indicator_counts(plans: Iterable[models.Plan]) -> dict[int, tuple[int, int]]:
    """Of each plan: all indicators, and those approved. 1 query."""
    is_approved = Q(status=models.Indicator.Status.APPROVED)
    rows = models.Indicator.objects.filter(plan__in=[plan.pk for plan in plans]).order_by()
    counted = rows.values("plan").annotate(n=Count("pk"), approved=Count("pk", filter=is_approved))
    return {row["plan"]: (row["n"], row["approved"]) for row in counted}


def _last_steps(plans: Iterable[models.Plan]) -> dict[int, datetime]:
    """When each plan's own last step was. 1 query."""
    rows = models.Step.objects.filter(plan__in=[plan.pk for plan in plans], indicator=None)
    newest = rows.order_by().values("plan").annotate(last=Max("at"))
    return {row["plan"]: row["last"] for row in newest}


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
