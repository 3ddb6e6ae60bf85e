"""Reminding whoever has an indicator of what is to be done: once a day, one letter a person."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from indicators import history, mail, permissions
from indicators.actions.refusals import Missing, Refused
from indicators.calendar_queries import workdays_of
from indicators.holders import CLERK, SUPERVISOR, RoleHeld, Seat, holders, role_now, roles_held
from indicators.locking import lock_plan, retry
from indicators.models import Indicator, Plan, Reminder, User
from indicators.permissions import Actor, Post, Subject
from indicators.work_queries import newest_steps
from indicators.workdays import Deadline, Workdays

Kind = Reminder.Kind
FIGURES = "業務數據"


@dataclass(frozen=True, slots=True)
class Told:
    """Names: to whom a letter goes, who had one today already, who has no address.

    `failed`, filled in once the transaction is stored: whose letter the mail server did not take.
    """

    sent: tuple[str, ...]
    already: tuple[str, ...]
    unreachable: tuple[str, ...]
    failed: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class _Item:
    """What somebody is reminded of; `indicator` None: their work statistics."""

    indicator: Indicator | None
    kind: str
    title: str
    deadline: Deadline
    seats: tuple[Seat, ...]

    @property
    def key(self) -> int | None:
        return self.indicator.pk if self.indicator else None


@dataclass(frozen=True, slots=True)
class _Desk:
    """Who is there today, and how days are counted."""

    held: tuple[RoleHeld, ...]
    workdays: Workdays
    today: date


@retry
@transaction.atomic
def remind(*, plan_id: int, indicator_id: int, actor: Actor, now: datetime) -> Told:
    """Of one indicator. Raises `NotAllowed`, `Missing`, and `Refused` where nobody has it."""
    plan = lock_plan(plan_id)
    row = plan.indicators.filter(pk=indicator_id).first()
    if row is None:
        raise Missing
    post = permissions.check("remind", actor, Subject.of(plan, row))
    if row.status == Indicator.Status.APPROVED:
        raise Refused(_("「%(title)s」已核定，不需要提醒。") % {"title": row.title})
    return _remind(plan, _items(plan, [row], actor, _desk(plan, now)), actor, post, now)


@retry
@transaction.atomic
def remind_unit(*, plan_id: int, unit_id: int | None, actor: Actor, now: datetime) -> Told:
    """Of all that a unit has not finished.

    Raises `NotAllowed`, `Missing` for another agency's unit, and `Refused` if there is nothing.
    """
    plan = lock_plan(plan_id)
    if unit_id is not None and unit_id not in set(plan.agency.units.values_list("pk", flat=True)):
        raise Missing
    post = permissions.check("remind", actor, Subject.of_unit(plan, unit_id))
    open_ones = plan.indicators.filter(owner=unit_id).exclude(status=Indicator.Status.APPROVED)
    desk = _desk(plan, now)
    items = _items(plan, open_ones.order_by("pk"), actor, desk)
    if plan.figures.filter(owner=unit_id, value=None).exists():
        items.append(_figures(plan, unit_id, actor, desk))
    if not items:
        raise Refused(_("這個科室沒有未完成的項目。"))
    return _remind(plan, items, actor, post, now)


# What there is to do, and who has it --------------------------------------------------------------


def _desk(plan: Plan, now: datetime) -> _Desk:
    today = timezone.localdate(now)
    return _Desk(roles_held(plan.agency_id, today), workdays_of(plan.agency_id), today)


def _items(plan: Plan, rows: Iterable[Indicator], actor: Actor, desk: _Desk) -> list[_Item]:
    """Who submitted an entry does not approve it, and nobody reminds themselves."""
    rows = list(rows)
    steps = newest_steps([row.pk for row in rows if row.status == Indicator.Status.SUBMITTED])
    without = {pk: step.senders for pk, step in steps.items()}
    return [_item(plan, row, {actor.user.pk, *without.get(row.pk, ())}, desk) for row in rows]


def _item(plan: Plan, row: Indicator, without: Collection[int], desk: _Desk) -> _Item:
    role = role_now(row.status)
    return _Item(
        indicator=row,
        kind=Kind.APPROVE if role == SUPERVISOR else Kind.FILL,
        title=row.title,
        deadline=desk.workdays.deadline(row.due or plan.due, desk.today),
        seats=holders(desk.held, role, row.owner_id, without=without),
    )


def _figures(plan: Plan, unit_id: int | None, actor: Actor, desk: _Desk) -> _Item:
    return _Item(
        indicator=None,
        kind=Kind.FILL,
        title=FIGURES,
        deadline=desk.workdays.deadline(plan.due, desk.today),
        seats=holders(desk.held, CLERK, unit_id, without={actor.user.pk}),
    )


# Storing, recording, writing ----------------------------------------------------------------------


def _remind(plan: Plan, items: Sequence[_Item], actor: Actor, post: Post, now: datetime) -> Told:
    people = User.objects.in_bulk({seat.user_id for item in items for seat in item.seats})
    if not people:
        raise Refused(_("這些項目目前沒有別人負責，請先指派科室或設定角色。"))
    new = _not_yet(plan, items, people, timezone.localdate(now))
    _store(plan, new, actor, now)
    history.record_many(_entries(plan, new, actor, post, now))
    failed: list[str] = []
    for user, own in _by_person(new).items():
        letter = _letter(plan, user, own, actor)
        transaction.on_commit(partial(_deliver, plan, user, letter, now, failed))
    return replace(_told(people.values(), {user for _item, user in new}), failed=failed)


def _deliver(
    plan: Plan, user: User, letter: tuple[str, str], now: datetime, failed: list[str]
) -> None:
    """One that does not leave is no reminder: it can be sent again the same day."""
    subject, body = letter
    try:
        mail.deliver(to=user, subject=subject, body=body)
    except mail.NotDelivered:
        plan.reminders.filter(to=user, at=now).delete()
        failed.append(str(user))


def _not_yet(
    plan: Plan, items: Sequence[_Item], people: Mapping[int, User], today: date
) -> list[tuple[_Item, User]]:
    """Who can be reached and was not reminded of it today."""
    done = set(plan.reminders.filter(day=today).values_list("indicator", "to"))
    pairs = [(item, people[seat.user_id]) for item in items for seat in item.seats]
    return [(item, user) for item, user in pairs if user.email and (item.key, user.pk) not in done]


def _store(plan: Plan, new: Iterable[tuple[_Item, User]], actor: Actor, now: datetime) -> None:
    day = timezone.localdate(now)
    Reminder.objects.bulk_create(
        Reminder(
            plan=plan,
            indicator=item.indicator,
            kind=item.kind,
            to=user,
            by=actor.user,
            at=now,
            day=day,
        )
        for item, user in new
    )


def _entries(
    plan: Plan, new: Iterable[tuple[_Item, User]], actor: Actor, post: Post, now: datetime
) -> Iterator[history.Entry]:
    """One event for each item, with everybody who was reminded of it."""
    names: dict[_Item, list[str]] = {}
    for item, user in new:
        names.setdefault(item, []).append(str(user))
    for item, people in names.items():
        yield history.Entry(
            plan=plan,
            action="remind",
            kind="indicator" if item.indicator else "plan",
            obj_id=item.key or plan.pk,
            label=item.title,
            after={"to": people},
            by=actor.user,
            acting_for=post.of,
            now=now,
        )


def _by_person(new: Iterable[tuple[_Item, User]]) -> dict[User, list[_Item]]:
    found: dict[User, list[_Item]] = {}
    for item, user in new:
        found.setdefault(user, []).append(item)
    return found


def _letter(plan: Plan, user: User, items: Sequence[_Item], actor: Actor) -> tuple[str, str]:
    """In Chinese, as the reports are: nobody knows in which language it will be read."""
    with override(settings.LANGUAGE_CODE):
        context = {
            "plan": plan,
            "to": user,
            "by": actor.user,
            "lines": [(item, _address(plan, item)) for item in items],
        }
        subject = render_to_string("mail/reminder_subject.txt", context)
        return subject, render_to_string("mail/reminder.txt", context)


def _address(plan: Plan, item: _Item) -> str:
    place = [plan.agency.code, plan.year]
    if item.indicator is None:
        return mail.link(reverse("figures", args=place))
    page = "review_indicator" if item.kind == Kind.APPROVE else "entry"
    return mail.link(reverse(page, args=[*place, item.indicator.pk]))


def _told(people: Iterable[User], reached: Collection[User]) -> Told:
    rest = [user for user in people if user not in reached]
    return Told(
        sent=tuple(str(user) for user in people if user in reached),
        already=tuple(str(user) for user in rest if user.email),
        unreachable=tuple(str(user) for user in rest if not user.email),
    )
