"""My work: what is due, overdue, returned, waiting for others. From plain data, without queries."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from indicators.comment_queries import MOST_MENTIONS
from indicators.permissions import Post
from indicators.scorecards.comments import MentionLine, mention_lines
from indicators.scorecards.news import News, news
from indicators.scorecards.plan_progress import (
    city_plans,
    closings,
    is_late,
    left_years,
    place,
    progress,
    state_of,
)
from indicators.scorecards.readiness import lacking, open_periods, result_of
from indicators.scorecards.standing import returned
from indicators.scorecards.words import indicator_tag
from indicators.scorecards.work_items import (
    Approval,
    CityPlan,
    Closing,
    Earlier,
    LateEntry,
    Place,
    Progress,
    Sent,
    Task,
)
from indicators.scorecards.work_order import Urgency, in_order, urgency
from indicators.scoring.types import Sentence, gettext_noop
from indicators.work_queries import (
    CLERK,
    SUPERVISOR,
    Deputy,
    Desk,
    IndicatorState,
    PlanState,
    Status,
)

FIGURES = gettext_noop("%(total)s 個數字，已填 %(filled)s 個。")

AFTER_INDICATORS = (sys.maxsize,)  # as a place in a plan
OF_CLERK = (Status.DRAFT, Status.RETURNED)


@dataclass(frozen=True, slots=True)
class MyWork:
    """An indicator stands in one of the lists only; `next` is in none of them."""

    day: date
    units: tuple[str, ...]
    next: Task | None
    returned: tuple[Task, ...]
    due: tuple[Task, ...]
    approvals: tuple[Approval, ...]
    late: tuple[LateEntry, ...]
    sent: tuple[Sent, ...]
    closings: tuple[Closing, ...]
    city_plans: tuple[CityPlan, ...]
    progress: tuple[Progress, ...]
    deputies: tuple[Deputy, ...]
    mentions: tuple[MentionLine, ...]
    earlier: Earlier
    city_total: int  # of which `city_plans` are the first
    has_more_mentions: bool = False
    news: tuple[News, ...] = ()

    @property
    def queues(self) -> tuple[Place, ...]:
        """The plans of which several indicators wait for approval."""
        counts = Counter(item.place for item in self.approvals)
        return tuple(where for where, count in counts.items() if count > 1)

    @property
    def is_led_by_approvals(self) -> bool:
        """The page has no task of its own above them, so theirs is the primary button."""
        return self.next is None

    @property
    def is_empty(self) -> bool:
        """Nothing to do, and nothing to wait for."""
        return self.is_all_earlier and not (self.earlier.tasks or self.earlier.closings)

    @property
    def is_all_earlier(self) -> bool:
        """Nothing but what earlier years left."""
        lists = (self.returned, self.due, self.approvals, self.late, self.sent, self.mentions)
        return self.next is None and not any((*lists, self.closings, self.city_plans))


def my_work(desk: Desk, today: date) -> MyWork:
    left = left_years(desk)
    found = in_order([*_tasks(desk, today), *_figures(desk, today)])
    tasks = [task for task in found if not _is_left(task, left)]
    rest = tasks[1:]
    plans, standing = closings(desk, today), progress(desk)
    return MyWork(
        day=today,
        units=tuple(name for _agency, name in desk.units),
        next=tasks[0] if tasks else None,
        returned=tuple(task for task in rest if task.returned),
        due=tuple(task for task in rest if not task.returned),
        approvals=in_order(_approvals(desk, today)),
        late=in_order(_late(desk, today)),
        sent=in_order(_sent(desk, today)),
        closings=tuple(plan for plan in plans if not _is_plan_left(plan, left)),
        city_plans=city_plans(desk),
        progress=tuple(p for p in standing if p.place not in left or p.due),
        deputies=desk.deputies,
        mentions=mention_lines(desk.mentions[:MOST_MENTIONS]),
        has_more_mentions=len(desk.mentions) > MOST_MENTIONS,
        news=news(desk),
        earlier=Earlier(
            tasks=tuple(task for task in found if _is_left(task, left)),
            closings=tuple(plan for plan in plans if _is_plan_left(plan, left)),
            progress=tuple(p for p in standing if p.place in left and not p.due),
        ),
        city_total=desk.at_city_total,
    )


def _is_left(task: Task, left: Collection[Place]) -> bool:
    """What came back is waited for, with a deadline or without."""
    return task.place in left and task.deadline.day is None and task.returned is None


def _is_plan_left(closing: Closing, left: Collection[Place]) -> bool:
    is_late = any(obstacle.late for obstacle in closing.obstacles)
    has_day = closing.deadline.day is not None
    return closing.place in left and not (has_day or is_late or closing.is_ready)


# Who has it ---------------------------------------------------------------------------------------


def _post(desk: Desk, role: str, item: IndicatorState) -> Post | None:
    return desk.actor.post({role}, item.plan.agency_id, item.unit_id)


def _absent(post: Post) -> str:
    return str(post.of) if post.of else ""


def _may_approve(desk: Desk, item: IndicatorState) -> bool:
    """Not what they submitted themselves, in their own name or another's."""
    step = desk.steps.get(item.pk)
    is_own = step is not None and desk.actor.user.pk in step.senders
    return _post(desk, SUPERVISOR, item) is not None and not is_own


