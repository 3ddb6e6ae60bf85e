"""From a scored plan to the report that page, file and PDF print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from indicators.records import PlanRecord, SectionRecord
from indicators.scorecards.scored import ScoredIndicator, ScoredPlan
from indicators.scorecards.steps import NOT_REPORTED, actual_text, target_text, trimmed
from indicators.scoring.rounding import grouped, plain
from indicators.scoring.types import Status
from reports.annex import annex_rows, scoring_rules
from reports.annual import (
    AnnualReport,
    GoalRows,
    IndicatorRow,
    MissedReview,
    Paragraph,
    Part,
    PerspectiveTable,
    Publication,
    Section,
)
from reports.narrative import Problem, References, lines, marker
from reports.summary import STATUS_WORDS, summarise

COMPUTED = {"tables": "目標達成情形", "summary": "績效綜合分析", "reviews": "未達目標項目檢討"}
FOREWORDS = ("前言", "序言", "序", "緣起")
DEEPEST_HEADING = 5
LONGEST_CONTENTS = 150  # lines, some five pages
LONG_ROW = 150  # characters of an analysis from which a row may break across pages


@dataclass(frozen=True, slots=True)
class PlacedProblem:
    """A reference that could not be filled in, and where it stands."""

    place: str
    problem: Problem


@dataclass(slots=True)
class Writer:
    """Turns staff text into paragraphs and keeps what could not be filled in."""

    references: References
    problems: list[PlacedProblem] = field(default_factory=list)

    def paragraphs(
        self, text: str, level: int, place: str, within: ScoredIndicator | None = None
    ) -> tuple[Paragraph, ...]:
        """`level` is that of the heading above: its items are numbered one level down."""
        return tuple(self._numbered(text, level, place, within))

    def _numbered(
        self, text: str, level: int, place: str, within: ScoredIndicator | None
    ) -> Iterator[Paragraph]:
        counts = [0, 0]
        for line in lines(text):
            found: list[Problem] = []
            filled = self.references.fill(line.text, within, found)
            self.problems.extend(PlacedProblem(place, problem) for problem in found)
            if line.depth == 0:
                yield Paragraph(filled)
                continue
            counts[line.depth - 1] += 1
            counts[line.depth :] = [0] * (len(counts) - line.depth)
            number = marker(level + line.depth, counts[line.depth - 1])
            yield Paragraph(filled, number, line.depth)


def build(plan: ScoredPlan, *, city: str, publication: Publication | None = None) -> AnnualReport:
    """The report of a plan. The same plan gives the same report: no clock, no queries."""
    report, _problems = build_with_problems(plan, city=city)
    return replace(report, publication=publication)


def build_with_problems(
    plan: ScoredPlan, *, city: str
) -> tuple[AnnualReport, tuple[PlacedProblem, ...]]:
    record, writer = plan.record, Writer(References(plan))
    parts = tuple(_parts(plan, writer))
    tables = tuple(_tables(plan, writer))
    report = AnnualReport(
        agency_name=record.agency_name,
        agency_code=record.agency_code,
        city=city,
        year=record.year,
        title=_title(record),
        dated=date(record.year + 1911, 12, 31),
        parts=parts,
        tables=tables,
        summary=summarise(plan),
        reviews=tuple(_reviews(plan, writer)),
        rules=tuple(scoring_rules(plan)),
        annex=tuple(annex_rows(plan)),
        contents=_contents(parts, tables),
        sample_note=record.sample_note,
    )
    return report, tuple(writer.problems)


def _title(record: PlanRecord) -> str:
    """It runs along the head of every page: a report of invented data says so on each."""
    sample = "（範例資料）" if record.sample_note else ""
    return f"{record.agency_name}{record.year}年度施政績效報告{sample}"


# Parts and sections ------------------------------------------------------------------------------


def _parts(plan: ScoredPlan, writer: Writer) -> Iterator[Part]:
    """Staff sections and computed parts in their order, numbered 壹、 貳、 …"""
    for number, (kind, section) in enumerate(_order(plan.record), start=1):
        title = section.title if section else COMPUTED[kind]
        if kind == "reviews" and not plan.totals.missed:
            none = "尚無（有指標未填報）" if plan.totals.not_reported else "無"
            title = f"{title.rstrip('：:')}：{none}"
        anchor = f"p{number}"
        yield Part(
            kind=kind,
            anchor=anchor,
            marker=marker(1, number),
            title=title,
            paragraphs=writer.paragraphs(section.body, 1, title) if section else (),
            sections=_sections(section.sections, 2, anchor, writer) if section else (),
        )


def _order(record: PlanRecord) -> list[tuple[str, SectionRecord | None]]:
    """A staff section named like a computed part marks its place; the rest follow the foreword."""
    kinds = {title: kind for kind, title in COMPUTED.items()}
    order: list[tuple[str, SectionRecord | None]] = []
    taken: set[str] = set()
    for section in record.sections:
        kind = kinds.get(section.title.rstrip("：:"), "section")
        kind = "section" if kind in taken else kind
        taken.add(kind)
        order.append((kind, section))
    after = 1 if order and record.sections[0].title.strip() in FOREWORDS else 0
    missing: list[tuple[str, SectionRecord | None]] = [
        (kind, None) for kind in COMPUTED if kind not in taken
    ]
    return order[:after] + missing + order[after:]


def _sections(
    records: Sequence[SectionRecord], level: int, above: str, writer: Writer
) -> tuple[Section, ...]:
    shown = min(level, DEEPEST_HEADING)
    return tuple(
        Section(
            anchor=f"{above}-{number}",
            level=shown,
            marker=marker(level, number),
            title=item.title,
            paragraphs=writer.paragraphs(item.body, level, item.title),
            sections=_sections(item.sections, level + 1, f"{above}-{number}", writer),
        )
        for number, item in enumerate(records, start=1)
    )


def _contents(
    parts: Sequence[Part], tables: Sequence[PerspectiveTable]
) -> tuple[tuple[int, str, str], ...]:
    """Headings down to the level with which the list still has a readable length."""
    lines = tuple(_headings(parts, tables))
    for deepest in (3, 2):
        shown = tuple(line for line in lines if line[0] <= deepest)
        if len(shown) <= LONGEST_CONTENTS:
            return shown
    return tuple(line for line in lines if line[0] == 1)


def _headings(
    parts: Sequence[Part], tables: Sequence[PerspectiveTable]
) -> Iterator[tuple[int, str, str]]:
    for part in parts:
        yield 1, part.anchor, f"{part.marker}{part.title}"
        if part.kind == "tables":
            for table in tables:
                yield 2, table.anchor, f"{table.marker}{table.title}"
        yield from _section_headings(part.sections)


def _section_headings(sections: Sequence[Section]) -> Iterator[tuple[int, str, str]]:
    for section in sections:
        yield section.level, section.anchor, f"{section.marker}{section.title}"
        yield from _section_headings(section.sections)


# Tables and reviews ------------------------------------------------------------------------------


def _tables(plan: ScoredPlan, writer: Writer) -> Iterator[PerspectiveTable]:
    running = 0
    for number, perspective in enumerate(plan.perspectives, start=1):
        goals = []
        for place, goal in enumerate(perspective.goals, start=1):
            rows = []
            for position, item in enumerate(goal.indicators, start=1):
                running += 1
                rows.append(_row(item, position, running, writer))
            goals.append(
                GoalRows(
                    marker=marker(2, place),
                    title=goal.record.title,
                    weight=f"{plain(goal.totals.weight)}%",
                    indicators=tuple(rows),
                )
            )
        yield PerspectiveTable(
            f"t{number}", marker(2, number), perspective.record.name, tuple(goals)
        )


def _row(item: ScoredIndicator, position: int, running: int, writer: Writer) -> IndicatorRow:
    spec, result = item.spec, item.result
    analysis = writer.paragraphs(item.record.analysis, 1, spec.title, item)
    return IndicatorRow(
        anchor=f"i{running}",
        marker=marker(2, position),
        title=spec.title,
        weight=f"{grouped(spec.weight)}%",
        target=target_text(spec),
        actual=actual_text(spec, result),
        achievement=_percent(result.achievement),
        status=result.status.value,
        status_word=STATUS_WORDS[result.status],
        reason=str(result.reason) if result.reason else "",
        analysis=analysis,
        is_long=sum(len(paragraph.text) for paragraph in analysis) > LONG_ROW,
    )


def _percent(value: Fraction | None) -> str:
    return NOT_REPORTED if value is None else f"{trimmed(value)}%"


def _reviews(plan: ScoredPlan, writer: Writer) -> Iterator[MissedReview]:
    missed = [item for item in plan.indicators() if item.result.status == Status.MISSED]
    for number, item in enumerate(missed, start=1):
        spec, review = item.spec, item.record.review

        def written(text: str, item: ScoredIndicator = item) -> tuple[Paragraph, ...]:
            found = writer.paragraphs(text, 1, item.spec.title, item)
            return found or (Paragraph(NOT_REPORTED),)

        yield MissedReview(
            anchor=f"m{number}",
            marker=marker(2, number),
            title=spec.title,
            target=target_text(spec),
            actual=actual_text(spec, item.result),
            achievement=_percent(item.result.achievement),
            cause=written(review.cause if review else ""),
            action=written(review.action if review else ""),
            responsible=(review.responsible if review else "") or NOT_REPORTED,
            due=roc_date(review.due) if review and review.due else NOT_REPORTED,
        )


def roc_date(day: date) -> str:
    """108年6月30日; a year before the first of the calendar prints as 民國前."""
    year = day.year - 1911
    name = f"{year}年" if year > 0 else f"民國前{1 - year}年"
    return f"{name}{day.month}月{day.day}日"
