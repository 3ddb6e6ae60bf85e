"""An indicator over all its years: figures, what can't be compared, and what was promised."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext, gettext_lazy

from indicators import charts
from indicators.scorecards.page import NOT_REPORTED, Number, split, target_words
from indicators.scorecards.scored import ScoredIndicator, ScoredPlan
from indicators.scorecards.signs import signed
from indicators.scorecards.trend_promises import Promise, promise_of
from indicators.scorecards.trend_years import (
    Point,
    change_from,
    contradictions,
    follows,
    parts,
    points_of,
    with_before,
)
from indicators.scorecards.words import Tag, light_tag, result_tag
from indicators.scoring.ratings import light
from indicators.scoring.rounding import grouped, rounded, two_places
from indicators.scoring.trend import Part
from indicators.scoring.types import IndicatorResult, Sentence
from indicators.tables import Cell, Table
from indicators.trend_queries import YearRecord

CHART_WIDTH = 440
PART_WORDS = {
    Part.UNIT: gettext_lazy("單位"),
    Part.DIRECTION: gettext_lazy("方向"),
    Part.METHOD: gettext_lazy("評估方式"),
    Part.FORMULA: gettext_lazy("公式"),
    Part.DECIMALS: gettext_lazy("小數位數"),
}


@dataclass(frozen=True, slots=True)
class YearLine:
    """One year's row. `pk` None: only what the year after says of it, without a result.

    `redefined`: what of the definition differs from the row before, in words. `is_after_gap`: the
    row before is not the year before.
    """

    year: int
    pk: int | None
    is_here: bool
    is_sample: bool
    target: Number
    actual: Number
    change: str
    achievement: str
    light: Tag | None
    tag: Tag | None
    redefined: str
    is_after_gap: bool


@dataclass(frozen=True, slots=True)
class YearDetail:
    """A year's texts are in `plan` and `item`, their references not yet filled in."""

    line: YearLine
    plan: ScoredPlan
    item: ScoredIndicator
    unit_id: int | None
    promise: Promise | None


