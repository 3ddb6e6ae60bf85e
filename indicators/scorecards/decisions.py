"""What a supervisor has decided on a day, and where each indicator is now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from indicators.models import Indicator, Plan, Step
from indicators.permissions import Actor
from indicators.scorecards.words import Tag, indicator_tag, step_tag

DECISIONS = (Step.Name.APPROVE, Step.Name.RETURN)


@dataclass(frozen=True, slots=True)
class Decision:
    """`is_approved`: it still is, so that it can be returned; `now`: its status today."""

    pk: int
    title: str
    owner: str
    tag: Tag
    now: Tag
    is_approved: bool
    at: datetime
    reason: str


def decisions(plan: Plan, actor: Actor, today: date) -> tuple[Decision, ...]:
    """The last of this person about each indicator, newest first. 1 query."""
    steps = Step.objects.filter(plan=plan, by=actor.user, name__in=DECISIONS, at__date=today)
    last: dict[int, Decision] = {}
    for step in steps.select_related("indicator__owner").defer("content").order_by("-pk"):
        if step.indicator is not None:
            last.setdefault(step.indicator.pk, _decision(step.indicator, step))
    return tuple(last.values())


def _decision(row: Indicator, step: Step) -> Decision:
    return Decision(
        pk=row.pk,
        title=row.title,
        owner=row.owner.name if row.owner else "",
        tag=step_tag(step.name),
        now=indicator_tag(row.status),
        is_approved=row.status == row.Status.APPROVED,
        at=step.at,
        reason=step.reason,
    )
