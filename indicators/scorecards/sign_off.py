"""Where a plan stands on its way to publication."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from indicators.models import Indicator, Plan, Step
from indicators.permissions import (
    OPEN,
    Actor,
    NotAllowed,
    Subject,
    can,
    check_can_close,
    has_role,
)
from indicators.scorecards.timeline import Event, plan_timeline
from indicators.scorecards.words import (
    Standing,
    Tag,
    indicator_tag,
    standing,
)

# The stages after the agency's own work: the step that reaches each, and the statuses beyond it.
STAGES = (
    (Step.Name.CLOSE, {Plan.Status.APPROVED, Plan.Status.REVIEWED, Plan.Status.PUBLISHED}),
    (Step.Name.REVIEW, {Plan.Status.REVIEWED, Plan.Status.PUBLISHED}),
    (Step.Name.PUBLISH, {Plan.Status.PUBLISHED}),
)


@dataclass(frozen=True, slots=True)
class Stage:
    """`done` is the event that reached it in this round, None while it is still to come."""

    name: str
    word: str
    with_whom: str
    done: Event | None


@dataclass(frozen=True, slots=True)
class Item:
    """One indicator; `with_whom`: whose turn it is."""

    pk: int
    title: str
    tag: Tag
    with_whom: str
    is_waiting: bool


@dataclass(frozen=True, slots=True)
class SignOff:
    """`refusal` says why the plan can't be closed yet; `seen` is its last step, to be named."""

    plan: Standing
    approved: int
    indicators: tuple[Item, ...]
    stages: tuple[Stage, ...]
    events: tuple[Event, ...]
    refusal: str
    seen: int
    is_open: bool  # the agency still works on it
    is_manager: bool
    can_close: bool
    can_review: bool
    can_ask_back: bool
    can_publish: bool
    can_correct: bool

    @property
    def open(self) -> tuple[Item, ...]:
        return tuple(item for item in self.indicators if item.with_whom)


def sign_off(plan: Plan, actor: Actor) -> SignOff:
    """4 queries."""
    subject = Subject.of(plan)
    items = tuple(_item(row) for row in _rows(plan))
    events = plan_timeline(plan)
    refusal = _refusal(plan)
    return SignOff(
        plan=standing(plan),
        approved=sum(not item.with_whom for item in items),
        indicators=items,
        stages=tuple(_stage(name, plan.status in done, events) for name, done in STAGES),
        events=events,
        refusal=refusal,
        seen=events[0].pk if events else 0,
        is_open=plan.status in OPEN,
        is_manager=has_role(Step.Name.CLOSE, actor, subject),
        can_close=can(Step.Name.CLOSE, actor, subject) and not refusal,
        can_review=can(Step.Name.REVIEW, actor, subject),
        can_ask_back=can(Step.Name.ASK_BACK, actor, subject),
        can_publish=can(Step.Name.PUBLISH, actor, subject),
        can_correct=can(Step.Name.CORRECT, actor, subject),
    )


def _rows(plan: Plan) -> list[Indicator]:
    rows = Indicator.objects.filter(plan=plan).select_related("owner")
    return list(rows.order_by("goal__perspective__position", "goal__position", "position"))


def _item(row: Indicator) -> Item:
    return Item(
        pk=row.pk,
        title=row.title,
        tag=indicator_tag(row.status),
        with_whom=_with_whom(row),
        is_waiting=row.status == Indicator.Status.SUBMITTED,
    )


def _with_whom(row: Indicator) -> str:
    """Empty once it is approved."""
    if row.status == Indicator.Status.APPROVED:
        return ""
    waits = row.status == Indicator.Status.SUBMITTED
    role = _("主管") if waits else _("承辦人")
    return f"{row.owner.name}　{role}" if row.owner else str(role)


def _stage(name: str, is_done: bool, events: tuple[Event, ...]) -> Stage:
    done = next((event for event in events if event.name == name), None) if is_done else None
    whose = _("研考承辦") if name == Step.Name.CLOSE else _("研考會")
    return Stage(name, str(Step.Name(name).label), whose, done)


def _refusal(plan: Plan) -> str:
    try:
        check_can_close(plan)
    except NotAllowed as error:
        return str(error)
    return ""
