"""The history as pages and files read it: filtered, a page at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from indicators import models
from indicators.models.audit import AuditEventQuerySet
from indicators.queries import PlanNotFound

PAGE = 50
CHUNK = 500
SERVER = 0  # the person's key where nobody was logged in: a command on the server


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What of a chain is wanted. None: no limit. `since` and `until` are whole days in Taipei."""

    person: int | None = None
    action: str = ""
    indicator: int | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class EventRecord:
    """One event; `content` is what was hashed."""

    sequence: int
    at: datetime
    hash: str
    content: Mapping[str, Any]

    @property
    def by(self) -> str:
        """The name of that day; empty for a command on the server."""
        return self.content["by"]["name"] if self.content["by"] else ""


@dataclass(frozen=True, slots=True)
class EventPage:
    """Newest first. `older`, `newer`: the number to go on from, None at the end."""

    events: tuple[EventRecord, ...]
    older: int | None
    newer: int | None


@dataclass(frozen=True, slots=True)
class Choices:
    """What a chain can be filtered by: (key, name) of people, actions, (key, title)."""

    people: tuple[tuple[int, str], ...]
    actions: tuple[str, ...]
    indicators: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Labels:
    """By indicator: the names of its inputs by symbol, and its stages' titles in order."""

    inputs: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    stages: Mapping[int, list[str]] = field(default_factory=dict)


def event_page(
    chain: str, wanted: EventFilter, *, before: int | None = None, after: int | None = None
) -> EventPage:
    """Up to 50 events before (older) or after (newer) a number. 1 query."""
    rows = _events(chain, wanted)
    if after is not None:
        found = list(rows.filter(sequence__gt=after).order_by("sequence")[: PAGE + 1])
        shown = found[:PAGE][::-1]
        return _page(shown, has_older=True, has_newer=len(found) > PAGE)
    if before is not None:
        rows = rows.filter(sequence__lt=before)
    found = list(rows.order_by("-sequence")[: PAGE + 1])
    return _page(found[:PAGE], has_older=len(found) > PAGE, has_newer=before is not None)


def _page(rows: list[models.AuditEvent], *, has_older: bool, has_newer: bool) -> EventPage:
    return EventPage(
        events=tuple(map(_record, rows)),
        older=rows[-1].sequence if rows and has_older else None,
        newer=rows[0].sequence if rows and has_newer else None,
    )


def all_events(chain: str, wanted: EventFilter) -> Iterator[EventRecord]:
    """Newest first, without keeping them all in memory."""
    rows = _events(chain, wanted).order_by("-sequence")
    yield from map(_record, rows.iterator(chunk_size=CHUNK))


def _record(row: models.AuditEvent) -> EventRecord:
    return EventRecord(row.sequence, row.at, row.hash, row.content())


def _events(chain: str, wanted: EventFilter) -> AuditEventQuerySet:
    rows = models.AuditEvent.objects.filter(chain__name=chain)
    if wanted.person is not None:
        rows = rows.filter(actor=wanted.person or None)
    if wanted.action:
        rows = rows.filter(action=wanted.action)
    if wanted.indicator is not None:
        evidence = models.Evidence.objects.filter(indicator=wanted.indicator).values("pk")
        rows = rows.filter(
            Q(object_kind="indicator", object_id=wanted.indicator)
            | Q(object_kind="evidence", object_id__in=evidence)
        )
    if wanted.since:
        rows = rows.filter(at__gte=_moment(wanted.since, time.min))
    if wanted.until:
        rows = rows.filter(at__lte=_moment(wanted.until, time.max))
    return rows


def _moment(day: date, clock: time) -> datetime:
    """In Taipei."""
    return timezone.make_aware(datetime.combine(day, clock))


def choices(chain: str, plan: models.Plan | None = None) -> Choices:
    """2 queries, and 1 for a plan's indicators."""
    rows = models.AuditEvent.objects.filter(chain__name=chain).order_by()
    people = rows.values_list("actor", "actor__first_name", "actor__username").distinct()
    named = [(key or SERVER, name or account or "") for key, name, account in people]
    actions = rows.values_list("action", flat=True).distinct()
    return Choices(
        people=tuple(sorted(named, key=lambda person: (person[1], person[0]))),
        actions=tuple(sorted(actions)),
        indicators=_indicators(plan) if plan else (),
    )


def _indicators(plan: models.Plan) -> tuple[tuple[int, str], ...]:
    rows = models.Indicator.objects.filter(plan=plan)
    ordered = rows.order_by("goal__perspective__position", "goal__position", "position")
    return tuple(ordered.values_list("pk", "title"))


def last_changes(plan: models.Plan, kind: str, keys: Collection[int]) -> dict[int, EventRecord]:
    """The newest event of each of these objects of a plan. 1 query."""
    rows = models.AuditEvent.objects.of_plan(plan).filter(object_kind=kind, object_id__in=keys)
    newest = rows.order_by().values("object_id").annotate(last=Max("pk")).values("last")
    found = models.AuditEvent.objects.filter(pk__in=newest).order_by("pk")
    return {row.object_id: _record(row) for row in found if row.object_id is not None}


def last_change(plan: models.Plan) -> datetime | None:
    """When anything of the plan was changed last. 1 query."""
    newest: datetime | None = models.AuditEvent.objects.of_plan(plan).aggregate(at=Max("at"))["at"]
    return newest


def version_of(plan: models.Plan, version: int) -> models.Plan:
    """Another version of the same year's plan. Raises `PlanNotFound`. 1 query."""
    same = models.Plan.objects.select_related("agency").for_year(plan.year)
    found = same.filter(agency=plan.agency, version=version).first()
    if found is None:
        raise PlanNotFound
    return found


def labels(keys: Collection[int]) -> Labels:
    """Of these indicators. 2 queries."""
    return _labels(
        models.Input.objects.filter(indicator__in=keys),
        models.Milestone.objects.filter(indicator__in=keys),
    )


def labels_of_plan(plan: models.Plan) -> Labels:
    """2 queries."""
    return _labels(
        models.Input.objects.filter(indicator__plan=plan),
        models.Milestone.objects.filter(indicator__plan=plan),
    )


def _labels(inputs: QuerySet[models.Input], stages: QuerySet[models.Milestone]) -> Labels:
    names: dict[int, dict[str, str]] = defaultdict(dict)
    for row in inputs.order_by("pk"):
        names[row.indicator_id][row.symbol] = row.label or row.symbol
    titles: dict[int, list[str]] = defaultdict(list)
    for key, title in stages.order_by("indicator", "position").values_list("indicator", "title"):
        titles[key].append(title)
    return Labels(names, titles)
