"""What waits for a supervisor, and what they need to decide about one indicator."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from indicators.entry_checks import Checked, Finding, Level, check_entry
from indicators.models import Evidence, Indicator, Plan, Step
from indicators.permissions import (
    Actor,
    NotAllowed,
    Subject,
    can,
    check,
    check_four_eyes,
)
from indicators.queries import load_plan
from indicators.records import EvidenceRecord, IndicatorRecord
from indicators.scorecards.changes import Comparison, Printer, since_return
from indicators.scorecards.field_words import place_words
from indicators.scorecards.page import NOT_REPORTED, IndicatorLine, indicator_line
from indicators.scorecards.scored import ScoredIndicator, score_plan
from indicators.scorecards.timeline import Event, indicator_timeline
from indicators.scorecards.words import Standing, standing
from indicators.scoring.rounding import grouped
from indicators.scoring.types import Sentence


@dataclass(frozen=True, slots=True)
class Waiting:
    """One submitted indicator; `refusal` says why this person can't approve it, else empty."""

    pk: int
    owner: str
    line: IndicatorLine
    previous: str
    findings: int
    evidence: int
    who: str
    acting_for: str
    since: datetime | None
    revision: int
    refusal: str

    @property
    def value(self) -> str:
        """What a check box sends: the indicator with the revision that was looked at."""
        return f"{self.pk}:{self.revision}"


@dataclass(frozen=True, slots=True)
class Queue:
    """`mine` may be approved or returned by whoever looks; `others` wait for somebody else."""

    plan: Standing
    mine: tuple[Waiting, ...]
    others: tuple[Waiting, ...]

    @property
    def can_approve(self) -> tuple[Waiting, ...]:
        return tuple(item for item in self.mine if not item.refusal)

    def clean(self) -> tuple[str, ...]:
        """Without findings."""
        return tuple(item.value for item in self.can_approve if not item.findings)


def queue(plan: Plan, actor: Actor) -> Queue:
    """9 queries, or 1 where nothing waits."""
    rows = waiting_rows(plan)
    found = _lines(plan, rows, actor) if rows else []
    mine = {pk for pk, row in rows.items() if can("approve", actor, Subject.of(plan, row))}
    return Queue(
        plan=standing(plan),
        mine=tuple(line for line in found if line.pk in mine),
        others=tuple(line for line in found if line.pk not in mine),
    )


def waiting_rows(plan: Plan) -> dict[int, Indicator]:
    """1 query."""
    rows = Indicator.objects.filter(plan=plan, status=Indicator.Status.SUBMITTED)
    ordered = rows.order_by("goal__perspective__position", "goal__position", "position")
    found = {row.pk: row for row in ordered}
    for row in found.values():
        row.plan = plan
    return found


def _lines(plan: Plan, rows: Mapping[int, Indicator], actor: Actor) -> list[Waiting]:
    scored = score_plan(load_plan(plan, with_texts=False))
    steps = _submitted(rows)
    proofs: dict[int, list[str]] = defaultdict(list)
    in_force = Evidence.objects.in_force().filter(indicator__in=rows)
    for of, about in in_force.values_list("indicator_id", "about"):
        proofs[of].append(about)
    return [
        _line(item, rows[pk], steps.get(pk), proofs[pk], actor)
        for item in scored.indicators()
        if (pk := item.record.pk) is not None and pk in rows
    ]


def _submitted(rows: Mapping[int, Indicator]) -> dict[int | None, Step]:
    """The last submission of each. 1 query."""
    steps = Step.objects.filter(indicator__in=rows, name=Step.Name.SUBMIT)
    return {s.indicator_id: s for s in steps.select_related("by", "acting_for").order_by("pk")}


def _line(
    item: ScoredIndicator, row: Indicator, step: Step | None, proofs: list[str], actor: Actor
) -> Waiting:
    last = item.record.previous_actual
    return Waiting(
        pk=row.pk,
        owner=item.record.owner,
        line=indicator_line(item),
        previous=NOT_REPORTED if last is None else grouped(last),
        findings=len(check_entry(Checked(item.record, item.result, proofs))),
        evidence=len(proofs),
        who=str(step.by) if step else "",
        acting_for=str(step.acting_for) if step and step.acting_for else "",
        since=step.at if step else None,
        revision=row.revision,
        refusal=refusal(row, row.plan, step, actor),
    )