def _open(desk: Desk, *statuses: str) -> Iterator[IndicatorState]:
    for item in desk.indicators:
        if item.plan.is_open and item.status in statuses:
            yield item


# What there is to do ------------------------------------------------------------------------------


def _tasks(desk: Desk, today: date) -> Iterator[tuple[Urgency, Task]]:
    for item in _open(desk, *OF_CLERK):
        post = _post(desk, CLERK, item)
        if post is not None:
            task = _task(desk, item, post, today)
            is_returned = task.returned is not None
            yield urgency(task.deadline, item.plan, item.place, is_returned=is_returned), task


def _task(desk: Desk, item: IndicatorState, post: Post, today: date) -> Task:
    draft_at = desk.drafts.get(item.pk)
    return Task(
        place=place(item.plan),
        pk=item.pk,
        title=item.title,
        tag=state_of(item),
        deadline=desk.deadline(item.plan, item.due, today),
        notes=(*open_periods(desk, item, today), *lacking(desk, item)),
        is_begun=item.is_begun or draft_at is not None,
        absent=_absent(post),
        returned=returned(item.status, desk.steps.get(item.pk), desk.records[item.pk].spec),
        draft_at=draft_at,
    )


def _figures(desk: Desk, today: date) -> Iterator[tuple[Urgency, Task]]:
    """One item for a plan's work statistics of which the person's are not all entered."""
    for plan in desk.plans:
        task = _figures_task(desk, plan, today)
        if task is not None:
            yield urgency(task.deadline, plan, AFTER_INDICATORS), task


def _figures_task(desk: Desk, plan: PlanState, today: date) -> Task | None:
    mine = [
        (count, post)
        for count in desk.figures
        if count.plan_pk == plan.pk
        if (post := desk.actor.post({CLERK}, plan.agency_id, count.unit_id))
    ]
    total, empty = (sum(getattr(c, name) for c, _post in mine) for name in ("total", "empty"))
    if not empty:
        return None
    filled = total - empty
    return Task(
        place=place(plan),
        pk=None,
        title=gettext("業務數據"),
        tag=indicator_tag(Status.DRAFT, is_begun=filled > 0),
        deadline=desk.deadline(plan, plan.due, today),
        notes=(Sentence(FIGURES, {"total": total, "filled": filled}),),
        is_begun=filled > 0,
        absent=_absent(mine[0][1]),
    )


def _approvals(desk: Desk, today: date) -> Iterator[tuple[Urgency, Approval]]:
    for item in _open(desk, Status.SUBMITTED):
        post = _post(desk, SUPERVISOR, item)
        if post is not None and _may_approve(desk, item):
            step, day = desk.steps.get(item.pk), desk.deadline(item.plan, item.due, today)
            approval = Approval(
                place=place(item.plan),
                pk=item.pk,
                title=item.title,
                tag=state_of(item),
                unit=item.unit,
                result=result_of(desk, item),
                by=step.by if step else "",
                at=step.at if step else None,
                deadline=day,
                absent=_absent(post),
            )
            yield urgency(day, item.plan, item.place), approval


# What others have ---------------------------------------------------------------------------------


def _late(desk: Desk, today: date) -> Iterator[tuple[Urgency, LateEntry]]:
    for item in _open(desk, *OF_CLERK):
        is_theirs = _post(desk, SUPERVISOR, item) and not _post(desk, CLERK, item)
        if is_theirs and is_late(item, today):
            day = desk.deadline(item.plan, item.due, today)
            late = LateEntry(
                place=place(item.plan),
                pk=item.pk,
                title=item.title,
                tag=state_of(item),
                unit=item.unit,
                deadline=day,
                with_whom=desk.with_whom(item),
            )
            yield urgency(day, item.plan, item.place), late


def _sent(desk: Desk, today: date) -> Iterator[tuple[Urgency, Sent]]:
    for item in _open(desk, Status.SUBMITTED):
        post = _post(desk, CLERK, item) or _post(desk, SUPERVISOR, item)
        if post is not None and not _may_approve(desk, item):
            step = desk.steps.get(item.pk)
            sent = Sent(
                place=place(item.plan),
                pk=item.pk,
                title=item.title,
                tag=state_of(item),
                result=result_of(desk, item),
                by=step.by if step else "",
                at=step.at if step else None,
                with_whom=desk.with_whom(item),
                absent=_absent(post),
            )
            yield urgency(desk.deadline(item.plan, item.due, today), item.plan, item.place), sent
