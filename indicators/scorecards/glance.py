"""The year at a glance: one page for the meeting room, on the screen and on A4."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.utils.timezone import localdate
from django.utils.translation import gettext

from indicators import charts
from indicators.last_year import last_year_of
from indicators.scorecards import glance_room
from indicators.scorecards.last_years import differing
from indicators.scorecards.lights import LightCount, Thresholds, light_counts, light_of, thresholds
from indicators.scorecards.page import (
    IndicatorLine,
    Number,
    TotalLines,
    indicator_line,
    most_places,
    split,
    total_lines,
)
from indicators.scorecards.scored import ScoredIndicator, ScoredPerspective, ScoredPlan
from indicators.scorecards.since import Changed, Moved
from indicators.scorecards.words import Tag, light_tag, plan_tag
from indicators.scoring.rounding import grouped, two_places
from indicators.scoring.types import Status

Printer = Callable[[ScoredIndicator, str], str]  # a text of an indicator as the report prints it
NOT_REPORTED = "—"


@dataclass(frozen=True, slots=True)
class GlanceLine:
    """An indicator's row; last year is a figure, and a mark on the bullet."""

    line: IndicatorLine
    light: Tag
    previous: Number


@dataclass(frozen=True, slots=True)
class GlancePart:
    """A perspective; its bar is as long as its weight among the others.

    `open_lost`: what of `lost` nobody has approved yet, else empty.
    """

    name: str
    weight: str
    score: str
    lost: str
    open_lost: str
    winnable: str
    bar: charts.PointsBar
    words: str
    lines: tuple[GlanceLine, ...]


@dataclass(frozen=True, slots=True)
class Miss:
    """A target that was missed; the texts are whole, or end in words that say they are not.

    `is_open`: nobody has approved it yet.
    """

    line: IndicatorLine
    lost: str
    is_open: bool
    cause: str
    action: str
    responsible: str
    due: date | None


@dataclass(frozen=True, slots=True)
class Glance:
    """`is_tight`: so much stands on the sheet that it is set smaller. `moved` are the first lines
    of what changed; `more`, how many others there are. `differing`: where last year's plan has
    other figures of last year.
    """

    agency_code: str
    agency_name: str
    year: int
    tag: Tag
    as_of: datetime
    today: date
    totals: TotalLines
    lights: tuple[LightCount, ...]
    thresholds: Thresholds
    parts: tuple[GlancePart, ...]
    places: int
    misses: tuple[Miss, ...]
    is_tight: bool
    changed: Changed
    earned_before: str
    moved: tuple[Moved, ...]
    more: int
    parts_add_up: bool
    differing: tuple[str, ...]
    sample_note: str


def glance(
    plan: ScoredPlan, changed: Changed, as_of: datetime, now: datetime, printed: Printer
) -> Glance:
    """`as_of`: when anything of the plan was last changed; `printed` fills in staff texts."""
    record, totals = plan.record, plan.totals
    misses = tuple(_misses(plan, printed))
    shown = glance_room.most_moved(
        [(miss.cause, miss.action) for miss in misses], map(_words, changed.lines)
    )
    return Glance(
        agency_code=record.agency_code,
        agency_name=record.agency_name,
        year=record.year,
        tag=plan_tag(record.status),
        as_of=as_of,
        today=localdate(now),
        totals=total_lines(totals),
        lights=light_counts(plan),
        thresholds=thresholds(plan),
        parts=tuple(_parts(plan)),
        places=most_places(_figures(plan)),
        misses=misses,
        is_tight=glance_room.is_tight(totals.indicators, len(misses)),
        changed=changed,
        earned_before=two_places(changed.before.score),
        moved=changed.lines[:shown],
        more=max(0, len(changed.lines) - shown),
        parts_add_up=plan.all_adds_up(),
        differing=tuple(differing(plan.indicators())),
        sample_note=record.sample_note,
    )


# Perspectives and indicators ----------------------------------------------------------------------


def _parts(plan: ScoredPlan) -> Iterator[GlancePart]:
    longest = max((part.totals.weight for part in plan.perspectives), default=Decimal(0))
    for part in plan.perspectives:
        yield _part(plan, part, longest)


def _part(plan: ScoredPlan, part: ScoredPerspective, longest: Decimal) -> GlancePart:
    points = total_lines(part.totals)
    return GlancePart(
        name=part.record.name,
        weight=points.weight,
        score=points.score,
        lost=points.lost,
        open_lost=points.open_lost,
        winnable=points.winnable,
        bar=replace(points.bar, full=str(longest)),
        words=points.words,
        lines=tuple(_line(plan, item) for goal in part.goals for item in goal.indicators),
    )


def _figures(plan: ScoredPlan) -> Iterator[Decimal | None]:
    """What stands in columns whose points align."""
    for item in plan.indicators():
        yield from (item.spec.target, item.result.actual, last_year_of(item.record).actual)


def _line(plan: ScoredPlan, item: ScoredIndicator) -> GlanceLine:
    last = last_year_of(item.record)
    return GlanceLine(
        line=indicator_line(item, last.actual),
        light=light_tag(light_of(plan, item)),
        previous=split(NOT_REPORTED if last.actual is None else grouped(last.actual)),
    )


# Missed targets -----------------------------------------------------------------------------------


def _misses(plan: ScoredPlan, printed: Printer) -> Iterator[Miss]:
    missed = [item for item in plan.indicators() if item.result.status is Status.MISSED]
    limit = glance_room.text_limit(len(missed))
    for item in missed:
        review = item.record.review
        yield Miss(
            line=indicator_line(item),
            lost=two_places(item.lost),
            is_open=not item.record.is_approved,
            cause=shortened(printed(item, review.cause), limit) if review else "",
            action=shortened(printed(item, review.action), limit) if review else "",
            responsible=review.responsible if review else "",
            due=review.due if review else None,
        )


def _words(line: Moved) -> str:
    """About what a change takes of a line."""
    moves = (f"{move.name} {move.before} → {move.after} " for move in line.moves)
    return "".join((line.title, line.change, *moves))


def shortened(text: str, limit: int) -> str:
    """On one line; what is longer says that the report has the rest."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    return gettext("%(beginning)s…（詳報告）") % {"beginning": line[:limit].rstrip()}
