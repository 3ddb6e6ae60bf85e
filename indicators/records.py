"""One plan as frozen plain data: what rows become on the way out and documents on the way in.

Numbers are `Decimal` as written; None is not entered. `scoring.Indicator` is the part of
an indicator that its score depends on; the rest stands around it here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from indicators.scoring.types import Indicator, LowerPolicy


@dataclass(frozen=True, slots=True)
class Review:
    """未達目標項目檢討; `due` None while it is being written."""

    cause: str
    action: str
    responsible: str
    due: date | None


@dataclass(frozen=True, slots=True)
class IndicatorRecord:
    """An indicator with its words. `lineage` ties its years together; `pk` None is not stored.

    `due` is its last day to submit, or the plan's.
    """

    spec: Indicator
    lineage: str = ""
    owner: str = ""
    previous_target: Decimal | None = None
    previous_actual: Decimal | None = None
    review: Review | None = None
    measure: str = ""
    evaluation: str = ""
    analysis: str = ""
    status: str = "draft"
    due: date | None = None
    pk: int | None = None

    @property
    def is_begun(self) -> bool:
        """Any number, stage or word is there, also where the actual is still missing."""
        spec = self.spec
        numbers = (given.value for given in spec.inputs)
        rows = (row.value for given in spec.inputs for row in given.rows or ())
        stages = (stage.done for stage in spec.milestones)
        entered = (spec.actual, *numbers, *rows, *stages)
        return bool(self.analysis) or any(value is not None for value in entered)


@dataclass(frozen=True, slots=True)
class GoalRecord:
    """策略績效目標."""

    title: str
    weight: Decimal
    indicators: tuple[IndicatorRecord, ...]


@dataclass(frozen=True, slots=True)
class PerspectiveRecord:
    """面向."""

    name: str
    goals: tuple[GoalRecord, ...]


@dataclass(frozen=True, slots=True)
class FigureRecord:
    """A work statistic."""

    key: str
    label: str
    unit: str = ""
    value: Decimal | None = None
    source: str = ""
    previous: Decimal | None = None


@dataclass(frozen=True, slots=True)
class SectionRecord:
    """A titled piece of the report."""

    title: str
    body: str = ""
    sections: tuple[SectionRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """The plan's rules as stated; empty and None mean the default."""

    lower: str = ""
    green: Decimal | None = None
    yellow: Decimal | None = None

    @property
    def lower_policy(self) -> LowerPolicy:
        return LowerPolicy(self.lower or LowerPolicy.LINEAR)


@dataclass(frozen=True, slots=True)
class EvidenceRecord:
    """佐證資料 of an input (`about` is its symbol) or, with `about` empty, of the whole indicator.

    `name` is a file's name or a document's number; documents are dated, files have a size.
    """

    pk: int
    about: str
    kind: str
    name: str
    dated: date | None
    size: int
    added_at: datetime
    added_by: str

    @property
    def is_file(self) -> bool:
        return self.kind == "file"


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """One agency's plan of one ROC year, whole. `sample_note`: what of it is invented, if any."""

    agency_code: str
    agency_name: str
    year: int
    perspectives: tuple[PerspectiveRecord, ...]
    policy: Policy = field(default_factory=Policy)
    figures: tuple[FigureRecord, ...] = ()
    sections: tuple[SectionRecord, ...] = ()
    sample_note: str = ""
    status: str = "draft"
    version: int = 1
    pk: int | None = None

    def indicators(self) -> Iterator[IndicatorRecord]:
        for perspective in self.perspectives:
            for goal in perspective.goals:
                yield from goal.indicators

    def with_indicator(self, record: IndicatorRecord) -> PlanRecord:
        """The same plan with another entry of one indicator, found by its primary key."""

        def goal(old: GoalRecord) -> GoalRecord:
            items = tuple(record if item.pk == record.pk else item for item in old.indicators)
            return replace(old, indicators=items)

        perspectives = tuple(
            replace(old, goals=tuple(map(goal, old.goals))) for old in self.perspectives
        )
        return replace(self, perspectives=perspectives)
