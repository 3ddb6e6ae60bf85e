"""The weekly digest: how a plan stands and what happened in the week. Pure; no to-do list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from indicators.holders import Seat, lies_with
from indicators.models import Step
from indicators.models.plan import IndicatorStatus, PlanStatus
from indicators.notice_queries import WEEK, PlanWeek
from indicators.scorecards.scored import ScoredPlan, score_plan
from indicators.scorecards.words import LIGHT_WORDS, plan_tag
from indicators.scoring.ratings import Light, light
from indicators.scoring.rounding import two_places
from indicators.templatetags.kpi_format import one_line
from indicators.workdays import Workdays

UNFINISHED = (IndicatorStatus.DRAFT, IndicatorStatus.RETURNED)
OPEN = (PlanStatus.DRAFT, PlanStatus.RETURNED)
ALWAYS_SAID = (Step.Name.SUBMIT, Step.Name.RETURN, Step.Name.APPROVE)


@dataclass(frozen=True, slots=True)
class Pending:
    """An entry that is not submitted: by when, and with whom. `late`: working days; 0 is not."""

    title: str
    unit: str
    due: date
    late: int
    with_whom: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """One plan's part of the digest; counts are of indicators, points as printed.

    `open_lost`: what of `lost` nobody has approved yet, else empty.
    """

    agency_name: str
    agency_code: str
    year: int
    is_sample: bool
    state: str
    is_complete: bool
    earned: str
    lost: str
    open_lost: str
    winnable: str
    lights: tuple[tuple[str, int], ...]
    steps: tuple[tuple[str, int], ...]
    late: tuple[Pending, ...]
    coming: tuple[Pending, ...]


def week(given: PlanWeek, calendar: Workdays) -> Week:
    record, plan = given.record, score_plan(given.record)
    pending = sorted(_pending(given, calendar), key=lambda item: item.due)
    return Week(
        agency_name=record.agency_name,
        agency_code=record.agency_code,
        year=record.year,
        is_sample=bool(record.sample_note),
        state=plan_tag(record.status).word,
        is_complete=plan.totals.complete,
        earned=two_places(plan.totals.score),
        lost=two_places(plan.totals.lost),
        open_lost=two_places(plan.totals.open_lost) if plan.totals.open_lost else "",
        winnable=two_places(Fraction(plan.totals.winnable)),
        lights=_lights(plan),
        steps=_steps(given),
        late=tuple(item for item in pending if item.due < given.last),
        coming=tuple(item for item in pending if given.last <= item.due <= given.last + WEEK),
    )


def _lights(plan: ScoredPlan) -> tuple[tuple[str, int], ...]:
    policy = plan.record.policy
    counts = Counter(
        light(item.result.achievement, policy.green, policy.yellow) for item in plan.indicators()
    )
    return tuple((str(LIGHT_WORDS[one]), counts[one]) for one in Light)


def _steps(given: PlanWeek) -> tuple[tuple[str, int], ...]:
    """What is done every week, also where it was not; then what else was."""
    names = [*ALWAYS_SAID, *(name for name in Step.Name if name not in ALWAYS_SAID)]
    counts = ((str(name.label), given.steps.get(name, 0), name in ALWAYS_SAID) for name in names)
    return tuple((word, count) for word, count, is_said in counts if count or is_said)


def _pending(given: PlanWeek, calendar: Workdays) -> Iterator[Pending]:
    """With a deadline, while the agency still works on the plan."""
    for item in given.record.indicators() if given.record.status in OPEN else ():
        if item.due is not None and item.status in UNFINISHED:
            yield Pending(
                title=one_line(item.spec.title),
                unit=item.owner,
                due=item.due,
                late=max(0, -calendar.left(given.last, item.due)),
                with_whom=lies_with(given.held, item.status, given.units.get(item.owner)),
            )
