"""What the frame of every page shows: where one is, and where one may go. 4 queries at most."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from indicators.scorecards.plans import PlanLine, RoleName, plans_in_menus, roles_of

if TYPE_CHECKING:
    from indicators.models import User

OF_INDICATOR = ("indicator", "figures", "comments", "interim", "interim_settings", "trend")
OF_BOARD = ("board_due", "board_owner", "board_deputy")
OF_REVIEW = ("review_indicator", "review_clean", "review_done")
KEEPERS = {RoleName.ADMINISTRATOR, RoleName.AUDITOR}  # of the system: they have no work in plans


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    label: str
    is_current: bool = False
    current: str = ""  # the value of aria-current


@dataclass(frozen=True, slots=True)
class Navigation:
    """The frame for one person; `here` is the plan of this page, else the newest they may see.

    `links` stand in the top bar, `more` in the person's own menu.
    """

    roles: tuple[str, ...]
    here: PlanLine | None
    is_in_plan: bool
    page: str  # the name of its URL
    links: tuple[Link, ...]
    more: tuple[Link, ...]
    years: tuple[Link, ...]
    agencies: tuple[Link, ...]  # empty for who sees only one

    @property
    def sample_note(self) -> str:
        """What of this page's plan is invented, else empty; of one's own agency on My work too."""
        is_own_work = self.page == "my_work" and not self.agencies
        return self.here.sample_note if self.here and (self.is_in_plan or is_own_work) else ""


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`city` for all pages; `nav` for those who are logged in, made when a page first asks."""
    context: dict[str, Any] = {"city": settings.CITY_NAME}
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        context["nav"] = SimpleLazyObject(lambda: _navigation(request, user))
    return context


def _navigation(request: HttpRequest, user: User) -> Navigation:
    match = request.resolver_match
    wanted = (match.kwargs.get("agency"), match.kwargs.get("year")) if match else (None, None)
    held = roles_of(user)
    plans = plans_in_menus(user, held.agencies, wanted[0] or "")
    current = next((p for p in plans if (p.agency_code, p.year) == wanted), None)
    here = current or next(iter(plans), None)
    page = (match.url_name if match else None) or ""
    return Navigation(
        roles=tuple(str(role.label) for role in held.roles),
        here=here,
        is_in_plan=current is not None,
        page=page,
        links=tuple(_links(page, here, set(held.roles))),
        more=tuple(_more(page, here, set(held.roles))),
        years=_years(plans, here),
        agencies=_agencies(plans, here),
    )


def _links(page: str, here: PlanLine | None, roles: set[RoleName]) -> Iterator[Link]:
    """Few enough for one line of a phone."""
    if not roles or roles - KEEPERS:
        yield _link(page, "my_work", _("我的工作"))
    if RoleName.ADMINISTRATOR in roles:
        yield _link(page, "people", _("人員"))
    if here is None:
        return
    plan: list[str | int] = [here.agency_code, here.year]
    yield _link(page, "scorecard", _("計分表"), plan, below=OF_INDICATOR)
    yield _link(page, "dashboard", _("儀表板"), plan, below=("what_if", "glance"))
    yield _link(page, "report", _("報告"), plan)


def _more(page: str, here: PlanLine | None, roles: set[RoleName]) -> Iterator[Link]:
    plan: list[str | int] = [here.agency_code, here.year] if here else []
    if plan:
        yield _link(page, "history", _("歷程"), plan, below=("indicator_history",))
        yield _link(page, "board", _("填報進度"), plan, below=OF_BOARD)
    if plan and RoleName.SUPERVISOR in roles:
        yield _link(page, "review_queue", _("待審核"), plan, below=OF_REVIEW)
    if plan and RoleName.PLAN_MANAGER in roles:
        yield _link(page, "plan_steps", _("簽核進度"), plan, below=("publish", "versions"))
        yield _link(page, "assign", _("負責單位與期限"), plan)
        yield _link(page, "calendar", _("工作天"), plan)
    if RoleName.REVIEWER in roles:
        yield _link(page, "reviews", _("各機關簽核進度"), below=("plan_steps", "publish"))
    yield _link(page, "plans", _("所有計畫"))
    if roles - KEEPERS - {RoleName.REVIEWER}:  # only an agency's roles have deputies
        yield _link(page, "deputies", _("代理人"))
    if roles & KEEPERS:
        yield _link(page, "accounts_history", _("帳號的歷程"))


def _link(
    page: str,
    name: str,
    label: str,
    plan: Sequence[str | int] = (),
    *,
    below: Collection[str] = (),
) -> Link:
    """Marked on its own page, and on the pages below it."""
    current = "page" if page == name else "true" if page in below else ""
    return Link(reverse(name, args=plan), label, bool(current), current)


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
