"""A `PlanRecord` as its plan document: what `plan_reading` reads, numbers as written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from indicators.interchange.plan_reading import FORMAT
from indicators.records import (
    FigureRecord,
    GoalRecord,
    IndicatorRecord,
    InterimRecord,
    PerspectiveRecord,
    PlanRecord,
    Policy,
    SectionRecord,
)
from indicators.scoring.interim import ACTUAL
from indicators.scoring.types import Input, Method, Milestone


def write_plan(record: PlanRecord) -> str:
    """The document's text: two spaces of indent, Chinese as itself, a newline at the end."""
    return json.dumps(plan_tree(record), ensure_ascii=False, indent=2) + "\n"


def plan_tree(record: PlanRecord) -> dict[str, Any]:
    return (
        _filled(
            format=FORMAT,
            agency={"code": record.agency_code, "name": record.agency_name},
            year=record.year,
            sample_note=record.sample_note,
            interim_note=record.interim_note,
            policy=_policy(record.policy),
        )
        | {"perspectives": [_perspective(p) for p in record.perspectives]}
        | _filled(
            figures=[_figure(figure) for figure in record.figures],
            sections=[_section(section) for section in record.sections],
        )
    )


def texts(tree: object, place: str = "$") -> Iterator[tuple[str, str]]:
    """Every text in a document's tree with its place."""
    if isinstance(tree, str):
        yield place, tree
    elif isinstance(tree, dict):
        for key, value in tree.items():
            yield from texts(value, f"{place}.{key}")
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            yield from texts(value, f"{place}[{index}]")


def _filled(**members: Any) -> dict[str, Any]:
    """Without the optional members that are empty."""
    return {key: value for key, value in members.items() if value not in ("", None, [], {})}


def _number(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _policy(policy: Policy) -> dict[str, Any]:
    lights = _filled(green=_number(policy.green), yellow=_number(policy.yellow))
    return _filled(lower=policy.lower, lights=lights)


def _perspective(perspective: PerspectiveRecord) -> dict[str, Any]:
    return {
        "name": perspective.name,
        "goals": [_goal(goal) for goal in perspective.goals],
    }


def _goal(goal: GoalRecord) -> dict[str, Any]:
    return {
        "title": goal.title,
        "weight": _number(goal.weight),
        "indicators": [_indicator(record) for record in goal.indicators],
    }


def _indicator(record: IndicatorRecord) -> dict[str, Any]:
    spec = record.spec
    return (
        _filled(id=record.lineage)
        | {
            "title": spec.title,
            "weight": _number(spec.weight),
            "unit": spec.unit,
            "decimals": spec.decimals,
            "direction": spec.direction.value,
            "target": _number(spec.target),
            "method": spec.method.value,
        }
        | _method_members(record)
        | _filled(
            owner=record.owner,
            previous=_filled(
                target=_number(record.previous_target),
                actual=_number(record.previous_actual),
            ),
            review=_review(record),
            measure=record.measure,
            evaluation=record.evaluation,
            analysis=record.analysis,
            interim=_interim(record),
        )
    )


def _method_members(record: IndicatorRecord) -> dict[str, Any]:
    spec = record.spec
    if spec.method == Method.DIRECT:
        return {"actual": _number(spec.actual)}
    if spec.method == Method.MILESTONES:
        return {"milestones": [_milestone(stage) for stage in spec.milestones]}
    return _filled(inputs=[_input(item) for item in spec.inputs]) | {"formula": spec.formula}


def _input(item: Input) -> dict[str, Any]:
    head = {"symbol": item.symbol} | _filled(label=item.label, unit=item.unit)
    if item.rows is None:
        return head | {"value": _number(item.value)}
    return head | {"rows": [{"label": r.label, "value": _number(r.value)} for r in item.rows]}


def _milestone(stage: Milestone) -> dict[str, Any]:
    head = {"title": stage.title, "percent": _number(stage.percent), "done": stage.done}
    return head | _filled(done_on=stage.done_on and stage.done_on.isoformat())


def _review(record: IndicatorRecord) -> dict[str, Any]:
    review = record.review
    if review is None or review.due is None:  # the latter is still being written
        return {}
    return {
        "cause": review.cause,
        "action": review.action,
        "responsible": review.responsible,
        "due": review.due.isoformat(),
    }


def _interim(record: IndicatorRecord) -> dict[str, Any]:
    interim = record.interim
    if interim is None:
        return {}
    asked = [item.symbol for item in record.spec.inputs if item.symbol in interim.rules]
    return (
        _filled(period=interim.period.value)
        | {"path": interim.path.value}
        | _filled(inputs=[{"symbol": symbol} | _gathered(interim, symbol) for symbol in asked])
        | (_gathered(interim, ACTUAL) if ACTUAL in interim.rules else {})
    )


def _gathered(interim: InterimRecord, symbol: str) -> dict[str, Any]:
    values = {
        str(period): _number(value)
        for (of, period), value in sorted(interim.values.items())
        if of == symbol
    }
    return {"gather": interim.rules[symbol].value} | _filled(values=values)


def _figure(figure: FigureRecord) -> dict[str, Any]:
    return (
        {"key": figure.key, "label": figure.label}
        | _filled(unit=figure.unit)
        | {"value": _number(figure.value)}
        | _filled(source=figure.source, previous=_number(figure.previous))
    )


def _section(section: SectionRecord) -> dict[str, Any]:
    return {"title": section.title} | _filled(
        body=section.body, sections=[_section(child) for child in section.sections]
    )
