"""A plan as it is and as it would be if some values were others. Nothing is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext

from indicators.scorecards.page import (
    IndicatorLine,
    TotalLines,
    indicator_line,
    total_lines,
)
from indicators.scorecards.scored import (
    ScoredIndicator,
    ScoredPerspective,
    ScoredPlan,
    score_plan,
)
from indicators.scorecards.signs import SAME, points_change
from indicators.scorecards.words import result_tag
from indicators.scoring.rounding import grouped, rounded, two_places
from indicators.scoring.types import Status
from indicators.tables import Cell, Table
from indicators.trials import Movable, Value, movables, moved


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator as it is and as it would be; `is_moved`: some of its values are moved."""

    now: IndicatorLine
    then: IndicatorLine
    difference: str
    is_moved: bool

    @property
    def is_rescored(self) -> bool:
        return self.now.score != self.then.score or self.now.tag != self.then.tag


@dataclass(frozen=True, slots=True)
class Sum:
    """Points of a perspective, or one kind of points of the plan; `key` as in `charts.Segment`."""

    name: str
    weight: str
    now: str
    then: str
    difference: str
    key: str = ""

    @property
    def is_changed(self) -> bool:
        return self.difference != SAME


@dataclass(frozen=True, slots=True)
class PerspectiveRows:
    anchor: str
    sum: Sum
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class WhatIfPage:
    """`points`: earned, lost, what of it is still open where any is, winnable.

    `cells`: the rows raw, for export.
    """

    agency_code: str
    agency_name: str
    year: int
    now: TotalLines
    then: TotalLines
    total: Sum
    points: tuple[Sum, ...]
    perspectives: tuple[PerspectiveRows, ...]
    parts_add_up: bool
    cells: tuple[tuple[Cell, ...], ...]
    sample_note: str

    @property
    def is_moved(self) -> bool:
        return any(row.is_moved for part in self.perspectives for row in part.rows)


def movables_of(plan: ScoredPlan) -> dict[str, Movable]:
    """Everything that can be moved, by its key, in the order of the plan."""
    found = (movables(item.record, item.result.actual) for item in plan.indicators())
    return {field.key: field for fields in found for field in fields}


def what_if(plan: ScoredPlan, moves: Mapping[str, Value]) -> ScoredPlan:
    """The plan as it would be, scored anew. No queries."""
    record = plan.record
    wanted = {key.partition(".")[0] for key in moves}
    for item in plan.indicators():
        if f"i{item.record.pk}" in wanted:
            record = record.with_indicator(moved(item.record, moves))
    return score_plan(record)


def what_if_page(now: ScoredPlan, then: ScoredPlan) -> WhatIfPage:
    record = now.record
    return WhatIfPage(
        agency_code=record.agency_code,
        agency_name=record.agency_name,
        year=record.year,
        now=total_lines(now.totals),
        then=total_lines(then.totals),
        total=_sum(_total_word(then), now.totals.score, then.totals.score, now.totals.weight),
        points=tuple(_points(now, then)),
        perspectives=tuple(
            _perspective(one, other, f"p{number}")
            for number, (one, other) in enumerate(
                zip(now.perspectives, then.perspectives, strict=True), start=1
            )
        ),
        parts_add_up=all(p.all_adds_up() for p in (now, then)),
        cells=tuple(_cells(now, then)),
        sample_note=record.sample_note,
    )


def _total_word(plan: ScoredPlan) -> str:
    return gettext("總分") if plan.totals.complete else gettext("已得")


def _points(now: ScoredPlan, then: ScoredPlan) -> Iterator[Sum]:
    was, would = now.totals, then.totals
    yield _sum(gettext("已得"), was.score, would.score)
    yield _sum(gettext("已失"), was.lost, would.lost, key="lost")
    if was.open_lost or would.open_lost:
        yield _sum(gettext("其中尚未核定"), was.open_lost, would.open_lost, key="open")
    yield _sum(gettext("尚可得"), Fraction(was.winnable), Fraction(would.winnable), key="win")


def _sum(name: str, now: Fraction, then: Fraction, weight: object = "", key: str = "") -> Sum:
    change = points_change(now, then)
    return Sum(name, str(weight), two_places(now), two_places(then), change, key)


def _perspective(now: ScoredPerspective, then: ScoredPerspective, anchor: str) -> PerspectiveRows:
    pairs = zip(_items(now), _items(then), strict=True)
    weight = grouped(now.totals.weight)
    return PerspectiveRows(
        anchor=anchor,
        sum=_sum(now.record.name, now.totals.score, then.totals.score, weight),
        rows=tuple(_row(one, other) for one, other in pairs),
    )


def _items(perspective: ScoredPerspective) -> Iterator[ScoredIndicator]:
    for goal in perspective.goals:
        yield from goal.indicators


def _row(now: ScoredIndicator, then: ScoredIndicator) -> Row:
    return Row(
        now=indicator_line(now),
        then=indicator_line(then),
        difference=points_change(now.result.score, then.result.score),
        is_moved=now.spec != then.spec,
    )


# Export -----------------------------------------------------------------------------------------


def _cells(now: ScoredPlan, then: ScoredPlan) -> Iterator[tuple[Cell, ...]]:
    for was, would in zip(now.perspectives, then.perspectives, strict=True):
        for one, other in zip(_items(was), _items(would), strict=True):
            yield (was.record.name, one.spec.title, one.spec.unit or None, *_pairs(one, other))


def _pairs(now: ScoredIndicator, then: ScoredIndicator) -> Iterator[Cell]:
    yield now.spec.weight
    for one in (now, then):
        held, is_reported = one.result.achievement, one.result.status is not Status.NOT_REPORTED
        yield one.spec.target
        yield one.result.actual
        yield None if held is None else rounded(held, 2)
        yield rounded(one.result.score, 2) if is_reported else None
        yield result_tag(one.result.status).word
    yield rounded(then.result.score - now.result.score, 2)


def table(page: WhatIfPage) -> Table:
    names = ("目標", "實際", "達成度（%）", "得分", "結果")
    words = tuple(gettext(name) for name in names)
    return Table(
        title=gettext("試算"),
        heads=(
            gettext("面向"),
            gettext("衡量指標"),
            gettext("單位"),
            gettext("權重"),
            *(gettext("現在的%(name)s") % {"name": word} for word in words),
            *(gettext("試算的%(name)s") % {"name": word} for word in words),
            gettext("得分增減"),
        ),
        rows=page.cells,
        notes=(
            gettext("試算，不是填報資料；沒有任何數值被更改。"),
            *([page.sample_note] if page.sample_note else []),
        ),
    )
