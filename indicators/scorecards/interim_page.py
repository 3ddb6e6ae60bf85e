"""One indicator through its year as its page prints it: the grid, the chart and the forecast."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext

from indicators.charts import LineChart
from indicators.interim_checks import PeriodFinding, check_periods
from indicators.interim_queries import EarlierYear
from indicators.last_year import year_before
from indicators.records import IndicatorRecord
from indicators.scorecards.indicator_page import (
    DIRECTION_WORDS,
    InputTable,
    Stage,
    input_tables,
    stages_of,
)
from indicators.scorecards.interim_chart import NARROW, WIDE, chart_of, chart_words
from indicators.scorecards.interim_progress import (
    Progress,
    progress,
    result_at,
    result_then,
)
from indicators.scorecards.interim_words import (
    PATH_WORDS,
    PERIOD_WORDS,
    RULE_WORDS,
    pace_tag,
    parts_of,
)
from indicators.scorecards.page import Number, split
from indicators.scorecards.signs import signed
from indicators.scorecards.steps import target_text
from indicators.scorecards.words import Tag
from indicators.scoring.interim import ACTUAL, Gather, Interim, is_behind, printed_path
from indicators.scoring.periods import Period, begun_periods, elapsed_periods, period_label
from indicators.scoring.rounding import difference, grouped
from indicators.scoring.types import (
    Indicator,
    IndicatorResult,
    LowerPolicy,
    Method,
    Sentence,
)
from indicators.tables import Cell, Table


@dataclass(frozen=True, slots=True)
class Column:
    """What is asked per period; `number`: its place among all that could be asked.

    `rule`: what its values come to, in words.
    """

    number: int
    symbol: str
    name: str
    unit: str
    rule: str


@dataclass(frozen=True, slots=True)
class Line:
    """One period. `values` by column; the others are as of its end. `reason`: why no actual."""

    number: int
    label: str
    is_begun: bool
    is_over: bool
    values: tuple[Decimal | None, ...]
    actual: Decimal | None
    path: Decimal
    earlier: Decimal | None
    tag: Tag | None
    reason: Sentence | None
    doubts: tuple[PeriodFinding, ...] = ()

    @property
    def doubted(self) -> frozenset[str | None]:
        """The symbols whose value is doubtful; None among them: the figure as of its end."""
        return frozenset(doubt.symbol for doubt in self.doubts)

    def figures(self) -> dict[str, Number | None]:
        """With the point apart, so that it aligns."""
        figures = {"actual": self.actual, "path": self.path, "earlier": self.earlier}
        return {name: v if v is None else split(grouped(v)) for name, v in figures.items()}


@dataclass(frozen=True, slots=True)
class InterimPage:
    """`progress` None: the indicator is not followed within its year.

    `is_listed`: all of its inputs are lists, which nobody enters by period.
    `places`: the most decimals of a line's figures. `change`: from last year's same period.
    """

    agency_code: str
    agency_name: str
    year: int
    pk: int | None
    title: str
    unit: str
    target: str
    direction: str
    period: str
    path: str
    is_staged: bool
    is_listed: bool
    stages: tuple[Stage, ...]
    tables: tuple[InputTable, ...]
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    progress: Progress | None
    pace: Tag | None
    has_earlier: bool
    places: int
    change: str
    chart: LineChart | None
    narrow_chart: LineChart | None
    chart_words: str

    @property
    def lists(self) -> str:
        """The names of the inputs that are lists."""
        heads = (name for table in self.tables for name, _unit in table.heads)
        return gettext("、").join(f"「{name}」" for name in heads)

    @property
    def doubted(self) -> list[Line]:
        """The periods of which something is doubtful."""
        return [line for line in self.lines if line.doubts]

    @property
    def doubts(self) -> int:
        return sum(len(line.doubts) for line in self.lines)

    def labels(self) -> list[str]:
        """Of the periods that have begun."""
        return [line.label for line in self.lines if line.is_begun]

    def asked(self) -> list[tuple[int, str, str]]:
        return [(column.number, column.symbol, column.name) for column in self.columns]


def interim_page(
    record: IndicatorRecord,
    interim: Interim | None,
    policy: LowerPolicy,
    today: date,
    earlier: Sequence[EarlierYear],
    *,
    agency_code: str,
    agency_name: str,
    year: int,
) -> InterimPage:
    last = next((item for item in earlier if item.year == year - 1), None)
    if last:
        record = replace(record, before=year_before(last.record, last.lower_policy))
    spec = record.spec
    found = progress(record, interim, policy, today, earlier)
    is_followed = interim is not None and found is not None
    lines = (
        tuple(_lines(record, interim, policy, today, earlier)) if interim and is_followed else ()
    )
    return InterimPage(
        agency_code=agency_code,
        agency_name=agency_name,
        year=year,
        pk=record.pk,
        title=spec.title,
        unit=spec.unit,
        target=target_text(spec),
        direction=str(DIRECTION_WORDS[spec.direction]),
        period=str(PERIOD_WORDS[interim.period]) if interim and is_followed else "",
        path=str(PATH_WORDS[interim.path]) if interim and is_followed else "",
        is_staged=spec.method is Method.MILESTONES,
        is_listed=bool(spec.inputs) and not parts_of(spec),
        stages=stages_of(spec),
        tables=input_tables(spec.inputs),
        columns=tuple(_columns(spec, interim)) if interim and is_followed else (),
        lines=lines,
        progress=found,
        pace=pace_tag(found.is_behind) if found else None,
        has_earlier=any(line.earlier is not None for line in lines),
        places=max((_places(line) for line in lines), default=0),
        change=_change(spec, found),
        chart=chart_of([line.label for line in lines], lines, found, WIDE),
        narrow_chart=chart_of([str(line.number) for line in lines], lines, found, NARROW),
        chart_words=chart_words(found),
    )


# The grid -----------------------------------------------------------------------------------------


def _columns(spec: Indicator, interim: Interim) -> Iterator[Column]:
    units = {given.symbol: given.unit for given in spec.inputs} | {ACTUAL: spec.unit}
    for number, (symbol, name) in enumerate(parts_of(spec)):
        rule = interim.rules.get(symbol, Gather.CONSTANT)
        if rule:
            yield Column(number, symbol, name, units.get(symbol, ""), str(RULE_WORDS[rule]))


def _lines(
    record: IndicatorRecord,
    interim: Interim,
    policy: LowerPolicy,
    today: date,
    earlier: Sequence[EarlierYear],
) -> Iterator[Line]:
    spec, doubts = record.spec, check_periods(record, interim, policy)
    begun = begun_periods(interim.year, interim.period, today)
    elapsed = elapsed_periods(interim.year, interim.period, today)
    columns = tuple(_columns(spec, interim))
    for number in range(1, interim.periods + 1):
        result = result_at(spec, interim, number, policy, elapsed) if number <= begun else None
        then = result_then(spec, interim, number, interim.year - 1, earlier)
        actual = result.actual if result else None
        behind = None if actual is None else is_behind(spec, interim, actual, number)
        yield Line(
            number=number,
            label=_label(interim.period, number),
            is_begun=number <= begun,
            is_over=number <= elapsed,
            values=tuple(interim.value(column.symbol, number) for column in columns),
            actual=actual,
            path=printed_path(spec, interim, number),
            earlier=then.actual if then else None,
            tag=pace_tag(behind),
            reason=_reason(result),
            doubts=tuple(doubt for doubt in doubts if doubt.period == number),
        )


def _label(kind: Period, number: int) -> str:
    label = period_label(kind, number)
    return gettext(label.template) % label.params


def _reason(result: IndicatorResult | None) -> Sentence | None:
    return result.reason if result else None


def _places(line: Line) -> int:
    figures = (line.actual, line.path, line.earlier)
    return max(len(grouped(v).partition(".")[2]) for v in figures if v is not None)


def _change(spec: Indicator, found: Progress | None) -> str:
    if found is None or found.result is None or found.earlier is None:
        return ""
    now, then = found.result.actual, found.earlier.actual
    if now is None or then is None:
        return ""
    return signed(difference(now, then))


# To be exported -----------------------------------------------------------------------------------


def table(page: InterimPage) -> Table:
    """The grid; the forecast's range stands below as lines of its own."""
    unit = f"（{page.unit}）" if page.unit else ""
    heads = (
        gettext("期別"),
        *(
            f"{column.name}（{column.unit}）" if column.unit else column.name
            for column in page.columns
        ),
        gettext("期末實際值") + unit,
        gettext("目標路徑") + unit,
        gettext("去年同期") + unit,
        gettext("進度"),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            line.label,
            *line.values,
            line.actual,
            line.path,
            line.earlier,
            line.tag.word if line.tag else None,
        )
        for line in page.lines
    ]
    ahead = page.progress.forecast if page.progress else None
    if ahead is not None:
        empty = (None,) * len(page.columns)
        for name, value in (
            (gettext("預測年底，低"), ahead.low),
            (gettext("預測年底"), ahead.expected),
            (gettext("預測年底，高"), ahead.high),
        ):
            rows.append((name, *empty, value, None, None, None))
    title = gettext("%(title)s期中數值") % {"title": page.title}
    return Table(title, heads, tuple(rows))
