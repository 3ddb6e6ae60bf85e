"""The only bridge from rows to plain data. Each function has a fixed number of queries."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from indicators import models
from indicators.figures import FigureLine
from indicators.records import (
    EvidenceRecord,
    FigureRecord,
    GoalRecord,
    IndicatorRecord,
    PerspectiveRecord,
    PlanRecord,
    Policy,
    Review,
    SectionRecord,
)
from indicators.scoring import types as scoring
from indicators.scoring.tokens import shown

YEAR = re.compile(r"[0-9]{1,4}")
CODE = re.compile(r"[a-z0-9-]{1,40}")  # anything else may not even be sent to PostgreSQL
LARGEST_KEY = 2**63 - 1
Grouped = dict[int, list[Any]]
PlanRow = models.Plan


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


def load_plan(plan: models.Plan, *, with_texts: bool = True) -> PlanRecord:
    """The whole plan as plain data: 6 queries, and 2 more for figures and report sections."""
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


class IndicatorNotFound(NotFound):
    """No such indicator in the plan."""


def find_indicator(plan: models.Plan, pk: int) -> models.Indicator:
    """The indicator's row with what belongs to it; `plan` is the one given. 1 query."""
    wanted = models.Indicator.objects.select_related(
        "owner", "goal__perspective", "measurement", "review"
    )
    row = wanted.filter(plan=plan, pk=pk).first()
    if row is None:
        raise IndicatorNotFound
    row.plan = plan
    return row


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


def last_year(row: models.Indicator) -> models.Indicator | None:
    """The same indicator in the plan of the year before, by its lineage. 1 query."""
    if not row.lineage:
        return None
    plans = models.Plan.objects.filter(agency=row.plan.agency_id, year=row.plan.year - 1).current()
    wanted = models.Indicator.objects.select_related(
        "plan__agency", "owner", "goal__perspective", "measurement", "review"
    )
    return wanted.filter(plan__in=plans, lineage=row.lineage).first()


def policy_of(plan: models.Plan) -> scoring.LowerPolicy:
    return Policy(plan.lower_policy).lower_policy


def proven(row: models.Indicator) -> frozenset[str]:
    """What has evidence: symbols of inputs, and empty for the indicator as a whole. 1 query."""
    found = models.Evidence.objects.in_force().filter(indicator=row)
    return frozenset(found.values_list("about", flat=True))


def draft_of(row: models.Indicator, user: models.User) -> models.Draft | None:
    return models.Draft.objects.filter(indicator=row, user=user).first()


def last_return(row: models.Indicator) -> models.Step | None:
    """Why a returned indicator was returned; None for one in any other status. 1 query."""
    if row.status != models.Indicator.Status.RETURNED:
        return None
    returns = models.Step.objects.filter(indicator=row, name=models.Step.Name.RETURN)
    return returns.newest_first().first()


def supervisors_of(row: models.Indicator) -> tuple[models.User, ...]:
    """Who can approve an indicator: its unit's supervisors and the agency's. 1 query."""
    roles = models.Role.objects.filter(
        Q(unit=None) | Q(unit=row.owner_id), name="supervisor", agency=row.plan.agency_id
    )
    people = models.User.objects.filter(roles__in=roles, is_active=True).distinct()
    return tuple(people.order_by("pk"))


def saves_since(row: models.Indicator, revision: int) -> list[models.AuditEvent]:
    """The events of the saves after `revision`, oldest first. 1 query.

    A revision is a save or a return; see `actions.moves`.
    """
    count = max(row.revision - revision, 0)
    events = models.AuditEvent.objects.of_object("indicator", row.pk)
    counted = events.filter(action__in=["record", models.Step.Name.RETURN])
    newest = counted.select_related("actor", "acting_for").order_by("-sequence")[:count]
    return [event for event in reversed(newest) if event.action == "record"]


class EvidenceNotFound(NotFound):
    """No such evidence, or none that this person may see."""


def evidence_of(row: models.Indicator) -> tuple[EvidenceRecord, ...]:
    """What is in force, oldest first. 1 query."""
    found = models.Evidence.objects.in_force().filter(indicator=row)
    return tuple(
        EvidenceRecord(
            pk=item.pk,
            about=item.about,
            kind=item.kind,
            name=item.name,
            dated=item.dated,
            size=item.size,
            added_at=item.added_at,
            added_by=str(item.added_by),
        )
        for item in found.select_related("added_by")
    )


def find_evidence_file(
    agency_code: str, year: int, pk: int, *, user: models.User | AnonymousUser
) -> models.Evidence:
    """A file of any version of the plan, withdrawn or not, among what `user` may see. 1 query."""
    if not CODE.fullmatch(agency_code) or pk > LARGEST_KEY or not YEAR.fullmatch(str(year)):
        raise EvidenceNotFound
    plans = models.Plan.objects.visible_to(user).for_year(year).filter(agency__code=agency_code)
    files = models.Evidence.objects.filter(kind=models.Evidence.Kind.FILE)
    found = files.filter(pk=pk, indicator__plan__in=plans).first()
    if found is None:
        raise EvidenceNotFound
    return found


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
