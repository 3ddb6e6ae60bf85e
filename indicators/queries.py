"""The only bridge from rows to plain data. Each function has a fixed number of queries."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser

from indicators import models
from indicators.figures import FigureLine
from indicators.last_year import year_before
from indicators.records import (
    FigureRecord,
    GoalRecord,
    IndicatorRecord,
    PerspectiveRecord,
    PlanRecord,
    Policy,
    Review,
    SectionRecord,
    YearBefore,
)
from indicators.scoring import types as scoring
from indicators.scoring.tokens import shown

YEAR = re.compile(r"[0-9]{1,4}")
CODE = re.compile(r"[a-z0-9-]{1,40}")  # anything else may not even be sent to PostgreSQL
Grouped = dict[int, list[Any]]
PlanRow = models.Plan
IndicatorRow = models.Indicator


class NotFound(LookupError):
    """No such thing, or none that this person may see: a page answers 404."""


class PlanNotFound(NotFound):
    """No such plan, or none that this person may see. The message is fit for the user."""


def find_plan(
    agency_code: str, year: int | str, *, user: models.User | AnonymousUser | None = None
) -> models.Plan:
    """The newest version of a plan, among those `user` may see (None: all). 1 query."""
    plans = models.Plan.objects.select_related("agency")
    if user is not None:
        plans = plans.visible_to(user)
    plan = None
    if CODE.fullmatch(agency_code) and YEAR.fullmatch(str(year)):
        found = plans.for_year(int(year)).filter(agency__code=agency_code)
        plan = found.order_by("-version").first()
    if plan is None:
        raise PlanNotFound(f"找不到機關「{shown(agency_code)}」{shown(str(year))} 年度的計畫。")
    return plan


def load_plan(
    plan: models.Plan, *, with_texts: bool = True, with_last_year: bool = False
) -> PlanRecord:
    """The whole plan as plain data: 6 queries, and 2 more for figures and report sections.

    `with_last_year`: also what last year's plan has of its indicators; 5 more, or 1.
    """
    record = _plan_record(plan, with_texts)
    return record.with_years_before(_years_before(plan, record)) if with_last_year else record


def _plan_record(plan: models.Plan, with_texts: bool) -> PlanRecord:
    specs = _specs(plan)
    goals = _group(
        models.Goal.objects.filter(perspective__plan=plan).order_by("position"),
        "perspective_id",
    )
    perspectives = tuple(
        PerspectiveRecord(
            name=row.name,
            goals=tuple(
                GoalRecord(goal.title, goal.weight, tuple(specs[goal.pk])) for goal in goals[row.pk]
            ),
        )
        for row in plan.perspectives.order_by("position")
    )
    return PlanRecord(
        agency_code=plan.agency.code,
        agency_name=plan.agency_name,
        year=plan.year,
        perspectives=perspectives,
        policy=Policy(plan.lower_policy, plan.green_from, plan.yellow_from),
        figures=_figures(plan) if with_texts else (),
        sections=_sections(plan) if with_texts else (),
        sample_note=plan.sample_note,
        status=plan.status,
        version=plan.version,
        pk=plan.pk,
    )


def _years_before(plan: models.Plan, record: PlanRecord) -> dict[str, YearBefore]:
    """By lineage. 5 queries, or 1 where last year's plan has none of them."""
    lineages = {item.lineage for item in record.indicators()} - {""}
    plans = models.Plan.objects.filter(agency=plan.agency_id, year=plan.year - 1).current()
    rows = models.Indicator.objects.filter(plan__in=plans, lineage__in=lineages).order_by("pk")
    policies = dict(rows.values_list("pk", "plan__lower_policy"))
    return {
        item.lineage: year_before(item, Policy(policies[pk]).lower_policy)
        for pk, item in load_indicators(policies).items()
    }


class IndicatorNotFound(NotFound):
    """No such indicator in the plan."""


class IndicatorReplaced(IndicatorNotFound):
    """It is of another version of the plan: `now` is the same indicator in the version asked."""

    def __init__(self, *, version: int, now: int, version_now: int) -> None:
        super().__init__()
        self.version, self.now, self.version_now = version, now, version_now


def find_indicator(plan: models.Plan, pk: int) -> models.Indicator:
    """The indicator's row with what belongs to it; `plan` is the one given. 1 query.

    Raises `IndicatorReplaced` for one of another version, else `IndicatorNotFound`; 2 more then.
    """
    wanted = models.Indicator.objects.select_related(
        "owner", "goal__perspective", "measurement", "review"
    )
    row = wanted.filter(plan=plan, pk=pk).first()
    if row is None:
        raise _replaced(plan, pk) or IndicatorNotFound
    row.plan = plan
    return row


def _replaced(plan: models.Plan, pk: int) -> IndicatorReplaced | None:
    """A correction copies every indicator into its place, so place and name say which it is."""
    versions = models.Indicator.objects.filter(plan__agency=plan.agency_id, plan__year=plan.year)
    was = versions.filter(pk=pk).select_related("plan", "goal__perspective").first()
    if was is None:
        return None
    same = models.Indicator.objects.filter(
        plan=plan,
        goal__perspective__position=was.goal.perspective.position,
        goal__position=was.goal.position,
        position=was.position,
        lineage=was.lineage,
        title=was.title,
    )
    now = same.values_list("pk", flat=True).first()
    if now is None:
        return None
    return IndicatorReplaced(version=was.plan.version, now=now, version_now=plan.version)


def find_indicators(plan: models.Plan, keys: Collection[int]) -> list[models.Indicator]:
    """Rows of the plan, without what belongs to them. Raises `IndicatorNotFound`. 1 query."""
    rows = list(models.Indicator.objects.filter(plan=plan, pk__in=keys).order_by("pk"))
    if len(rows) < len(keys):
        raise IndicatorNotFound
    return rows


