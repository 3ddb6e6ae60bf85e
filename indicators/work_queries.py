"""What somebody's work page is made of, as plain data; a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery

from indicators import models
from indicators.calendar_queries import calendars
from indicators.comment_queries import Mentioned, mentions_of
from indicators.holders import NOBODY, RoleHeld, Seat, lies_with, roles_by_agency
from indicators.interim_queries import load_interims
from indicators.news_queries import Happened, happened
from indicators.permissions import OPEN, Actor
from indicators.queries import load_indicators
from indicators.records import IndicatorRecord, Policy
from indicators.scoring.interim import Interim
from indicators.scoring.types import LowerPolicy
from indicators.workdays import Deadline, Workdays

CLERK, SUPERVISOR = models.Role.Name.CLERK, models.Role.Name.SUPERVISOR
MANAGER, REVIEWER = models.Role.Name.PLAN_MANAGER, models.Role.Name.REVIEWER
Status = models.Indicator.Status
AT_THE_CITY = (models.Plan.Status.APPROVED, models.Plan.Status.REVIEWED)
AT_CITY_SHOWN = 20  # on a reviewer's page; the list of sign-offs has all


@dataclass(frozen=True, slots=True)
class PlanState:
    """A plan that is not published yet; `since`: when its last step was taken."""

    pk: int
    agency_id: int
    agency_code: str
    agency_name: str
    year: int
    status: str
    due: date | None = None
    lower_policy: LowerPolicy = LowerPolicy.LINEAR
    since: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


@dataclass(frozen=True, slots=True)
class IndicatorState:
    """`place` orders a plan's indicators; `is_begun`: something has been saved for it."""

    pk: int
    plan: PlanState
    unit_id: int | None
    unit: str
    title: str
    weight: Decimal
    status: str
    due: date | None
    place: tuple[int, int, int]
    is_begun: bool


@dataclass(frozen=True, slots=True)
class StepTaken:
    """The newest step of an indicator: by whom, for whom, when and why."""

    by_id: int
    by: str
    acting_for_id: int | None
    acting_for: str
    at: datetime
    reason: str
    notes: Mapping[str, str]

    @property
    def senders(self) -> frozenset[int]:
        """Who took it, and for whom."""
        return frozenset({self.by_id, self.acting_for_id or self.by_id})


@dataclass(frozen=True, slots=True)
class FigureCount:
    """How many work statistics of a unit there are, and how many are not entered."""

    plan_pk: int
    unit_id: int | None
    total: int
    empty: int


@dataclass(frozen=True, slots=True)
class Deputy:
    """`is_mine`: the person of the page is away; else they are the deputy."""

    person: str
    is_mine: bool
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything by primary key of the indicator; `records` only of those that need a score."""

    actor: Actor
    units: tuple[tuple[int, str], ...]  # (agency, name) of the person's own
    plans: tuple[PlanState, ...]
    indicators: tuple[IndicatorState, ...]
    records: Mapping[int, IndicatorRecord]
    interims: Mapping[int, Interim]
    proven: Mapping[int, frozenset[str]]
    steps: Mapping[int, StepTaken]
    drafts: Mapping[int, datetime]
    held: Mapping[int, tuple[RoleHeld, ...]]  # by agency
    figures: tuple[FigureCount, ...]
    deputies: tuple[Deputy, ...]
    mentions: tuple[Mentioned, ...]
    calendars: Mapping[int, Workdays]  # by agency
    happened: tuple[Happened, ...] = ()
    at_city: tuple[PlanState, ...] = ()  # for a reviewer: those that have waited longest
    at_city_total: int = 0

    def with_whom(self, item: IndicatorState) -> tuple[Seat, ...]:
        """Today, deputies included."""
        step = self.steps.get(item.pk)
        senders = step.senders if step else NOBODY
        return lies_with(self.held[item.plan.agency_id], item.status, item.unit_id, senders)

    def deadline(self, plan: PlanState, due: date | None, today: date) -> Deadline:
        """Counted by the calendar of the plan's agency."""
        return self.calendars.get(plan.agency_id, Workdays()).deadline(due, today)


def load_desk(actor: Actor, today: date) -> Desk:
    """21 queries, for a reviewer 2 more."""
    agencies = {post.agency_id for post in actor.posts if post.agency_id is not None}
    plans = open_plans(agencies)
    at_city = plans_at_city() if actor.holds({REVIEWER}) else None
    own = {plan.pk: plan for plan in plans}
    indicators = indicator_states(own)
    keys = [item.pk for item in indicators if needs_score(actor, item)]
    return Desk(
        actor=actor,
        units=_units(actor),
        plans=plans,
        indicators=indicators,
        records=load_indicators(keys),
        interims=load_interims(keys),
        proven=_proven(keys),
        steps=newest_steps({*keys, *_submitted(indicators)}),
        drafts=_drafts(actor.user, keys),
        held=roles_by_agency(agencies, today),
        figures=_figures(plan for plan in own.values() if plan.is_open),
        deputies=_deputies(actor.user, today),
        mentions=mentions_of(actor),
        calendars=calendars(agencies),
        happened=happened(actor.user, list(own), today),
        at_city=at_city[0] if at_city else (),
        at_city_total=at_city[1] if at_city else 0,
    )


def needs_score(actor: Actor, item: IndicatorState) -> bool:
    """What the person fills in, has sent, or is to approve."""
    if not item.plan.is_open or item.status == Status.APPROVED:
        return False
    roles = {CLERK, SUPERVISOR} if item.status == Status.SUBMITTED else {CLERK}
    return actor.post(roles, item.plan.agency_id, item.unit_id) is not None


