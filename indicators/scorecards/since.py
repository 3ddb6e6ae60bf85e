"""What has moved in a plan since a moment: points then and now, and each indicator that differs."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction

from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext

from indicators.event_queries import Newer, newer_events
from indicators.queries import PlanRow
from indicators.scorecards.rewind import plan_due, rewound
from indicators.scorecards.scored import ScoredIndicator, ScoredPlan, score_plan
from indicators.scorecards.signs import points_change
from indicators.scorecards.words import indicator_tag, plan_tag
from indicators.scoring.rounding import grouped, two_places
from indicators.scoring.types import Totals

NOT_REPORTED = "—"
Value = str | date | None  # a date prints as one; None: there is none


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that is different, before and now: its actual, points, status, due or owner."""

    key: str
    name: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Moved:
    """An indicator, or with `pk` None the plan itself. `points`: what its score gained or lost.

    `change` is the same printed, `＋3.00`, and empty where the score is as it was.
    """

    pk: int | None
    title: str
    moves: tuple[Move, ...]
    points: Fraction
    change: str


@dataclass(frozen=True, slots=True)
class Changed:
    """`begun`: the plan's rows were made after `since`, and it is compared with how they were.

    `is_new`: there was no such plan before that. `lines`: first what moved most points. `change`
    is that of the points earned.
    """

    since: datetime
    begun: datetime | None
    is_new: bool
    before: Totals
    after: Totals
    change: str
    lines: tuple[Moved, ...]


def changes_since(plan: PlanRow, now: ScoredPlan, since: datetime) -> Changed:
    """`now` is the plan scored as it is. What happened at `since` itself counts. 2 queries."""
    return changed(now, newer_events(plan, since), since)


def month_before(day: date) -> date:
    """The same day of the month before, or that month's last: 3月31日 → 2月28日."""
    year, month = (day.year, day.month - 1) if day.month > 1 else (day.year - 1, 12)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def month_ago(now: datetime) -> datetime:
    """The beginning of that day in Taipei."""
    return make_aware(datetime.combine(month_before(localdate(now)), time.min))


def changed(now: ScoredPlan, newer: Newer, since: datetime) -> Changed:
    then = score_plan(rewound(now.record, newer))
    lines = [*_plan(then, now, newer), *_indicators(then, now)]
    return Changed(
        since=since,
        begun=newer.begun,
        is_new=newer.is_new,
        before=then.totals,
        after=now.totals,
        change=_change(then.totals.score, now.totals.score),
        lines=tuple(sorted(lines, key=lambda line: -abs(line.points))),
    )


def _change(before: Fraction, after: Fraction) -> str:
    """`＋3.00`, `−0.50`; empty for none."""
    return "" if before == after else points_change(before, after)


def _plan(then: ScoredPlan, now: ScoredPlan, newer: Newer) -> Iterator[Moved]:
    before, after = then.record, now.record
    moves = _moves(
        ("status", gettext("狀態"), plan_tag(before.status).word, plan_tag(after.status).word),
        ("due", gettext("填報期限"), plan_due(after, newer), newer.due),
    )
    if moves:
        yield Moved(None, gettext("整份計畫"), moves, Fraction(0), "")


def _indicators(then: ScoredPlan, now: ScoredPlan) -> Iterator[Moved]:
    for before, after in zip(then.indicators(), now.indicators(), strict=True):
        moves = _moves(
            ("actual", gettext("實際"), _actual(before), _actual(after)),
            ("points", gettext("得分"), _score(before), _score(after)),
            ("status", gettext("狀態"), _status(before), _status(after)),
            ("due", gettext("期限"), before.record.due, after.record.due),
            ("owner", gettext("負責單位"), before.record.owner or None, after.record.owner or None),
        )
        if moves:
            points = after.result.score - before.result.score
            change = _change(before.result.score, after.result.score)
            yield Moved(after.record.pk, after.spec.title, moves, points, change)


def _moves(*named: tuple[str, str, Value, Value]) -> tuple[Move, ...]:
    """What differs; a deadline or an owner that is there for the first time is no news."""
    return tuple(
        Move(key, name, old, new) for key, name, old, new in named if old != new and old is not None
    )


def _actual(item: ScoredIndicator) -> str:
    actual = item.result.actual
    return NOT_REPORTED if actual is None else grouped(actual) + _unit(item)


def _unit(item: ScoredIndicator) -> str:
    """A percent sign stands with its number; other units are known from the indicator."""
    return "%" if item.spec.unit == "%" else ""


def _score(item: ScoredIndicator) -> str:
    return NOT_REPORTED if item.result.actual is None else two_places(item.result.score)


def _status(item: ScoredIndicator) -> str:
    return indicator_tag(item.record.status, is_begun=item.record.is_begun).word
