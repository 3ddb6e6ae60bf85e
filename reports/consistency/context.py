"""What the audit looks at: the report's texts with their places, and what a rule yields."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from indicators.scorecards.scored import ScoredGoal, ScoredIndicator, ScoredPlan
from indicators.scoring.types import Status
from reports.annual import AnnualReport, Paragraph, Section
from reports.consistency.amounts import Amount
from reports.consistency.arithmetic import Statement, Token, is_arithmetic, statements_in, tokens_in
from reports.consistency.wording import normalised, sentence_starts
from reports.narrative import Problem

_LONGEST_SENTENCE = 300
_DATE_SIGNS = frozenset("年月日時號樓點季週")


class Placed(Protocol):
    """A reference that could not be filled in, and the title above it."""

    @property
    def place(self) -> str: ...
    @property
    def problem(self) -> Problem: ...


@dataclass(frozen=True, slots=True)
class Finding:
    """One doubt about a report. `level` is error or warning; `place` is in the reader's words."""

    level: str
    rule: str
    place: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """A finding of one rule; two of one place and the same `numbers` are one mistake."""

    level: str
    rule: str
    place: str
    sentence: str
    numbers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Mention:
    """A number in running text."""

    amount: Amount
    start: int
    end: int
    line: Line
    kind: str  # count, percent, date, part (of a range, a date, a code)

    @property
    def sentence(self) -> tuple[int, int]:
        return self.line.number, bisect_right(self.line.starts, self.start)


@dataclass(slots=True, eq=False)
class Line:
    """One paragraph: its text as the audit reads it, its arithmetic, its other numbers."""

    number: int
    marker: str
    text: str
    statements: list[Statement] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    @classmethod
    def read(cls, number: int, paragraph: Paragraph) -> Line:
        line = cls(number, paragraph.marker, normalised(paragraph.text))
        line.starts = sentence_starts(line.text)
        tokens = list(tokens_in(line.text))
        runs = statements_in(line.text, tokens)
        line.statements = [run for run in runs if is_arithmetic(run)]
        line.mentions = list(_mentions(line, tokens, runs))
        return line

    def sentence_before(self, position: int) -> str:
        start = self.starts[bisect_right(self.starts, position) - 1]
        return self.text[max(start, position - _LONGEST_SENTENCE) : position]

    def sentence_at(self, position: int) -> str:
        index = bisect_right(self.starts, position)
        end = self.starts[index] if index < len(self.starts) else len(self.text)
        start = max(self.starts[index - 1], position - _LONGEST_SENTENCE)
        return self.text[start : min(end, position + _LONGEST_SENTENCE)]


def _mentions(line: Line, tokens: Sequence[Token], runs: Sequence[Statement]) -> Iterator[Mention]:
    """The numbers outside arithmetic; those of a range or a date are kind `part`."""
    checked = {run.start for run in line.statements}
    starts = [run.start for run in runs]
    for token in tokens:
        if token.amount is None:
            continue
        index = bisect_right(starts, token.start) - 1
        inside = index >= 0 and token.start < runs[index].end
        if inside and runs[index].start in checked:
            continue
        kind = "part" if inside else _kind(line.text, token.end, token.amount)
        yield Mention(token.amount, token.start, token.end, line, kind)


def _kind(text: str, end: int, amount: Amount) -> str:
    if amount.percent:
        return "percent"
    return "date" if text[end : end + 1] in _DATE_SIGNS else "count"


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """One text of the report: an indicator's analysis, a section's body."""

    place: str
    title: str
    lines: tuple[Line, ...]
    indicator: ScoredIndicator | None = None
    goal: ScoredGoal | None = None  # that the text is about
    is_analysis: bool = False

    def at(self, line: Line) -> str:
        """The place of one paragraph; the number of an item belongs to it."""
        return f"{self.place}／{line.marker}" if line.marker else self.place

    def indicators(self) -> tuple[ScoredIndicator, ...]:
        """The indicators that the text is about."""
        if self.indicator:
            return (self.indicator,)
        return self.goal.indicators if self.goal else ()

    def mentions(self) -> Iterator[Mention]:
        for line in self.lines:
            yield from line.mentions


@dataclass(frozen=True, slots=True)
class Context:
    plan: ScoredPlan
    report: AnnualReport
    problems: tuple[Placed, ...]
    passages: tuple[Passage, ...]

    @property
    def year(self) -> int:
        return self.plan.record.year


def context_of(plan: ScoredPlan, report: AnnualReport, problems: Sequence[Placed]) -> Context:
    passages = (*_analyses(plan, report), *_reviews(plan, report), *_texts(plan, report))
    return Context(plan, report, tuple(problems), passages)


def _lines(paragraphs: Sequence[Paragraph]) -> tuple[Line, ...]:
    return tuple(Line.read(number, paragraph) for number, paragraph in enumerate(paragraphs))


def _marker_of(report: AnnualReport, kind: str) -> str:
    return next((part.marker for part in report.parts if part.kind == kind), "")


def _analyses(plan: ScoredPlan, report: AnnualReport) -> Iterator[Passage]:
    items = plan.indicators()
    part = _marker_of(report, "tables")
    for table in report.tables:
        for goal in table.goals:
            for row in goal.indicators:
                place = f"{part}{table.marker}{table.title}／{row.title}／分析"
                lines = _lines(row.analysis)
                yield Passage(place, row.title, lines, next(items), None, is_analysis=True)


def _reviews(plan: ScoredPlan, report: AnnualReport) -> Iterator[Passage]:
    missed = [item for item in plan.indicators() if item.result.status == Status.MISSED]
    part = _marker_of(report, "reviews")
    for review, item in zip(report.reviews, missed, strict=True):
        place = f"{part}{review.marker}{review.title}"
        yield Passage(f"{place}／原因", review.title, _lines(review.cause), item)
        # What is planned speaks of later years: only its arithmetic is looked at.
        yield Passage(f"{place}／改善措施", review.title, _lines(review.action))


def _texts(plan: ScoredPlan, report: AnnualReport) -> Iterator[Passage]:
    goals = [goal for perspective in plan.perspectives for goal in perspective.goals]
    for part in report.parts:
        yield Passage(f"{part.marker}{part.title}", part.title, _lines(part.paragraphs))
        yield from _sections(part.sections, part.marker, goals, None)


def _sections(
    sections: Sequence[Section],
    above: str,
    goals: Sequence[ScoredGoal],
    goal: ScoredGoal | None,
) -> Iterator[Passage]:
    for section in sections:
        about = _goal_of(section.title, goals) or goal
        place = f"{above}{section.marker}{section.title}"
        yield Passage(place, section.title, _lines(section.paragraphs), None, about)
        yield from _sections(section.sections, above + section.marker, goals, about)


def _goal_of(title: str, goals: Sequence[ScoredGoal]) -> ScoredGoal | None:
    """The goal whose title stands in a heading."""
    heading = normalised(title)
    found = [goal for goal in goals if normalised(goal.record.title) in heading]
    return found[0] if len(found) == 1 else None
