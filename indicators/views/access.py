"""Who is asking, and for what. What can't be found or seen is a 404, see kpi_portal.middleware."""

from __future__ import annotations

from datetime import date
from typing import cast

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from indicators.models import Indicator, Plan, User
from indicators.permissions import Actor, actor_of
from indicators.queries import find_indicator, find_plan


def today() -> date:
    """In Taipei."""
    return timezone.localdate()


def actor(request: HttpRequest) -> Actor:
    """The person with the roles that they hold today. 2 queries."""
    return actor_of(cast("User", request.user), today())


def plan_of(request: HttpRequest, agency: str, year: int) -> Plan:
    """The newest version of a plan that the person may see. Raises `PlanNotFound`."""
    return find_plan(agency, year, user=request.user)


def indicator_of(request: HttpRequest, agency: str, year: int, pk: int) -> Indicator:
    """Raises `PlanNotFound` and `IndicatorNotFound`. 2 queries."""
    return find_indicator(plan_of(request, agency, year), pk)


def account_of(pk: int) -> User:
    """Anybody's account, for an administrator's page. Raises `Http404`."""
    return get_object_or_404(User, pk=pk)
