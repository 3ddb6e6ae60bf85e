"""One indicator under review: beside its own page, what to look at and who may decide what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from indicators.calendar_queries import workdays_of
from indicators.interim_queries import load_interim
from indicators.models import Evidence, Indicator, Step
from indicators.permissions import Actor
from indicators.queries import policy_of
from indicators.records import EvidenceRecord, IndicatorRecord
from indicators.scorecards.changes import Comparison, Printer, since_return
from indicators.scorecards.doubts import Doubt, doubts_of
from indicators.scorecards.field_words import place_words
from indicators.scorecards.scored import ScoredIndicator
from indicators.scorecards.steps import NOT_REPORTED, as_written, input_total
from indicators.scorecards.timeline import Event, indicator_timeline
from indicators.scorecards.waiting import Walk, refusal, walk
from indicators.workdays import Deadline


@dataclass(frozen=True, slots=True)
class Proof:
    pk: int
    name: str
    dated: object
    is_file: bool


@dataclass(frozen=True, slots=True)
class Proven:
    """A number with what proves it; `value` is empty for the indicator as a whole."""

    name: str
    symbol: str  # its name in the formula where that is another, else ""
    value: str
    unit: str
    proofs: tuple[Proof, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """`refusal`: why this person can't approve it; empty where they can."""

    revision: int
    is_approved: bool
    submissions: int
    submitted: Event | None
    deadline: Deadline
    comparison: Comparison | None
    doubts: tuple[Doubt, ...]
    proven: tuple[Proven, ...]
    events: tuple[Event, ...]
    refusal: str
    walk: Walk


def review(
    row: Indicator, item: ScoredIndicator, actor: Actor, printed: Printer, today: date
) -> Review:
    """8 queries, and 2 where it is followed within the year."""
    proofs = list(Evidence.objects.in_force().filter(indicator=row).order_by("pk"))
    step = row.steps.filter(name=Step.Name.SUBMIT).order_by("-pk").first()
    events = indicator_timeline(row, item.record)
    sent = [event for event in events if event.name == Step.Name.SUBMIT]
    return Review(
        revision=row.revision,
        is_approved=row.status == Indicator.Status.APPROVED,
        submissions=len(sent),
        submitted=sent[0] if sent else None,
        deadline=workdays_of(row.plan.agency_id).deadline(row.due or row.plan.due, today),
        comparison=since_return(row, item.record, printed),
        doubts=doubts_of(
            item, [proof.about for proof in proofs], load_interim(row), policy_of(row.plan)
        ),
        proven=proven(item.record, proofs),
        events=events,
        refusal=refusal(row, step, actor),
        walk=walk(row, actor),
    )


def proven(
    record: IndicatorRecord, proofs: Iterable[Evidence | EvidenceRecord]
) -> tuple[Proven, ...]:
    """Each input with its evidence, also where there is none; then the indicator as a whole."""
    groups, spec = _groups(record, proofs), record.spec
    found = [
        Proven(
            name=(name := given.label or given.symbol),
            symbol="" if name == given.symbol else given.symbol,
            value=as_written(given.value) if given.rows is None else input_total(given),
            unit=given.unit or NOT_REPORTED,
            proofs=groups[given.symbol],
        )
        for given in spec.inputs
    ]
    if groups[""] or not found:
        found.append(Proven(place_words(record, "evidence"), "", "", "", groups[""]))
    return tuple(found)


def _groups(
    record: IndicatorRecord, proofs: Iterable[Evidence | EvidenceRecord]
) -> dict[str, tuple[Proof, ...]]:
    """By the input that they stand behind; empty: the indicator as a whole."""
    groups: dict[str, tuple[Proof, ...]] = {given.symbol: () for given in record.spec.inputs}
    groups[""] = ()
    for row in proofs:
        about = row.about if row.about in groups else ""
        proof = Proof(row.pk, row.name, row.dated, row.kind == Evidence.Kind.FILE)
        groups[about] = (*groups[about], proof)
    return groups
