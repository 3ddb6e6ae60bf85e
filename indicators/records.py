"""One plan as frozen plain data: what rows become on the way out and documents on the way in.

Numbers are `Decimal` as written; None is not entered. `scoring.Indicator` is the part of
an indicator that its score depends on; the rest stands around it here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
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
class YearBefore:
    """An indicator as the plan of the year before has it."""

    spec: Indicator
    actual: Decimal | None
    is_approved: bool


@dataclass(frozen=True, slots=True)
class IndicatorRecord:
    """An indicator with its words. `lineage` ties its years together; `pk` None is not stored.

    `due` is its last day to submit, or the plan's. `previous_…` is what this plan states of last
    year, `before` what last year's plan has, where that was asked for: see `last_year`.
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
    before: YearBefore | None = None

    @property
    def is_approved(self) -> bool:
        """By a supervisor: its figures change no more, unless it is returned."""
        return self.status == "approved"


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
        return self._with_each(lambda item: record if item.pk == record.pk else item)

    def with_years_before(self, found: Mapping[str, YearBefore]) -> PlanRecord:
        """The same plan with what last year's has of its indicators, by lineage."""
        return self._with_each(lambda item: replace(item, before=found.get(item.lineage)))

    def _with_each(self, change: Callable[[IndicatorRecord], IndicatorRecord]) -> PlanRecord:
        def goal(old: GoalRecord) -> GoalRecord:
            return replace(old, indicators=tuple(map(change, old.indicators)))

        perspectives = tuple(
            replace(old, goals=tuple(map(goal, old.goals))) for old in self.perspectives
        )
        return replace(self, perspectives=perspectives)
