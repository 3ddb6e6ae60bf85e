"""Plans as a whole: stored from a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from indicators import history, models, permissions
from indicators.actions.kept_interims import (
    interim_facts,
    keep_recorders,
    matching,
    recorded_values,
)
from indicators.interim_documents import TakenOver, take_over
from indicators.interim_queries import load_document
from indicators.records import IndicatorRecord, PlanRecord, SectionRecord
from indicators.scoring.interim import ACTUAL


@transaction.atomic
def replace_plan(
    record: PlanRecord,
    *,
    by: models.User | None,
    now: datetime,
    document_sha256: str = "",
    discard_work: bool = False,
) -> models.Plan:
    """Store a plan whole: new, or in place of the same year's draft.

    `by` None is whoever runs the command on the server. The history keeps the document's hash,
    not its content. Interim values of which the document says nothing are kept where they still
    fit (`take_over`), with who recorded them. Raises `permissions.NotAllowed` when the
    plan was submitted already, or was worked on in the portal and `discard_work` is not given.
    """
    agency, _ = models.Agency.objects.get_or_create(
        code=record.agency_code, defaults={"name": record.agency_name}
    )
    plan = _plan_to_fill(agency, record)
    permissions.check_can_replace(plan, discard_work=discard_work)
    _keep_latest_name(agency, record)
    old = load_document(plan)
    taken, values = take_over(old, record), recorded_values(plan)
    _clear(plan, taken.record.interim_note)
    rows = fill_plan(plan, taken.record, by=by, now=now)
    keep_recorders(values, matching(old, taken.record, rows))
    before, after = history.changes(interim_facts(old), interim_facts(taken.record))
    history.record(
        plan=plan,
        action="import",
        kind="plan",
        obj_id=plan.pk,
        label=str(plan),
        before=before,
        after={"document_sha256": document_sha256, **after},
        by=by,
        now=now,
    )
    return plan


@transaction.atomic
def check_replace_plan(record: PlanRecord, *, discard_work: bool = False) -> TakenOver:
    """What `replace_plan` would make of the interim values. Raises where it would; writes nothing.

    The plan stays locked until the caller's transaction ends.
    """
    plans = models.Plan.objects.for_year(record.year).filter(agency__code=record.agency_code)
    plan = plans.select_for_update(no_key=True).order_by("-version").first()
    if plan is None:
        return take_over(replace(record, perspectives=(), interim_note=""), record)
    permissions.check_can_replace(plan, discard_work=discard_work)
    return take_over(load_document(plan), record)


def _plan_to_fill(agency: models.Agency, record: PlanRecord) -> models.Plan:
    """The newest version, locked; a new plan where there is none."""
    models.Plan.objects.get_or_create(
        agency=agency, year=record.year, version=1, defaults={"agency_name": record.agency_name}
    )
    locked = models.Plan.objects.select_for_update(no_key=True)
    return locked.filter(agency=agency, year=record.year).order_by("-version")[:1].get()


def _keep_latest_name(agency: models.Agency, record: PlanRecord) -> None:
    """An agency is called what its latest plan calls it; earlier plans keep their own name."""
    if agency.name != record.agency_name and not agency.plans.filter(year__gt=record.year).exists():
        agency.name = record.agency_name
        agency.save(update_fields=["name"])


def _clear(plan: models.Plan, interim_note: str) -> None:
    plan.interim_note = interim_note
    plan.save(update_fields=["interim_note"])
    plan.indicators.all().delete()
    plan.perspectives.all().delete()
    plan.figures.all().delete()
    plan.sections.all().delete()


def fill_plan(
    plan: models.Plan, record: PlanRecord, *, by: models.User | None, now: datetime
) -> list[models.Indicator]:
    """Rows for everything in `record`, into a plan that has none; the indicators' in order."""
    plan.agency_name, plan.sample_note = record.agency_name, record.sample_note
    plan.lower_policy = record.policy.lower
    plan.green_from, plan.yellow_from = record.policy.green, record.policy.yellow
    plan.save(
        update_fields=["agency_name", "sample_note", "lower_policy", "green_from", "yellow_from"]
    )
    rows = _create_indicators(plan, record)
    _create_details(rows)
    models.Measurement.objects.bulk_create(
        models.Measurement(
            indicator=row,
            actual=item.spec.actual,
            analysis=item.analysis,
            recorded_at=now,
            recorded_by=by,
        )
        for row, item in rows
    )
    models.Figure.objects.bulk_create(
        models.Figure(
            plan=plan,
            position=position,
            key=figure.key,
            label=figure.label,
            unit=figure.unit,
            value=figure.value,
            source=figure.source,
            previous=figure.previous,
        )
        for position, figure in enumerate(record.figures)
    )
    models.InterimValue.objects.bulk_create(
        models.InterimValue(
            indicator=row,
            symbol=symbol,
            period=period,
            value=value,
            recorded_at=now,
            recorded_by=by,
        )
        for row, item in rows
        for (symbol, period), value in item.followed().values.items()
    )
    models.ReportSection.objects.bulk_create(_section_rows(plan, record.sections, ""))
    return [row for row, _ in rows]