def refusal(row: Indicator, plan: Plan, submitted: Step | None, actor: Actor) -> str:
    """Why this person can't approve it; empty where they can."""
    try:
        post = check("approve", actor, Subject.of(plan, row))
        check_four_eyes(row.title, submitted, actor, post)
    except NotAllowed as error:
        return str(error)
    return ""


# One indicator ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Doubt:
    """A finding in words."""

    is_error: bool
    place: str
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Proof:
    pk: int
    name: str
    dated: object
    is_file: bool


@dataclass(frozen=True, slots=True)
class Review:
    """Beside the indicator's own page: what to look at, and who may decide what."""

    revision: int
    is_approved: bool
    submissions: int
    submitted: Event | None
    comparison: Comparison | None
    doubts: tuple[Doubt, ...]
    evidence: tuple[tuple[str, tuple[Proof, ...]], ...]  # by place
    events: tuple[Event, ...]
    refusal: str  # why this person can't approve; empty where they can
    previous_pk: int | None
    next_pk: int | None


def review(row: Indicator, item: ScoredIndicator, actor: Actor, printed: Printer) -> Review:
    """6 queries."""
    proofs = list(Evidence.objects.in_force().filter(indicator=row))
    steps = row.steps.filter(name=Step.Name.SUBMIT).order_by("-pk").first()
    events = indicator_timeline(row, item.record)
    sent = [event for event in events if event.name == Step.Name.SUBMIT]
    before, after = _neighbours(row, actor)
    return Review(
        revision=row.revision,
        is_approved=row.status == Indicator.Status.APPROVED,
        submissions=len(sent),
        submitted=sent[0] if sent else None,
        comparison=since_return(row, item.record, printed),
        doubts=_doubts(item, [proof.about for proof in proofs]),
        evidence=by_place(item.record, proofs),
        events=events,
        refusal=refusal(row, row.plan, steps, actor),
        previous_pk=before,
        next_pk=after,
    )


def _doubts(item: ScoredIndicator, proven: list[str]) -> tuple[Doubt, ...]:
    found: list[Finding] = check_entry(Checked(item.record, item.result, proven))
    return tuple(
        Doubt(f.level is Level.ERROR, place_words(item.record, f.field), f.sentence) for f in found
    )


def by_place(
    record: IndicatorRecord, proofs: Iterable[Evidence | EvidenceRecord]
) -> tuple[tuple[str, tuple[Proof, ...]], ...]:
    """Each input with its evidence, also where there is none; then the indicator as a whole."""
    places = {given.symbol: given.label or given.symbol for given in record.spec.inputs}
    places[""] = place_words(record, "evidence")
    groups: dict[str, list[Proof]] = {about: [] for about in places}
    for row in proofs:
        about = row.about if row.about in groups else ""
        groups[about].append(Proof(row.pk, row.name, row.dated, row.kind == Evidence.Kind.FILE))
    return tuple((places[about], tuple(found)) for about, found in groups.items() if found or about)


def _neighbours(row: Indicator, actor: Actor) -> tuple[int | None, int | None]:
    """The waiting indicators around this one that this person may decide about. 1 query."""
    rows = waiting_rows(row.plan)
    mine = [pk for pk, r in rows.items() if can("approve", actor, Subject.of(row.plan, r))]
    others = [pk for pk in mine if pk != row.pk]
    if row.pk not in mine:
        return None, next(iter(others), None)
    place = mine.index(row.pk)
    return (mine[place - 1] if place else None, next(iter(mine[place + 1 :]), None))


def next_waiting(row: Indicator, actor: Actor) -> int | None:
    """What to look at after this one: the next in the plan's order, else the first. 1 query."""
    rows = Indicator.objects.filter(plan=row.plan)
    ordered = rows.order_by("goal__perspective__position", "goal__position", "position")
    every = list(ordered)
    place = next(n for n, other in enumerate(every) if other.pk == row.pk)
    after = [*every[place + 1 :], *every[:place]]
    return next((r.pk for r in after if can("approve", actor, Subject.of(row.plan, r))), None)
