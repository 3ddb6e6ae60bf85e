"""How far whole plans are: what keeps one from being closed, what waits for the city, progress."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from indicators.scorecards.words import Tag, indicator_states, indicator_tag, plan_tag
from indicators.scorecards.work_items import (
    CityPlan,
    Closing,
    Obstacle,
    Place,
    Progress,
)
from indicators.scorecards.work_order import waiting
from indicators.scoring.rounding import exact_sum
from indicators.work_queries import (
    AT_THE_CITY,
    MANAGER,
    Desk,
    IndicatorState,
    PlanState,
    Status,
)

FULL_WEIGHT = 100


def place(plan: PlanState) -> Place:
    return Place(plan.agency_code, plan.agency_name, plan.year)


def left_years(desk: Desk) -> frozenset[Place]:
    """The plans of agencies that have a plan of a later year on the desk."""
    newest: dict[int, int] = {}
    for plan in desk.plans:
        newest[plan.agency_id] = max(plan.year, newest.get(plan.agency_id, 0))
    return frozenset(place(plan) for plan in desk.plans if plan.year < newest[plan.agency_id])


def state_of(item: IndicatorState) -> Tag:
    return indicator_tag(item.status, is_begun=item.is_begun)


def closings(desk: Desk, today: date) -> tuple[Closing, ...]:
    """For each open plan that the person manages, in the order of their deadlines."""
    plans = [plan for plan in desk.plans if plan.is_open and _has(desk, MANAGER, plan)]
    found = [_closing(desk, plan, today) for plan in plans]
    return tuple(sorted(found, key=lambda c: (c.deadline.day or date.max, c.place.year)))


def _has(desk: Desk, role: str, plan: PlanState) -> bool:
    return desk.actor.post({role}, plan.agency_id, None) is not None


def _closing(desk: Desk, plan: PlanState, today: date) -> Closing:
    items = [item for item in desk.indicators if item.plan is plan]
    obstacles = _obstacles(desk, plan, items, today)
    is_weight_off = exact_sum(item.weight for item in items) != FULL_WEIGHT
    return Closing(
        place=place(plan),
        deadline=desk.deadline(plan, plan.due, today),
        obstacles=obstacles,
        is_weight_off=is_weight_off,
        empty_figures=sum(count.empty for count in desk.figures if count.plan_pk == plan.pk),
        is_ready=bool(items) and not obstacles and not is_weight_off,
    )


def _obstacles(
    desk: Desk, plan: PlanState, items: Iterable[IndicatorState], today: date
) -> tuple[Obstacle, ...]:
    """By unit and state, as they come in the plan."""
    groups: dict[tuple[str, int | None, Tag], list[IndicatorState]] = {}
    for item in sorted(items, key=lambda item: item.place):
        if item.status != Status.APPROVED:
            groups.setdefault((item.unit, item.unit_id, state_of(item)), []).append(item)
    return tuple(
        Obstacle(
            unit=unit,
            tag=tag,
            count=len(group),
            late=sum(is_late(item, today) for item in group),
            with_whom=tuple(dict.fromkeys(seat for item in group for seat in desk.with_whom(item))),
        )
        for (unit, _unit_id, tag), group in groups.items()
    )


def is_late(item: IndicatorState, today: date) -> bool:
    """Not submitted in time."""
    is_open = item.status in (Status.DRAFT, Status.RETURNED)
    return is_open and item.due is not None and item.due < today


def city_plans(desk: Desk) -> tuple[CityPlan, ...]:
    """For a reviewer, the first of those that wait."""
    plans = [
        CityPlan(place(plan), plan_tag(plan.status), plan.status != AT_THE_CITY[0], plan.since)
        for plan in desk.at_city
    ]
    return tuple(sorted(plans, key=waiting))


def progress(desk: Desk) -> tuple[Progress, ...]:
    """Of the person's agencies' plans that have indicators."""
    states: dict[int, list[Tag]] = {}
    for item in desk.indicators:
        states.setdefault(item.plan.pk, []).append(state_of(item))
    return tuple(_progress(plan, states[plan.pk]) for plan in desk.plans if plan.pk in states)


def _progress(plan: PlanState, tags: list[Tag]) -> Progress:
    order = {tag: number for number, tag in enumerate(indicator_states())}
    counts = Counter(tags)
    return Progress(
        place=place(plan),
        tag=plan_tag(plan.status),
        strip=tuple(sorted(tags, key=lambda tag: order[tag])),
        counts=tuple((tag, counts[tag]) for tag in order),
        total=len(tags),
        due=plan.due,
    )
