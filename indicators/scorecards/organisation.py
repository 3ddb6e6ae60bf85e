"""Agencies and units: for the administrator's pages, and as choices of forms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, QuerySet
from django.utils.translation import gettext

from indicators.models import Agency, Plan, Role, Unit
from indicators.scorecards.plans import MENU, PAGE_SIZE

PK = re.compile(r"[0-9]{1,18}")
Choice = tuple[str, str]
Choices = list[Choice | tuple[str, list[Choice]]]


@dataclass(frozen=True, slots=True)
class AgencyLine:
    pk: int
    code: str
    name: str
    units: int
    people: int
    plans: int


@dataclass(frozen=True, slots=True)
class UnitLine:
    """`is_free`: nothing refers to the unit."""

    pk: int
    name: str
    indicators: int
    figures: int
    roles: int
    is_free: bool


@dataclass(frozen=True, slots=True)
class AgencyPage:
    pk: int
    code: str
    name: str
    units: tuple[UnitLine, ...]


@dataclass(frozen=True, slots=True)
class UnitPage:
    agency_pk: int
    agency_name: str
    line: UnitLine
    is_published: bool  # its name stands in a published plan


@dataclass(frozen=True, slots=True)
class AgencyList:
    """One page of the agencies that were looked for."""

    lines: tuple[AgencyLine, ...]
    total: int
    number: int
    pages: int


def agency_list(words: str = "", page: str | None = None) -> AgencyList:
    """By code. 5 queries."""
    found = Agency.objects.named(words).order_by("code")
    shown = Paginator(found, PAGE_SIZE).get_page(page)
    keys = [agency.pk for agency in shown]
    units = _counts(Unit.objects.filter(agency__in=keys), "pk")
    people = _counts(Role.objects.filter(agency__in=keys), "user")
    plans = _counts(Plan.objects.filter(agency__in=keys), "year")
    return AgencyList(
        lines=tuple(
            AgencyLine(
                a.pk, a.code, a.name, units.get(a.pk, 0), people.get(a.pk, 0), plans.get(a.pk, 0)
            )
            for a in shown
        ),
        total=shown.paginator.count,
        number=shown.number,
        pages=shown.paginator.num_pages,
    )


def _counts(rows: QuerySet[Any], what: str) -> dict[int, int]:
    """By agency. 1 query."""
    counted = rows.order_by().values("agency").annotate(n=Count(what, distinct=True))
    return {row["agency"]: row["n"] for row in counted}


def agency_page(pk: int) -> AgencyPage | None:
    """2 queries."""
    agency = Agency.objects.filter(pk=pk).first()
    if agency is None:
        return None
    lines = tuple(_unit_line(unit) for unit in _counted().filter(agency=agency).order_by("pk"))
    return AgencyPage(agency.pk, agency.code, agency.name, lines)


def unit_page(pk: int) -> UnitPage | None:
    """2 queries."""
    unit = _counted().select_related("agency").filter(pk=pk).first()
    if unit is None:
        return None
    published = Plan.objects.filter(status=Plan.Status.PUBLISHED, indicators__owner=unit)
    return UnitPage(unit.agency_id, unit.agency.name, _unit_line(unit), published.exists())


def has_many_agencies() -> bool:
    """More than one can choose from without looking for one first. 1 query."""
    return Agency.objects.order_by()[: MENU + 1].count() > MENU


def agency_choices(chosen: str = "") -> list[Choice]:
    """All; in a city with very many only the one that is chosen already. 2 queries."""
    agencies = Agency.objects.order_by("code")
    if has_many_agencies():
        agencies = agencies.filter(pk=chosen) if PK.fullmatch(chosen) else agencies.none()
    return [(str(pk), name) for pk, name in agencies.values_list("pk", "name")]


def scope_choices(words: str = "") -> Choices:
    """Where a role can be held: the city, an agency, a unit. 2 queries.

    Only of agencies that the words fit, and of so many at most as a menu lists.
    """
    units = Prefetch("units", queryset=Unit.objects.order_by("pk"))
    city: Choices = [("city", gettext("全市"))]
    agencies = Agency.objects.named(words).prefetch_related(units).order_by("code")
    for agency in agencies[:MENU]:
        whole = gettext("%(agency)s（整個機關）") % {"agency": agency.name}
        below = [(f"unit-{unit.pk}", unit.name) for unit in agency.units.all()]
        city.append((agency.name, [(f"agency-{agency.pk}", whole), *below]))
    return city


def unit_choices(agency_id: int) -> Sequence[Choice]:
    """1 query."""
    units = Unit.objects.filter(agency=agency_id).order_by("pk")
    return [(str(pk), name) for pk, name in units.values_list("pk", "name")]


def _counted() -> QuerySet[Any]:
    return Unit.objects.annotate(
        indicator_count=Count("indicators", distinct=True),
        figure_count=Count("figures", distinct=True),
        role_count=Count("roles", distinct=True),
    )


def _unit_line(unit: Any) -> UnitLine:
    counts = (unit.indicator_count, unit.figure_count, unit.role_count)
    return UnitLine(unit.pk, unit.name, *counts, is_free=not any(counts))
