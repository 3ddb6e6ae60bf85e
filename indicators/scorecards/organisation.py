"""Agencies and units: for the administrator's pages, and as choices of forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, QuerySet
from django.utils.translation import gettext

from indicators.models import Agency, Plan, Unit

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


def agency_list() -> tuple[AgencyLine, ...]:
    """By code. 1 query."""
    counted = Agency.objects.annotate(
        unit_count=Count("units", distinct=True),
        people=Count("roles__user", distinct=True),
        plan_count=Count("plans__year", distinct=True),
    )
    return tuple(
        AgencyLine(a.pk, a.code, a.name, a.unit_count, a.people, a.plan_count)
        for a in counted.order_by("code")
    )


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


def agency_choices() -> list[Choice]:
    """1 query."""
    return [
        (str(pk), name) for pk, name in Agency.objects.order_by("code").values_list("pk", "name")
    ]


def scope_choices() -> Choices:
    """Where a role can be held: the city, an agency, a unit. 2 queries."""
    units = Prefetch("units", queryset=Unit.objects.order_by("pk"))
    city: Choices = [("city", gettext("全市"))]
    for agency in Agency.objects.prefetch_related(units).order_by("code"):
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
