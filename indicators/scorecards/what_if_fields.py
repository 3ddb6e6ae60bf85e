"""The fields of a what-if: those of the indicators that are open, and what is moved already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext, gettext_lazy

from indicators.scorecards.scored import ScoredIndicator, ScoredPlan
from indicators.scorecards.signs import signed
from indicators.scorecards.steps import NOT_REPORTED
from indicators.scorecards.words import done_word
from indicators.scoring.rounding import difference, grouped
from indicators.trials import Kind, Movable, Value, as_text, movables

FIELDS = "adjust"  # the id of where the fields begin
MOST_FIELDS = 100  # on one page, so that what they send stays a short address
KIND_WORDS = {Kind.ACTUAL: gettext_lazy("實際值"), Kind.TARGET: gettext_lazy("目標值")}


@dataclass(frozen=True, slots=True)
class TrialField:
    """`value` is what stands in the field, empty where nothing is moved."""

    key: str
    id: str
    label: str
    unit: str
    now: str
    value: str
    is_stage: bool
    fault: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One open indicator. `left_out`: how many fields it has beyond those that are shown."""

    pk: int
    title: str
    fields: tuple[TrialField, ...]
    left_out: int
    is_overruled: bool  # the actual is moved, so that moved inputs do not count


@dataclass(frozen=True, slots=True)
class MovedLine:
    key: str
    title: str
    label: str
    unit: str
    now: str
    then: str
    difference: str


@dataclass(frozen=True, slots=True)
class TrialFields:
    """`hidden`: (key, text) of what is moved or faulty and has no field on this page."""

    panels: tuple[Panel, ...]
    hidden: tuple[tuple[str, str], ...]
    lines: tuple[MovedLine, ...]
    errors: tuple[tuple[str, str], ...]  # (id of the field, sentence)


def trial_fields(
    plan: ScoredPlan,
    moves: Mapping[str, Value],
    typed: Mapping[str, str],
    faults: Mapping[str, str],
    opened: tuple[int, ...],
) -> TrialFields:
    """What has a fault is open, as far as there is room."""
    faulty = {key.partition(".")[0] for key in faults}
    texts = {key: as_text(value) for key, value in moves.items()} | dict(typed)
    items = [i for i in plan.indicators() if i.record.pk in opened or f"i{i.record.pk}" in faulty]
    panels = tuple(_panels(items, texts, faults, moves))
    placed = {field.key for panel in panels for field in panel.fields}
    return TrialFields(
        panels=panels,
        hidden=tuple((key, text) for key, text in texts.items() if key not in placed),
        lines=tuple(_lines(plan, moves)),
        errors=tuple(_errors(items, faults, placed)),
    )


def _errors(
    items: list[ScoredIndicator], faults: Mapping[str, str], placed: set[str]
) -> Iterator[tuple[str, str]]:
    """Each leads to its field; where there was no room for it, to where the fields begin."""
    for item in items:
        for field in movables(item.record, item.result.actual):
            if field.key in faults:
                said = {"title": item.spec.title, "label": _label(field)}
                sentence = gettext("%(title)s，%(label)s：%(fault)s") % (
                    said | {"fault": faults[field.key]}
                )
                yield _id(field.key) if field.key in placed else FIELDS, sentence


def _panels(
    items: list[ScoredIndicator],
    texts: Mapping[str, str],
    faults: Mapping[str, str],
    moves: Mapping[str, Value],
) -> Iterator[Panel]:
    room = MOST_FIELDS
    for item in items:
        found = tuple(movables(item.record, item.result.actual))
        shown, room = found[:room], max(0, room - len(found))
        key = f"i{item.record.pk}"
        others = any(k.startswith(f"{key}.") and k != f"{key}.t" for k in moves)
        yield Panel(
            pk=item.record.pk or 0,
            title=item.spec.title,
            fields=tuple(_field(f, texts.get(f.key, ""), faults.get(f.key, "")) for f in shown),
            left_out=len(found) - len(shown),
            is_overruled=key in moves and others,
        )


def _field(field: Movable, value: str, fault: str) -> TrialField:
    return TrialField(
        key=field.key,
        id=_id(field.key),
        label=_label(field),
        unit=field.unit,
        now=_words(field.kind, field.stored),
        value=value,
        is_stage=field.kind is Kind.STAGE,
        fault=fault,
    )


def _lines(plan: ScoredPlan, moves: Mapping[str, Value]) -> Iterator[MovedLine]:
    wanted = {key.partition(".")[0] for key in moves}
    for item in plan.indicators():
        if f"i{item.record.pk}" not in wanted:
            continue
        for field in movables(item.record, item.result.actual):
            if field.key in moves:
                yield _line(item.spec.title, field, moves[field.key])


def _line(title: str, field: Movable, value: Value) -> MovedLine:
    return MovedLine(
        key=field.key,
        title=title,
        label=_label(field),
        unit=field.unit,
        now=_words(field.kind, field.stored),
        then=_words(field.kind, value),
        difference=_difference(field.stored, value),
    )


def _difference(now: Value | None, then: Value) -> str:
    if isinstance(now, Decimal) and isinstance(then, Decimal):
        return signed(difference(then, now))
    return ""


def _label(field: Movable) -> str:
    if field.kind is Kind.STAGE:
        return gettext("工作項目「%(title)s」") % {"title": field.name}
    return field.name or str(KIND_WORDS[field.kind])


def _words(kind: Kind, value: Value | None) -> str:
    if kind is Kind.STAGE:
        return done_word(value if isinstance(value, bool) else None)
    return grouped(value) if isinstance(value, Decimal) else NOT_REPORTED


def _id(key: str) -> str:
    return key.replace(".", "-")
