"""One indicator as its page prints it: inputs, formula, and how the score came about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from indicators.last_year import last_year_of
from indicators.queries import IndicatorNotFound
from indicators.scorecards.page import IndicatorLine, indicator_line, target_words
from indicators.scorecards.scored import (
    ScoredGoal,
    ScoredIndicator,
    ScoredPerspective,
    ScoredPlan,
)
from indicators.scorecards.signs import signed
from indicators.scorecards.steps import (
    NOT_REPORTED,
    achievement_step,
    as_written,
    input_total,
    score_step,
)
from indicators.scorecards.words import DIRECTION_WORDS, Tag, done_word, indicator_tag
from indicators.scoring.rounding import difference, grouped
from indicators.scoring.types import Indicator, Input, Sentence


@dataclass(frozen=True, slots=True)
class InputTable:
    """Inputs that share their rows' labels, side by side; `totals` are their sums."""

    heads: tuple[tuple[str, str], ...]  # (name, unit)
    rows: tuple[tuple[str, tuple[str, ...]], ...]  # (label, value of each input)
    totals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SingleInput:
    name: str
    symbol: str  # its name in the formula where that is another, else ""
    unit: str
    value: str


@dataclass(frozen=True, slots=True)
class Stage:
    title: str
    percent: str
    state: str
    done_on: date | None


@dataclass(frozen=True, slots=True)
class PreviousYear:
    """Last year's target and actual, and this year's changes: `＋3`, `−0.5`, `±0`.

    `differs`: where last year's own plan has other figures.
    """

    year: int
    target: str
    actual: str
    target_change: str
    change: str
    differs: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class MissedReview:
    cause: str
    action: str
    responsible: str
    due: date | None


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    """Texts (`analysis`, those of `review`) still hold their references."""

    agency_code: str
    agency_name: str
    year: int
    perspective: str
    goal: str
    owner: str
    tag: Tag
    due: date | None
    line: IndicatorLine
    target: str  # with its unit, as is the actual
    actual: str
    direction: str
    measure: str
    evaluation: str
    formula: str
    tables: tuple[InputTable, ...]
    inputs: tuple[SingleInput, ...]
    stages: tuple[Stage, ...]
    achievement_step: Sentence
    score_step: str
    is_rounded_to_met: bool
    previous: PreviousYear | None
    analysis: str
    review: MissedReview | None


def stages_of(spec: Indicator) -> tuple[Stage, ...]:
    return tuple(
        Stage(stage.title, grouped(stage.percent), done_word(stage.done), stage.done_on)
        for stage in spec.milestones
    )


def find_indicator(plan: ScoredPlan, pk: int) -> ScoredIndicator:
    for item in plan.indicators():
        if item.record.pk == pk:
            return item
    raise IndicatorNotFound


def indicator_page(plan: ScoredPlan, item: ScoredIndicator) -> IndicatorPage:
    record, spec, result = item.record, item.spec, item.result
    perspective, goal = _place(plan, item)
    return IndicatorPage(
        agency_code=plan.record.agency_code,
        agency_name=plan.record.agency_name,
        year=plan.record.year,
        perspective=perspective.record.name,
        goal=goal.record.title,
        owner=record.owner,
        tag=indicator_tag(record.status),
        due=record.due,
        line=indicator_line(item),
        target=target_with_unit(spec),
        actual=_figure(result.actual, spec.unit),
        direction=str(DIRECTION_WORDS[spec.direction]),
        measure=record.measure,
        evaluation=record.evaluation,
        formula=spec.formula,
        tables=input_tables(spec.inputs),
        inputs=tuple(_single(entry) for entry in spec.inputs if entry.rows is None),
        stages=stages_of(spec),
        achievement_step=achievement_step(spec, result, plan.lower_policy),
        score_step=score_step(spec, result, plan.lower_policy),
        is_rounded_to_met=result.rounding_turned_miss_into_met,
        previous=previous_year(plan.record.year - 1, item),
        analysis=record.analysis,
        review=_review(item),
    )


def _place(plan: ScoredPlan, item: ScoredIndicator) -> tuple[ScoredPerspective, ScoredGoal]:
    return next(
        (perspective, goal)
        for perspective in plan.perspectives
        for goal in perspective.goals
        if any(other is item for other in goal.indicators)
    )


# Inputs -----------------------------------------------------------------------------------------


def input_tables(inputs: tuple[Input, ...]) -> tuple[InputTable, ...]:
    """Lists with the same row labels stand in one table, as 受訓 and 取得證照 of each class do."""
    together: dict[tuple[str, ...], list[Input]] = {}
    for entry in inputs:
        if entry.rows is not None:
            together.setdefault(tuple(row.label for row in entry.rows), []).append(entry)
    return tuple(_table(labels, entries) for labels, entries in together.items())


def _table(labels: tuple[str, ...], entries: list[Input]) -> InputTable:
    columns = [[row.value for row in entry.rows or ()] for entry in entries]
    return InputTable(
        heads=tuple((entry.label or entry.symbol, entry.unit) for entry in entries),
        rows=tuple(
            (label, tuple(as_written(column[number]) for column in columns))
            for number, label in enumerate(labels)
        ),
        totals=tuple(input_total(entry) for entry in entries),
    )


def _single(entry: Input) -> SingleInput:
    name = entry.label or entry.symbol
    symbol = "" if name == entry.symbol else entry.symbol
    return SingleInput(name, symbol, entry.unit, as_written(entry.value))


# Last year and the review ------------------------------------------------------------------------


def previous_year(year: int, item: ScoredIndicator) -> PreviousYear | None:
    """None where neither is known."""
    last = last_year_of(item.record)
    target, actual = last.target, last.actual
    if target is None and actual is None:
        return None
    return PreviousYear(
        year=year,
        target=_figure(target, item.spec.unit),
        actual=_figure(actual, item.spec.unit),
        target_change=_change(item.spec.target, target),
        change=_change(item.result.actual, actual),
        differs=last.differs,
    )


def _change(now: Decimal | None, before: Decimal | None) -> str:
    if now is None or before is None:
        return NOT_REPORTED
    return signed(difference(now, before))


def _figure(value: Decimal | None, unit: str) -> str:
    return NOT_REPORTED if value is None else _with_unit(grouped(value), unit)


def target_with_unit(spec: Indicator) -> str:
    """`83%`, `≤ 120 件`."""
    return _with_unit(target_words(spec), spec.unit)


def _with_unit(figure: str, unit: str) -> str:
    return f"{figure}%" if unit == "%" else f"{figure} {unit}".strip()


def _review(item: ScoredIndicator) -> MissedReview | None:
    review = item.record.review
    if review is None:
        return None
    return MissedReview(review.cause, review.action, review.responsible, review.due)
