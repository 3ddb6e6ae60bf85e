"""Who may do what, apart from when. One table: status → what is still allowed."""

from __future__ import annotations

from indicators.models import Plan, Role, User


class NotAllowed(Exception):
    """The message is a sentence for the user."""


MAY_BE_REPLACED = frozenset({Plan.Status.DRAFT})


def check_can_replace(plan: Plan) -> None:
    if plan.status not in MAY_BE_REPLACED:
        raise NotAllowed(
            f"{plan.agency_name} {plan.year} 年度計畫的狀態是「{plan.get_status_display()}」，"
            "只有填報中的計畫可以用文件取代。"
        )


def check_can_manage_account(by: User, user: User) -> None:
    """An administrator any account; a plan manager those of people of that agency alone."""
    held = set(by.roles.values_list("name", "agency"))
    if not by.is_active:
        held = set()
    if any(name == Role.Name.ADMINISTRATOR for name, _ in held):
        return
    own = {agency for name, agency in held if name == Role.Name.PLAN_MANAGER}
    theirs = set(user.roles.values_list("agency", flat=True))
    if not (theirs and theirs <= own):
        raise NotAllowed("您不能變更這個帳號，請洽管理員。")
