"""What the frame of every page shows: where one is, and where one may go. 2 queries at most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from indicators.scorecards.plans import PlanLine, role_words, visible_plans


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    label: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Navigation:
    """The frame for one person; `here` is the plan of this page, else the newest they may see."""

    roles: tuple[str, ...]
    here: PlanLine | None
    is_in_plan: bool
    page: str  # the name of the page's URL
    years: tuple[Link, ...]
    agencies: tuple[Link, ...]  # empty for who sees only one

    @property
    def sample_note(self) -> str:
        """What of this page's plan is invented, else empty."""
        return self.here.sample_note if self.here and self.is_in_plan else ""


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`city` for all pages; `nav` for those who are logged in."""
    context: dict[str, Any] = {"city": settings.CITY_NAME}
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        context["nav"] = _navigation(request, visible_plans(user), role_words(user))
    return context


def _navigation(
    request: HttpRequest, plans: tuple[PlanLine, ...], roles: tuple[str, ...]
) -> Navigation:
    match = request.resolver_match
    wanted = (match.kwargs.get("agency"), match.kwargs.get("year")) if match else (None, None)
    current = next((p for p in plans if (p.agency_code, p.year) == wanted), None)
    here = current or next(iter(plans), None)
    return Navigation(
        roles=roles,
        here=here,
        is_in_plan=current is not None,
        page=(match.url_name if match else None) or "",
        years=_years(plans, here),
        agencies=_agencies(plans, here),
    )


def _years(plans: tuple[PlanLine, ...], here: PlanLine | None) -> tuple[Link, ...]:
    if here is None:
        return ()
    own = [plan for plan in plans if plan.agency_code == here.agency_code]
    return tuple(Link(_url(plan), str(plan.year), plan.year == here.year) for plan in own)


def _agencies(plans: tuple[PlanLine, ...], here: PlanLine | None) -> tuple[Link, ...]:
    """Each agency once: the plan of this page's year, else its newest."""
    if here is None:
        return ()
    best: dict[str, PlanLine] = {}
    for plan in plans:
        if plan.agency_code not in best or plan.year == here.year:
            best[plan.agency_code] = plan
    if len(best) < 2:
        return ()
    return tuple(
        Link(_url(plan), plan.agency_name, code == here.agency_code)
        for code, plan in sorted(best.items())
    )


def _url(plan: PlanLine) -> str:
    return reverse("scorecard", args=[plan.agency_code, plan.year])
