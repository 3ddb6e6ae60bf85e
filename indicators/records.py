"""One plan as frozen plain data: what rows become on the way out and documents on the way in.

Numbers are `Decimal` as written; None is not entered. `scoring.Indicator` is the part of
an indicator that its score depends on; the rest stands around it here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from indicators.scoring.interim import Gather, Path
from indicators.scoring.periods import Period
from indicators.scoring.types import Indicator, LowerPolicy


@dataclass(frozen=True, slots=True)
class Review:
    """未達目標項目檢討; `due` None while it is being written."""

    cause: str
    action: str
    responsible: str
    due: date | None


@dataclass(frozen=True, slots=True)
class InterimRecord:
    """期中數值: how an indicator is followed within its year, and the values entered so far.

    `rules` by the input's symbol, `ACTUAL` for a directly entered actual: only what is asked per
    period. `values` by symbol and period (from 1): only what was entered.
    """

    period: Period = Period.NONE
    path: Path = Path.EVEN
    rules: Mapping[str, Gather] = field(default_factory=dict)
    values: Mapping[tuple[str, int], Decimal] = field(default_factory=dict)

    def only(self, symbols: Collection[str]) -> InterimRecord:
        """Without what is asked of other symbols."""
        rules = {symbol: rule for symbol, rule in self.rules.items() if symbol in symbols}
        values = {key: value for key, value in self.values.items() if key[0] in symbols}
        return replace(self, rules=rules, values=values)

    def or_none(self) -> InterimRecord | None:
        """None where it says nothing."""
        return None if self == InterimRecord() else self


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
    year, `before` what last year's plan has: see `last_year`. `interim` and `before` are None
    where there is none, or where they were not asked for.
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
    interim: InterimRecord | None = None
    status: str = "draft"
    due: date | None = None
    pk: int | None = None
    before: YearBefore | None = None

    @property
    def is_approved(self) -> bool:
        """By a supervisor: its figures change no more, unless it is returned."""
        return self.status == "approved"

    def followed(self) -> InterimRecord:
        return self.interim or InterimRecord()

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
    """One agency's plan of one ROC year, whole. `sample_note`: what of it is invented, if any.

    `interim_note`: where its interim values come from.
    """

    agency_code: str
    agency_name: str
    year: int
    perspectives: tuple[PerspectiveRecord, ...]
    policy: Policy = field(default_factory=Policy)
    figures: tuple[FigureRecord, ...] = ()
    sections: tuple[SectionRecord, ...] = ()
    sample_note: str = ""
    interim_note: str = ""
    status: str = "draft"
    version: int = 1
    pk: int | None = None

    def indicators(self) -> Iterator[IndicatorRecord]:
        for perspective in self.perspectives:
            for goal in perspective.goals:
                yield from goal.indicators

    def has_interims(self) -> bool:
        return bool(self.interim_note) or any(item.interim for item in self.indicators())

    def with_indicator(self, record: IndicatorRecord) -> PlanRecord:
        """The same plan with another entry of one indicator, found by its primary key."""
        return self.with_each(lambda item: record if item.pk == record.pk else item)

    def with_years_before(self, found: Mapping[str, YearBefore]) -> PlanRecord:
        """The same plan with what last year's has of its indicators, by lineage."""
        return self.with_each(lambda item: replace(item, before=found.get(item.lineage)))

    def with_each(self, change: Callable[[IndicatorRecord], IndicatorRecord]) -> PlanRecord:
        def goal(old: GoalRecord) -> GoalRecord:
            return replace(old, indicators=tuple(map(change, old.indicators)))

        perspectives = tuple(
            replace(old, goals=tuple(map(goal, old.goals))) for old in self.perspectives
        )
        return replace(self, perspectives=perspectives)