@dataclass(frozen=True, slots=True)
class TrendPage:
    """`lines` oldest first, `details` newest first; `rows` are the lines as raw cells."""

    agency_code: str
    agency_name: str
    year: int
    pk: int | None
    title: str
    unit: str
    has_lineage: bool
    places: int
    chart: charts.LineChart
    lines: tuple[YearLine, ...]
    details: tuple[YearDetail, ...]
    findings: tuple[Sentence, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def breaks(self) -> tuple[YearLine, ...]:
        return tuple(line for line in self.lines if line.redefined)


def trend_page(years: Sequence[YearRecord], here: int, today: date) -> TrendPage:
    """`here` is the year from which the page was opened."""
    points = tuple(points_of(years))
    lines = tuple(_lines(points, here))
    own = next(point for point in points if point.known and point.number == here)
    figures = [figure for p in points for figure in (p.target, p.actual) if figure is not None]
    record = own.known.plan if own.known else years[-1].plan
    return TrendPage(
        agency_code=record.agency_code,
        agency_name=record.agency_name,
        year=here,
        pk=own.known.record.pk if own.known else None,
        title=own.spec.title,
        unit=own.spec.unit,
        has_lineage=bool(years[-1].record.lineage),
        places=max((len(grouped(figure).partition(".")[2]) for figure in figures), default=0),
        chart=_chart(points),
        lines=lines,
        details=tuple(_details(points, lines, today)),
        findings=tuple(contradictions(points)),
        rows=tuple(_rows(points)),
    )


# Years ------------------------------------------------------------------------------------------


def _lines(points: Sequence[Point], here: int) -> Iterator[YearLine]:
    for before, point in with_before(points):
        differs = parts(before, point) if before else ()
        result = point.result
        difference = change_from(before, point)
        yield YearLine(
            year=point.number,
            pk=point.known.record.pk if point.known else None,
            is_here=point.known is not None and point.number == here,
            is_sample=bool(point.known and point.known.plan.sample_note),
            target=_target(point),
            actual=_figure(point.actual),
            change=NOT_REPORTED if difference is None else signed(difference),
            achievement=_achievement(result),
            light=_light(point),
            tag=result_tag(result.status) if result else None,
            redefined=gettext("、").join(str(PART_WORDS[part]) for part in differs),
            is_after_gap=before is not None and before.number != point.number - 1,
        )


def _target(point: Point) -> Number:
    if point.known:
        return split(target_words(point.spec))
    return _figure(point.target)


def _figure(value: Decimal | None) -> Number:
    return split(NOT_REPORTED if value is None else grouped(value))


def _achievement(result: IndicatorResult | None) -> str:
    if result is None or result.achievement is None:
        return NOT_REPORTED
    return two_places(result.achievement)


def _light(point: Point) -> Tag | None:
    if point.result is None or point.plan is None:
        return None
    policy = point.plan.record.policy
    return light_tag(light(point.result.achievement, policy.green, policy.yellow))


def _details(
    points: Sequence[Point], lines: Sequence[YearLine], today: date
) -> Iterator[YearDetail]:
    by_year = {point.number: point for point in points if point.known}
    for point, line in reversed(list(zip(points, lines, strict=True))):
        if point.known is None or point.plan is None or point.item is None:
            continue
        following = by_year.get(point.number + 1)
        status = following.result.status if following and following.result else None
        if following and parts(point, following):
            status = None
        yield YearDetail(
            line=line,
            plan=point.plan,
            item=point.item,
            unit_id=point.known.unit_id,
            promise=promise_of(point.known, status, today),
        )


# Chart ------------------------------------------------------------------------------------------


def _chart(points: Sequence[Point]) -> charts.LineChart:
    """A line for each run of years that can be compared; the last with a figure has its name."""
    runs = list(_runs(points))
    series = [
        one
        for kind, name in (("actual", gettext("實際")), ("target", gettext("目標")))
        for one in _named([_values(points, run, kind) for run in runs], kind, name)
    ]
    return charts.line_chart([str(p.number) for p in points], series, width=CHART_WIDTH)


def _named(
    lines: Sequence[tuple[Decimal | None, ...]], kind: str, name: str
) -> Iterator[charts.Series]:
    filled = [line for line in lines if any(value is not None for value in line)]
    for line in filled:
        yield charts.Series(name if line is filled[-1] else "", kind, line)


def _runs(points: Sequence[Point]) -> Iterator[tuple[Point, ...]]:
    run: list[Point] = []
    for before, point in with_before(points):
        if run and not follows(before, point):
            yield tuple(run)
            run = []
        run.append(point)
    yield tuple(run)


def _values(
    points: Sequence[Point], run: tuple[Point, ...], kind: str
) -> tuple[Decimal | None, ...]:
    return tuple(
        (point.actual if kind == "actual" else point.target) if point in run else None
        for point in points
    )


# Export -----------------------------------------------------------------------------------------


def _rows(points: Sequence[Point]) -> Iterator[tuple[Cell, ...]]:
    for before, point in with_before(points):
        result = point.result
        held = result.achievement if result else None
        shown, status = _light(point), result.status if result else None
        differs = parts(before, point) if before else ()
        yield (
            point.number,
            point.spec.unit or None,
            point.target,
            point.actual,
            change_from(before, point),
            None if held is None else rounded(held, 2),
            shown.word if shown else None,
            result_tag(status).word if status else gettext("上年度報告所載"),
            gettext("定義變更，不可比") if differs else None,
        )


def table(page: TrendPage) -> Table:
    return Table(
        title=gettext("%(title)s歷年趨勢") % {"title": page.title},
        heads=(
            gettext("年度"),
            gettext("單位"),
            gettext("目標"),
            gettext("實際"),
            gettext("較上年"),
            gettext("達成度（%）"),
            gettext("燈號"),
            gettext("結果"),
            gettext("備註"),
        ),
        rows=page.rows,
        notes=tuple(_notes(page)),
    )


def _notes(page: TrendPage) -> Iterator[str]:
    for line in page.lines:
        if line.is_sample:
            yield gettext("%(year)s 年度是範例資料。") % {"year": line.year}
    yield from map(str, page.findings)
