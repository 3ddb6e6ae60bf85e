"""What a document makes of the interim values of the plan that it replaces; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from indicators.records import IndicatorRecord, InterimRecord, PlanRecord
from indicators.scoring.interim import ACTUAL
from indicators.scoring.types import Method

Place = tuple[int, int, int]  # perspective, goal, indicator
Cells = dict[tuple[object, ...], Decimal]


@dataclass(frozen=True, slots=True)
class Lost:
    """What could not be kept: of one symbol, or (None) of the whole indicator."""

    title: str
    symbol: str | None
    values: int


@dataclass(frozen=True, slots=True)
class TakenOver:
    """`record` is what is to be stored; the numbers are of interim values."""

    record: PlanRecord
    lost: tuple[Lost, ...]
    added: int
    changed: int
    same: int
    gone: int


def take_over(old: PlanRecord, new: PlanRecord) -> TakenOver:
    """A document that says anything of interim values says all of them.

    From one that says nothing they are kept where indicator, input and unit are still the same.
    """
    pairs = twins(old, new)
    stored, lost = (new, ()) if new.has_interims() else _kept(old, new, pairs)
    before, after = _cells(old, pairs), _cells(stored, {place: place for place in places(stored)})
    both = before.keys() & after.keys()
    same = sum(
        str(before[cell]) == str(after[cell]) for cell in both
    )  # 5 and 5.0 print differently
    return TakenOver(
        record=stored,
        lost=lost,
        added=len(after) - len(both),
        changed=len(both) - same,
        same=same,
        gone=len(before) - len(both),
    )


def places(record: PlanRecord) -> dict[Place, IndicatorRecord]:
    """In the order of `PlanRecord.indicators`."""
    return {
        (p, g, i): item
        for p, perspective in enumerate(record.perspectives)
        for g, goal in enumerate(perspective.goals)
        for i, item in enumerate(goal.indicators)
    }


def twins(old: PlanRecord, new: PlanRecord) -> dict[Place, Place]:
    """Where an indicator of `old` is in `new`: by its id, else by place and title."""
    was, now = places(old), places(new)
    ids = {item.lineage: place for place, item in now.items() if item.lineage}
    found = {place: ids[item.lineage] for place, item in was.items() if item.lineage in ids}
    for place in was.keys() & (now.keys() - found.keys() - set(found.values())):
        one, other = was[place], now[place]
        if one.spec.title == other.spec.title and not (one.lineage and other.lineage):
            found[place] = place
    return found


def _kept(
    old: PlanRecord, new: PlanRecord, pairs: Mapping[Place, Place]
) -> tuple[PlanRecord, tuple[Lost, ...]]:
    was, now = places(old), places(new)
    kept: dict[Place, InterimRecord] = {}
    lost: list[Lost] = []
    for place, item in was.items():
        if item.interim is None:
            continue
        if place not in pairs:
            lost.append(Lost(item.spec.title, None, len(item.interim.values)))
            continue
        twin = pairs[place]
        kept[twin] = item.interim.only(_fitting(item, now[twin]))
        lost.extend(_lost(item, kept[twin]))
    note = old.interim_note if kept else ""
    in_order = iter(now)
    record = new.with_each(lambda item: replace(item, interim=kept.get(next(in_order))))
    return replace(record, interim_note=note), tuple(lost)


def _fitting(old: IndicatorRecord, new: IndicatorRecord) -> set[str]:
    """The symbols that still mean the same."""
    if old.spec.method is not new.spec.method:
        return set()
    if new.spec.method is Method.DIRECT:
        return {ACTUAL} if old.spec.unit == new.spec.unit else set()
    units = {given.symbol: given.unit for given in old.spec.inputs}
    return {
        given.symbol
        for given in new.spec.inputs
        if given.rows is None and units.get(given.symbol) == given.unit
    }


def _lost(old: IndicatorRecord, kept: InterimRecord) -> Iterator[Lost]:
    if old.interim is None:
        return
    for symbol in sorted(old.interim.rules.keys() - kept.rules.keys()):
        count = sum(of == symbol for of, _period in old.interim.values)
        yield Lost(old.spec.title, symbol, count)


def _cells(record: PlanRecord, pairs: Mapping[Place, Place]) -> Cells:
    """Every value by where its indicator is in the new plan; what is in none by where it was."""
    return {
        (pairs.get(place, (None, place)), item.interim.period, *key): value
        for place, item in places(record).items()
        if item.interim
        for key, value in item.interim.values.items()
    }
