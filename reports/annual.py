"""The annual report as one frozen object: what page, stand-alone HTML and PDF all print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of staff text, its references already filled in.

    `depth` 0 is running text; 1 and 2 are numbered items whose `marker` (`1、`, `(一)`)
    comes from the structure, never from typing.
    """

    text: str
    marker: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """A titled piece of narrative: level 1 is 壹、, 2 is 一、, 3 is (一), 4 is 1、, 5 is (1)."""

    anchor: str
    level: int
    marker: str
    title: str
    paragraphs: tuple[Paragraph, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One row of an indicator table, every figure as it prints: `≤120`, `10.2%`, `100%`, —."""

    anchor: str
    marker: str
    title: str
    weight: str
    target: str
    actual: str
    achievement: str
    status: str  # met, missed, not_reported
    status_word: str  # 達標, 未達標, 未填報
    reason: str  # why it is not reported, else ""
    analysis: tuple[Paragraph, ...]
    is_long: bool  # may break across pages


@dataclass(frozen=True, slots=True)
class GoalRows:
    """A goal and its indicators in a table."""

    marker: str
    title: str
    weight: str
    indicators: tuple[IndicatorRow, ...]


@dataclass(frozen=True, slots=True)
class PerspectiveTable:
    """One table of part 貳."""

    anchor: str
    marker: str
    title: str
    goals: tuple[GoalRows, ...]


@dataclass(frozen=True, slots=True)
class ScoreBar:
    """One bar of the chart of score by perspective; lengths in percent of the longest weight."""

    title: str
    weight: str
    score: str
    lost: str
    winnable: str
    earned_width: float
    lost_width: float
    winnable_width: float


@dataclass(frozen=True, slots=True)
class AchievementBar:
    """One bar of the chart of achievement by indicator; width 0 to 100, None is not reported."""

    title: str
    achievement: str
    width: float | None
    status: str
    status_word: str


@dataclass(frozen=True, slots=True)
class Summary:
    """Part 參: counts and points. `sentence` is the report's own sentence."""

    sentence: str
    notes: tuple[str, ...]  # e.g. that rounded parts may not add up; that the plan is incomplete
    indicators: str
    met: str
    missed: str
    not_reported: str
    total: str
    lost: str
    winnable: str
    complete: bool
    by_perspective: tuple[ScoreBar, ...]
    by_indicator: tuple[AchievementBar, ...]


@dataclass(frozen=True, slots=True)
class MissedReview:
    """One entry of part 肆: a missed indicator and what is done about it; — where not given."""

    anchor: str
    marker: str
    title: str
    target: str
    actual: str
    achievement: str
    cause: tuple[Paragraph, ...]
    action: tuple[Paragraph, ...]
    responsible: str
    due: str  # 108年6月30日


@dataclass(frozen=True, slots=True)
class InputLine:
    """One input in the annex: its name in the formula, its value as it prints, its rows."""

    symbol: str
    label: str
    unit: str
    value: str
    rows: tuple[tuple[str, str], ...]  # (label, value)


@dataclass(frozen=True, slots=True)
class AnnexRow:
    """How one score came about, recomputable from this row alone."""

    anchor: str
    number: str  # running number 1, 2, …
    title: str
    weight: str
    target: str
    measure: str  # 衡量標準 in words
    formula: str
    inputs: tuple[InputLine, ...]
    milestones: tuple[tuple[str, str, str], ...]  # (title, percent, 已完成/未完成/未填報)
    calculation: str  # 357/410*100%=87%
    achievement: str  # 87÷83=104.82%，以100%為限，為100.00%
    score: str  # 15×100%=15.00


@dataclass(frozen=True, slots=True)
class Part:
    """A level-1 part. `kind` is section, tables, summary or reviews; its content follows."""

    kind: str
    anchor: str
    marker: str
    title: str
    paragraphs: tuple[Paragraph, ...] = ()  # staff text of the part, before computed content
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class Publication:
    """The colophon of a published version: which, when, why corrected, and its history's head."""

    version: int
    published_on: str  # 108年1月15日
    reason: str  # of a correction, else ""
    chain: str
    sequence: int
    hash: str

    @property
    def replaces(self) -> int:
        return self.version - 1


@dataclass(frozen=True, slots=True)
class AnnualReport:
    """Everything the report prints. Two equal objects give the same bytes."""

    agency_name: str
    agency_code: str
    city: str
    year: int
    title: str  # 臺中市政府秘書處107年度施政績效報告
    dated: date  # the last day of the plan's year: content, never the clock
    parts: tuple[Part, ...]
    tables: tuple[PerspectiveTable, ...]
    summary: Summary
    reviews: tuple[MissedReview, ...]
    rules: tuple[str, ...]  # the scoring rules used, one sentence each
    annex: tuple[AnnexRow, ...]
    contents: tuple[tuple[int, str, str], ...]  # (level 1 to 3, anchor, text) of the contents list
    sample_note: str = ""  # what of the data is invented
    publication: Publication | None = None  # None until the plan is published