def _submitted(items: Iterable[IndicatorState]) -> list[int]:
    return [item.pk for item in items if item.status == Status.SUBMITTED]


def open_plans(agencies: Collection[int]) -> tuple[PlanState, ...]:
    plans = models.Plan.objects.current().exclude(status=models.Plan.Status.PUBLISHED)
    return tuple(map(plan_state, plans.filter(agency__in=agencies).newest_first()))


def plans_at_city() -> tuple[tuple[PlanState, ...], int]:
    """The first that wait for the city, and how many there are. 2 queries."""
    plans = models.Plan.objects.current().filter(status__in=AT_THE_CITY)
    own = models.Step.objects.filter(plan=OuterRef("pk"), indicator=None).order_by("-at")
    rows = plans.annotate(since=Subquery(own.values("at")[:1])).select_related("agency")
    ordered = rows.order_by(F("since").asc(nulls_first=True), "year", "agency__code")
    return tuple(plan_state(row, row.since) for row in ordered[:AT_CITY_SHOWN]), plans.count()


def plan_state(row: models.Plan, since: datetime | None = None) -> PlanState:
    return PlanState(
        pk=row.pk,
        agency_id=row.agency_id,
        agency_code=row.agency.code,
        agency_name=row.agency_name,
        year=row.year,
        status=row.status,
        due=row.due,
        lower_policy=Policy(row.lower_policy).lower_policy,
        since=since,
    )


def indicator_states(plans: Mapping[int, PlanState]) -> tuple[IndicatorState, ...]:
    """Of these plans, by primary key. 1 query."""
    rows = models.Indicator.objects.filter(plan__in=plans).annotate(is_begun=_is_begun())
    return tuple(
        IndicatorState(
            pk=row.pk,
            plan=plans[row.plan_id],
            unit_id=row.owner_id,
            unit=row.owner.name if row.owner else "",
            title=row.title,
            weight=row.weight,
            status=row.status,
            due=row.due or plans[row.plan_id].due,
            place=(row.goal.perspective.position, row.goal.position, row.position),
            is_begun=row.is_begun,
        )
        for row in rows.select_related("owner", "goal__perspective").order_by("pk")
    )


def _is_begun() -> Q:
    """Any number, stage or word has been saved."""
    of_it = {"indicator": OuterRef("pk")}
    saved = (
        models.Input.objects.filter(**of_it, value__isnull=False),
        models.InputRow.objects.filter(input__indicator=OuterRef("pk"), value__isnull=False),
        models.Milestone.objects.filter(**of_it, done__isnull=False),
        models.Measurement.objects.filter(**of_it).exclude(actual=None, analysis=""),
    )
    begun = Q()
    for rows in saved:
        begun |= Q(Exists(rows))
    return begun


def _proven(keys: Collection[int]) -> dict[int, frozenset[str]]:
    rows = models.Evidence.objects.in_force().filter(indicator__in=keys)
    found: dict[int, set[str]] = defaultdict(set)
    for indicator, about in rows.values_list("indicator_id", "about"):
        found[indicator].add(about)
    return {key: frozenset(symbols) for key, symbols in found.items()}


def newest_steps(keys: Collection[int]) -> dict[int, StepTaken]:
    """The newest of each indicator. 1 query."""
    of_them: QuerySet[models.Step] = models.Step.objects.filter(indicator__in=keys).order_by()
    newest = of_them.values("indicator").annotate(last=Max("pk")).values("last")
    rows = models.Step.objects.filter(pk__in=newest).newest_first()
    return {row.indicator_id: _step(row) for row in rows if row.indicator_id is not None}


def _step(row: models.Step) -> StepTaken:
    return StepTaken(
        by_id=row.by_id,
        by=str(row.by),
        acting_for_id=row.acting_for_id,
        acting_for=str(row.acting_for or ""),
        at=row.at,
        reason=row.reason,
        notes=row.notes,
    )


def _drafts(user: models.User, keys: Collection[int]) -> dict[int, datetime]:
    rows = models.Draft.objects.filter(user=user, indicator__in=keys)
    return dict(rows.values_list("indicator_id", "saved_at"))


def _figures(plans: Iterable[PlanState]) -> tuple[FigureCount, ...]:
    rows = models.Figure.objects.filter(plan__in=[plan.pk for plan in plans])
    counted = rows.values("plan_id", "owner_id").annotate(
        total=Count("pk"), empty=Count("pk", filter=Q(value=None))
    )
    ordered = counted.order_by("plan_id", "owner_id")
    return tuple(
        FigureCount(row["plan_id"], row["owner_id"], row["total"], row["empty"]) for row in ordered
    )


def _units(actor: Actor) -> tuple[tuple[int, str], ...]:
    keys = {post.unit_id for post in actor.posts if post.unit_id is not None and post.of is None}
    rows = models.Unit.objects.filter(pk__in=keys).order_by("pk")
    return tuple(rows.values_list("agency", "name"))


def _deputies(user: models.User, today: date) -> tuple[Deputy, ...]:
    """Today's and those to come."""
    rows = models.Deputyship.objects.filter(Q(absent=user) | Q(deputy=user), last_day__gte=today)
    return tuple(
        Deputy(
            person=str(row.deputy if row.absent_id == user.pk else row.absent),
            is_mine=row.absent_id == user.pk,
            first_day=row.first_day,
            last_day=row.last_day,
        )
        for row in rows.select_related("absent", "deputy").order_by("first_day", "pk")
    )