def load_indicator(row: models.Indicator) -> IndicatorRecord:
    """One indicator as plain data, from a row of `find_indicator`. 3 queries, 2 without lists."""
    inputs = list(models.Input.objects.filter(indicator=row).order_by("position"))
    lines = models.InputRow.objects.filter(input__indicator=row).order_by("position")
    if not any(given.is_list for given in inputs):
        lines = lines.none()
    stages = list(models.Milestone.objects.filter(indicator=row).order_by("position"))
    spec = _spec(row, inputs, _group(lines, "input_id"), stages)
    return _indicator_record(row.plan, row, spec)


def load_indicators(keys: Collection[int]) -> dict[int, IndicatorRecord]:
    """Indicators of any plans as plain data, by primary key. 4 queries."""
    of_them = {"indicator__in": keys}
    inputs = _group(models.Input.objects.filter(**of_them).order_by("position"), "indicator_id")
    rows = _group(
        models.InputRow.objects.filter(input__indicator__in=keys).order_by("position"), "input_id"
    )
    stages = _group(models.Milestone.objects.filter(**of_them).order_by("position"), "indicator_id")
    wanted = models.Indicator.objects.filter(pk__in=keys).order_by("pk")
    return {
        row.pk: _indicator_record(row.plan, row, _spec(row, inputs[row.pk], rows, stages[row.pk]))
        for row in wanted.select_related("plan", "owner", "measurement", "review")
    }


def policy_of(plan: models.Plan) -> scoring.LowerPolicy:
    return Policy(plan.lower_policy).lower_policy


def _group(rows: Iterable[Any], key: str) -> Grouped:
    groups: Grouped = defaultdict(list)
    for row in rows:
        groups[getattr(row, key)].append(row)
    return groups


def _specs(plan: models.Plan) -> dict[int, list[IndicatorRecord]]:
    """Indicators by goal: 4 queries."""
    of_plan = {"indicator__plan": plan}
    inputs = _group(models.Input.objects.filter(**of_plan).order_by("position"), "indicator_id")
    rows = _group(
        models.InputRow.objects.filter(input__indicator__plan=plan).order_by("position"),
        "input_id",
    )
    stages = _group(models.Milestone.objects.filter(**of_plan).order_by("position"), "indicator_id")
    indicators = models.Indicator.objects.filter(plan=plan).order_by("position")
    by_goal: dict[int, list[IndicatorRecord]] = defaultdict(list)
    for row in indicators.select_related("owner", "measurement", "review"):
        spec = _spec(row, inputs[row.pk], rows, stages[row.pk])
        by_goal[row.goal_id].append(_indicator_record(plan, row, spec))
    return by_goal


def _spec(
    row: models.Indicator, inputs: list[Any], rows: Grouped, stages: list[Any]
) -> scoring.Indicator:
    measurement = getattr(row, "measurement", None)
    return scoring.Indicator(
        title=row.title,
        weight=row.weight,
        unit=row.unit,
        decimals=row.decimals,
        direction=scoring.Direction(row.direction),
        target=row.target,
        method=scoring.Method(row.method),
        inputs=tuple(_input(item, rows[item.pk]) for item in inputs),
        formula=row.formula,
        milestones=tuple(scoring.Milestone(m.title, m.percent, m.done, m.done_on) for m in stages),
        actual=measurement.actual if measurement else None,
    )


def _input(item: models.Input, rows: list[models.InputRow]) -> scoring.Input:
    return scoring.Input(
        symbol=item.symbol,
        value=item.value,
        rows=tuple(scoring.InputRow(r.label, r.value) for r in rows) if item.is_list else None,
        label=item.label,
        unit=item.unit,
    )


def _indicator_record(
    plan: models.Plan, row: models.Indicator, spec: scoring.Indicator
) -> IndicatorRecord:
    review = getattr(row, "review", None)
    measurement = getattr(row, "measurement", None)
    return IndicatorRecord(
        spec=spec,
        lineage=row.lineage,
        owner=row.owner.name if row.owner else "",
        previous_target=row.previous_target,
        previous_actual=row.previous_actual,
        review=Review(review.cause, review.action, review.responsible, review.due)
        if review
        else None,
        measure=row.measure,
        evaluation=row.evaluation,
        analysis=measurement.analysis if measurement else "",
        status=row.status,
        due=row.due or plan.due,
        pk=row.pk,
    )


def figure_lines(plan: models.Plan) -> tuple[FigureLine, ...]:
    """The plan's work statistics in order, with who fills them in. 1 query."""
    return tuple(
        FigureLine(
            pk=row.pk,
            label=row.label,
            unit=row.unit,
            owner_id=row.owner_id,
            owner=row.owner.name if row.owner else "",
            value=row.value,
            source=row.source,
            previous=row.previous,
        )
        for row in plan.figures.select_related("owner").order_by("position")
    )


def _figures(plan: models.Plan) -> tuple[FigureRecord, ...]:
    return tuple(
        FigureRecord(f.key, f.label, f.unit, f.value, f.source, f.previous)
        for f in plan.figures.order_by("position")
    )


def _sections(plan: models.Plan) -> tuple[SectionRecord, ...]:
    """The tree from its rows: a path begins with its parent's."""
    children: dict[str, list[models.ReportSection]] = defaultdict(list)
    for row in plan.sections.order_by("path"):
        children[row.path.rpartition(".")[0]].append(row)

    def below(path: str) -> tuple[SectionRecord, ...]:
        return tuple(SectionRecord(r.title, r.body, below(r.path)) for r in children[path])

    return below("")
