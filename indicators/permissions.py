"""Who may do what, apart from when. One table: status → what is still allowed."""

from __future__ import annotations

from indicators.models import Plan


class NotAllowed(Exception):
    """The message is a sentence for the user."""


MAY_BE_REPLACED = frozenset({Plan.Status.DRAFT})


def check_can_replace(plan: Plan) -> None:
    if plan.status not in MAY_BE_REPLACED:
        raise NotAllowed(
            f"{plan.agency_name} {plan.year} 年度計畫的狀態是「{plan.get_status_display()}」，"
            "只有填報中的計畫可以用文件取代。"
        )