def _create_indicators(
    plan: models.Plan, record: PlanRecord
) -> list[tuple[models.Indicator, IndicatorRecord]]:
    """Perspectives, goals and indicators; the stored indicators beside their records."""
    units = _units(plan.agency, {item.owner for item in record.indicators() if item.owner})
    perspectives = models.Perspective.objects.bulk_create(
        models.Perspective(plan=plan, position=position, name=perspective.name)
        for position, perspective in enumerate(record.perspectives)
    )
    goals = [
        (
            models.Goal(perspective=row, position=position, title=goal.title, weight=goal.weight),
            goal,
        )
        for row, perspective in zip(perspectives, record.perspectives, strict=True)
        for position, goal in enumerate(perspective.goals)
    ]
    models.Goal.objects.bulk_create(row for row, _ in goals)
    indicators = [
        (_indicator_row(plan, row, position, item, units[item.owner]), item)
        for row, goal in goals
        for position, item in enumerate(goal.indicators)
    ]
    models.Indicator.objects.bulk_create(row for row, _ in indicators)
    return indicators


def _units(agency: models.Agency, names: set[str]) -> dict[str, models.Unit | None]:
    """The agency's units by name, new ones stored; no name, no unit."""
    models.Unit.objects.bulk_create(
        (models.Unit(agency=agency, name=name) for name in sorted(names)),
        ignore_conflicts=True,
    )
    return {"": None} | {unit.name: unit for unit in agency.units.all()}


def _indicator_row(
    plan: models.Plan,
    goal: models.Goal,
    position: int,
    item: IndicatorRecord,
    owner: models.Unit | None,
) -> models.Indicator:
    spec = item.spec
    return models.Indicator(
        plan=plan,
        goal=goal,
        position=position,
        lineage=item.lineage,
        owner=owner,
        title=spec.title,
        weight=spec.weight,
        unit=spec.unit,
        decimals=spec.decimals,
        direction=spec.direction.value,
        target=spec.target,
        method=spec.method.value,
        formula=spec.formula,
        measure=item.measure,
        evaluation=item.evaluation,
        previous_target=item.previous_target,
        previous_actual=item.previous_actual,
        period=item.followed().period.value,
        path=item.followed().path.value,
        gather=item.followed().rules.get(ACTUAL, ""),
    )


def _create_details(rows: list[tuple[models.Indicator, IndicatorRecord]]) -> None:
    """Inputs with their rows, milestones and missed-target reviews."""
    inputs = [
        (
            models.Input(
                indicator=row,
                position=position,
                symbol=entry.symbol,
                label=entry.label,
                unit=entry.unit,
                is_list=entry.rows is not None,
                value=entry.value,
                gather=item.followed().rules.get(entry.symbol, ""),
            ),
            entry,
        )
        for row, item in rows
        for position, entry in enumerate(item.spec.inputs)
    ]
    models.Input.objects.bulk_create(row for row, _ in inputs)
    models.InputRow.objects.bulk_create(
        models.InputRow(input=row, position=position, label=line.label, value=line.value)
        for row, entry in inputs
        for position, line in enumerate(entry.rows or ())
    )
    models.Milestone.objects.bulk_create(
        models.Milestone(
            indicator=row,
            position=position,
            title=stage.title,
            percent=stage.percent,
            done=stage.done,
            done_on=stage.done_on,
        )
        for row, item in rows
        for position, stage in enumerate(item.spec.milestones)
    )
    models.MissedTargetReview.objects.bulk_create(
        models.MissedTargetReview(
            indicator=row,
            cause=item.review.cause,
            action=item.review.action,
            responsible=item.review.responsible,
            due=item.review.due,
        )
        for row, item in rows
        if item.review is not None
    )


def _section_rows(
    plan: models.Plan, sections: Iterable[SectionRecord], above: str
) -> Iterator[models.ReportSection]:
    for position, section in enumerate(sections):
        path = f"{above}.{position:07d}" if above else f"{position:07d}"
        yield models.ReportSection(plan=plan, path=path, title=section.title, body=section.body)
        yield from _section_rows(plan, section.sections, path)
