"""What a person's reminder says on one day. From plain data, without queries.

Everything counts in working days of the item's agency, and nothing is said on its days off. Each
item is told on its days only, once, in the first list that fits. The rules in words: docs/mail.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from indicators.scorecards.my_work import MyWork
from indicators.scorecards.news import News
from indicators.scorecards.plan_progress import is_late, place, state_of
from indicators.scorecards.work_items import Approval, LateEntry, Task
from indicators.templatetags.kpi_format import one_line
from indicators.work_queries import CLERK, MANAGER, SUPERVISOR, Desk, IndicatorState
from indicators.workdays import Workdays

DUE_IN = frozenset({5, 2, 1, 0})  # working days before the deadline
LATE_FROM = 1  # working days after it
RETURNED_FROM = 2  # after it came back
WAITING_FROM = 3  # after it was sent to whoever approves it
SUPERVISOR_FROM = 3  # after the deadline, to the unit's supervisors
MANAGER_FROM = 5  # after the deadline, to the agency's plan managers
AGAIN_EVERY = 3  # the same is said again after so many working days

Item = Task | Approval | LateEntry
Calendars = Mapping[str, Workdays]  # by the agency's code


@dataclass(frozen=True, slots=True)
class Told:
    """`days`: working days until the deadline, or gone by since it or since the item came."""

    item: Item
    days: int

    @property
    def title(self) -> str:
        return one_line(self.item.title)


@dataclass(frozen=True, slots=True)
class Reminder:
    """`escalated`: what others are late with, and with whom it lies; `open`: all there is to do.

    `news`: what others changed since the last letter, up to the day before.
    """

    late: tuple[Told, ...]
    due: tuple[Told, ...]
    returned: tuple[Told, ...]
    approvals: tuple[Told, ...]
    escalated: tuple[Told, ...]
    open: int
    news: tuple[News, ...] = ()

    def __bool__(self) -> bool:
        lists = (self.late, self.due, self.returned, self.approvals, self.escalated, self.news)
        return any(lists)

    @property
    def subject(self) -> str:
        """Counts only: no title, which somebody typed, stands in a letter's head."""
        counted = {
            "逾期": self.late,
            "即將到期": self.due,
            "退回補正": self.returned,
            "等待核定": self.approvals,
            "同仁逾期": self.escalated,
            "異動": self.news,
        }
        parts = [f"{word} {len(told)} 項" for word, told in counted.items() if told]
        return f"【施政績效】{'，'.join(parts)}"


Rule = Callable[[Any, Workdays, date], int | None]  # the days to tell; None: not today


def reminder(
    work: MyWork,
    managed: Iterable[LateEntry],
    calendars: Calendars,
    today: date,
    since: date = date.min,
) -> Reminder:
    """`managed`: what is late in the plans that the person manages (`managed_late`).

    `since`: the day of the last letter, which told what had changed before it.
    """

    def told(items: Iterable[Item], rule: Rule) -> tuple[Told, ...]:
        return tuple(_told(items, rule, calendars, today))

    tasks = [task for task in (work.next, *work.returned, *work.due) if task is not None]
    late, due = told(tasks, _late_from(LATE_FROM)), told(tasks, _due)
    said = [one.item for one in (*late, *due)]
    return Reminder(
        late=late,
        due=tuple(sorted(due, key=lambda one: one.item.deadline.day or today)),
        returned=told([task for task in tasks if task not in said], _returned),
        approvals=told(work.approvals, _waiting),
        escalated=(
            *told(work.late, _late_from(SUPERVISOR_FROM)),
            *told(managed, _late_from(MANAGER_FROM)),
        ),
        open=len(tasks) + len(work.earlier.tasks) + len(work.approvals),
        news=tuple(one for one in work.news if since <= timezone.localdate(one.at) < today),
    )


def _told(items: Iterable[Item], rule: Rule, calendars: Calendars, today: date) -> Iterator[Told]:
    for item in items:
        calendar = calendars[item.place.agency_code]
        if calendar.is_workday(today) and (days := rule(item, calendar, today)) is not None:
            yield Told(item, days)


def _due(task: Task, calendar: Workdays, today: date) -> int | None:
    due = task.deadline
    return due.left if not due.is_late and due.left in DUE_IN else None


def _late_from(first: int) -> Rule:
    def late(item: Task | LateEntry, calendar: Workdays, today: date) -> int | None:
        return _since(item.deadline.day, first, calendar, today)

    return late


def _returned(task: Task, calendar: Workdays, today: date) -> int | None:
    back = task.returned
    day = timezone.localdate(back.at) if back else None
    return _since(day, RETURNED_FROM, calendar, today)


def _waiting(approval: Approval, calendar: Workdays, today: date) -> int | None:
    day = timezone.localdate(approval.at) if approval.at else None
    return _since(day, WAITING_FROM, calendar, today)


def _since(day: date | None, first: int, calendar: Workdays, today: date) -> int | None:
    """Working days gone by: told on the first of its days and on every third after it."""
    if day is None or day >= today:
        return None
    gone = -calendar.left(today, day)
    return gone if gone >= first and (gone - first) % AGAIN_EVERY == 0 else None


def managed_late(desk: Desk, today: date) -> tuple[LateEntry, ...]:
    """Of the plans that the person manages; not what they are clerk or supervisor of."""
    items = [item for item in desk.indicators if _is_managed(desk, item) and is_late(item, today)]
    return tuple(
        LateEntry(
            place=place(item.plan),
            pk=item.pk,
            title=item.title,
            tag=state_of(item),
            unit=item.unit,
            deadline=desk.deadline(item.plan, item.due, today),
            with_whom=desk.with_whom(item),
        )
        for item in sorted(items, key=lambda item: (item.due or date.max, item.place))
    )


def _is_managed(desk: Desk, item: IndicatorState) -> bool:
    where = (item.plan.agency_id, item.unit_id)
    is_nearer = desk.actor.post({CLERK, SUPERVISOR}, *where) is not None
    return item.plan.is_open and not is_nearer and desk.actor.post({MANAGER}, *where) is not None
