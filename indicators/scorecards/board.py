"""The completeness board: how far each unit is, what is late, who has it. Pure, from plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext

from indicators.board_queries import BoardData, UnitFigures
from indicators.permissions import Actor, Subject, can, managed_agencies
from indicators.scorecards.board_rows import NO_UNIT, Row, figures_row, filled_of, indicator_row
from indicators.scorecards.plan_progress import is_late, state_of
from indicators.scorecards.words import Tag, indicator_states, plan_tag
from indicators.scoring.types import Sentence, gettext_noop
from indicators.tables import Cell, Table
from indicators.templatetags.kpi_format import people, sentence
from indicators.work_queries import IndicatorState, Status
from indicators.workdays import Deadline

HEADLINE = gettext_noop("%(total)s 項中 %(approved)s 項核定、%(sent)s 項已送出，%(late)s 項逾期")
ON_TIME = gettext_noop("%(total)s 項中 %(approved)s 項核定、%(sent)s 項已送出，沒有逾期")
NOTHING = gettext_noop("這份計畫還沒有指標")
LATE, OPEN = "late", "open"
SHADES = 5


@dataclass(frozen=True, slots=True)
class Shade:
    """A number in a heat map; `level` names its class: 0 to 5 of the row, or x1, x2 for late."""

    count: int
    level: str


@dataclass(frozen=True, slots=True)
class UnitBoard:
    """`shades` stand in the order of `Board.tags`; `figures` (filled, total), if it has any."""

    key: int
    name: str
    total: int
    shades: tuple[Shade, ...]
    late: Shade
    figures: tuple[int, int] | None
    rows: tuple[Row, ...]

    @property
    def can_remind(self) -> bool:
        return any(row.can_remind for row in self.rows)

    @property
    def anchor(self) -> str:
        return f"unit-{self.key}"


@dataclass(frozen=True, slots=True)
class Board:
    """`units` are all of them, `shown` those of which the chosen rows are listed."""

    agency_code: str
    agency_name: str
    year: int
    day: date
    tag: Tag
    headline: Sentence
    due: Deadline
    tags: tuple[Tag, ...]
    units: tuple[UnitBoard, ...]
    shown: tuple[UnitBoard, ...]
    show: str
    is_open: bool
    can_assign: bool
    can_name: bool

    @property
    def anchors(self) -> frozenset[str]:
        """Where on the page something can be said."""
        rows = (row.anchor for unit in self.shown for row in unit.rows)
        return frozenset((*rows, *(unit.anchor for unit in self.shown)))

    @property
    def totals(self) -> tuple[int, ...]:
        """Of each state, then of what is late."""
        columns = zip(*(unit.shades for unit in self.units), strict=True)
        late = sum(unit.late.count for unit in self.units)
        return (*(sum(shade.count for shade in column) for column in columns), late)

    @property
    def total(self) -> int:
        return sum(unit.total for unit in self.units)


def board(data: BoardData, actor: Actor, today: date, show: str = "") -> Board:
    """`show`: only what is "late", or "open"; anything else: everything."""
    show = show if show in (LATE, OPEN) else ""
    units = tuple(_units(data, actor, today))
    plan = data.plan
    return Board(
        agency_code=plan.agency_code,
        agency_name=plan.agency_name,
        year=plan.year,
        day=today,
        tag=plan_tag(plan.status),
        headline=_headline(data.indicators, today),
        due=data.workdays.deadline(plan.due, today),
        tags=indicator_states()[::-1],
        units=units,
        shown=tuple(_chosen(units, show)),
        show=show,
        is_open=plan.is_open,
        can_assign=can("assign", actor, Subject(plan.agency_id, plan.status)),
        can_name=plan.is_open and plan.agency_id in managed_agencies(actor),
    )


def _headline(items: Sequence[IndicatorState], today: date) -> Sentence:
    if not items:
        return Sentence(NOTHING)
    states = Counter(item.status for item in items)
    late = sum(is_late(item, today) for item in items)
    counts = {"total": len(items), "approved": states[Status.APPROVED]}
    template = HEADLINE if late else ON_TIME
    return Sentence(template, {**counts, "sent": states[Status.SUBMITTED], "late": late})


def _chosen(units: Iterable[UnitBoard], show: str) -> Iterator[UnitBoard]:
    for unit in units:
        rows = tuple(
            row for row in unit.rows if not show or (row.is_late if show == LATE else row.is_open)
        )
        if rows:
            yield replace(unit, rows=rows)


# By unit ------------------------------------------------------------------------------------------


def _units(data: BoardData, actor: Actor, today: date) -> Iterator[UnitBoard]:
    """As they come in the plan; those with work statistics alone after them."""
    names: dict[int | None, str] = {}
    items = sorted(data.indicators, key=lambda item: item.place)
    figures = {own.count.unit_id: own for own in data.figures}
    for unit_id, name in [
        *((item.unit_id, item.unit) for item in items),
        *((own.count.unit_id, own.unit) for own in data.figures),
    ]:
        names.setdefault(unit_id, name or gettext("未指派科室"))
    for unit_id, name in names.items():
        own_items = [item for item in items if item.unit_id == unit_id]
        yield _unit(data, actor, today, (unit_id, name), own_items, figures.get(unit_id))


def _unit(
    data: BoardData,
    actor: Actor,
    today: date,
    unit: tuple[int | None, str],
    items: Sequence[IndicatorState],
    figures: UnitFigures | None,
) -> UnitBoard:
    counts = Counter(map(state_of, items))
    rows = [indicator_row(data, actor, item, today) for item in items]
    late = sum(row.is_late for row in rows)
    if figures is not None:
        rows.append(figures_row(data, actor, figures, today))
    return UnitBoard(
        key=unit[0] or NO_UNIT,
        name=unit[1],
        total=len(items),
        shades=tuple(_shade(counts[tag], len(items)) for tag in indicator_states()[::-1]),
        late=Shade(late, f"x{min(late, 2)}" if late else "0"),
        figures=filled_of(figures) if figures else None,
        rows=tuple(rows),
    )


def _shade(count: int, total: int) -> Shade:
    """The darker, the more of the unit's indicators."""
    return Shade(count, str(-(-count * SHADES // total) if count else 0))


# As a table ---------------------------------------------------------------------------------------


def table(page: Board) -> Table:
    """What the page lists, to be exported."""
    return Table(
        title=gettext("填報進度"),
        heads=(
            gettext("科室"),
            gettext("指標"),
            gettext("狀態"),
            gettext("期限"),
            gettext("剩餘工作天"),
            gettext("最近動作"),
            gettext("動作的人"),
            gettext("動作時間"),
            gettext("在誰手上"),
            gettext("最近提醒"),
        ),
        rows=tuple(_cells(unit, row) for unit in page.shown for row in unit.rows),
        notes=(sentence(page.headline),),
    )


def _cells(unit: UnitBoard, row: Row) -> tuple[Cell, ...]:
    return (
        unit.name,
        row.title,
        row.tag.word,
        row.deadline.day,
        row.deadline.left,
        row.did or None,
        row.activity.by if row.activity else None,
        row.activity.at if row.activity else None,
        people(row.with_whom) or None,
        row.reminded.at if row.reminded else None,
    )
