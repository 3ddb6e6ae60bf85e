"""One line of the completeness board: an indicator, or a unit's work statistics. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from indicators.board_queries import Activity, BoardData, Reminded, UnitFigures
from indicators.holders import CLERK, NOBODY, SUPERVISOR, Seat, holders, lies_with, role_now
from indicators.permissions import Actor, Subject, can
from indicators.scorecards.event_words import action_word
from indicators.scorecards.my_work import FIGURES
from indicators.scorecards.plan_progress import is_late, state_of
from indicators.scorecards.words import Tag, indicator_tag
from indicators.scoring.types import Sentence
from indicators.work_queries import IndicatorState, PlanState, Status
from indicators.workdays import Deadline

NO_UNIT = 0  # as a key, in addresses: what no unit is responsible for


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator, or (pk None) a unit's work statistics, of which `note` says how many."""

    anchor: str
    pk: int | None
    title: str
    tag: Tag
    deadline: Deadline
    activity: Activity | None
    did: str
    with_whom: tuple[Seat, ...]
    nobody: str
    reminded: Reminded | None
    is_open: bool
    is_late: bool
    is_beyond: bool  # due after the whole plan
    can_remind: bool
    note: Sentence | None = None


def indicator_row(data: BoardData, actor: Actor, item: IndicatorState, today: date) -> Row:
    step = data.steps.get(item.pk)
    seats = lies_with(data.held, item.status, item.unit_id, step.senders if step else NOBODY)
    is_open = item.status != Status.APPROVED
    activity = data.activity.get(item.pk)
    return Row(
        anchor=f"indicator-{item.pk}",
        pk=item.pk,
        title=item.title,
        tag=state_of(item),
        deadline=_deadline(data, item, today),
        activity=activity,
        did=action_word(activity.action) if activity else "",
        with_whom=seats,
        nobody=_nobody(role_now(item.status)),
        reminded=data.reminded.get(item.pk),
        is_open=is_open,
        is_late=is_late(item, today),
        is_beyond=_is_beyond(data.plan, item),
        can_remind=is_open and _can_remind(data.plan, actor, item.unit_id, seats),
    )


def _deadline(data: BoardData, item: IndicatorState, today: date) -> Deadline:
    """Only what is still to be submitted can be late, or has days left."""
    found = data.workdays.deadline(item.due, today)
    return found if item.status in (Status.DRAFT, Status.RETURNED) else Deadline(found.day)


def _is_beyond(plan: PlanState, item: IndicatorState) -> bool:
    return plan.due is not None and item.due is not None and item.due > plan.due


def _nobody(role: str) -> str:
    if role == CLERK:
        return gettext("還沒有承辦人")
    return gettext("沒有其他主管") if role == SUPERVISOR else gettext("還沒有研考承辦")


def _can_remind(plan: PlanState, actor: Actor, unit_id: int | None, seats: Iterable[Seat]) -> bool:
    others = any(seat.user_id != actor.user.pk for seat in seats)
    return others and can("remind", actor, Subject(plan.agency_id, plan.status, unit_id))


def figures_row(data: BoardData, actor: Actor, figures: UnitFigures, today: date) -> Row:
    filled, total = filled_of(figures)
    unit_id, is_open = figures.count.unit_id, filled < total
    seats = holders(data.held, CLERK, unit_id)
    tag = indicator_tag(Status.DRAFT, is_begun=filled > 0)
    due = data.workdays.deadline(data.plan.due, today)
    reminded = [data.figures_reminded.get(seat.user_id) for seat in seats]
    return Row(
        anchor=f"figures-{unit_id or NO_UNIT}",
        pk=None,
        title=gettext("業務數據"),
        tag=tag if is_open else Tag("ok", gettext("已填齊")),
        deadline=due if is_open else Deadline(due.day),
        activity=figures.activity,
        did=action_word(figures.activity.action) if figures.activity else "",
        with_whom=seats,
        nobody=_nobody(CLERK),
        reminded=max((r for r in reminded if r), key=lambda r: r.at, default=None),
        is_open=is_open,
        is_beyond=False,
        is_late=is_open and due.is_late and data.plan.is_open,
        can_remind=is_open and _can_remind(data.plan, actor, unit_id, seats),
        note=Sentence(FIGURES, {"total": total, "filled": filled}),
    )


def filled_of(figures: UnitFigures) -> tuple[int, int]:
    return figures.count.total - figures.count.empty, figures.count.total
