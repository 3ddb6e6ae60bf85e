"""What waits for a supervisor: each with its figures, findings and evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.calendar_queries import workdays_of
from indicators.interim_queries import load_interims
from indicators.last_year import last_year_of
from indicators.models import Evidence, Indicator, Plan, Step
from indicators.permissions import Actor
from indicators.queries import load_plan, policy_of
from indicators.scorecards.doubts import Doubt, DoubtCounts, count_doubts, doubts_of
from indicators.scorecards.indicator_page import PreviousYear, previous_year, target_with_unit
from indicators.scorecards.last_years import differing
from indicators.scorecards.page import IndicatorLine, indicator_line
from indicators.scorecards.scored import ScoredIndicator, score_plan
from indicators.scorecards.waiting import mine, refusal, submissions, waiting_rows
from indicators.scorecards.words import Standing, standing
from indicators.scoring.interim import Interim
from indicators.scoring.rounding import difference, rounded
from indicators.tables import Cell, Table
from indicators.workdays import Deadline


@dataclass(frozen=True, slots=True)
class Waiting:
    """One submitted indicator; `refusal` says why this person can't approve it, else empty."""

    pk: int
    item: ScoredIndicator
    line: IndicatorLine
    target: str  # with its unit
    previous: PreviousYear | None
    doubts: tuple[Doubt, ...]
    evidence: int
    who: str
    acting_for: str
    since: datetime | None
    deadline: Deadline
    revision: int
    refusal: str

    @property
    def value(self) -> str:
        """What a check box sends: the indicator with the revision that was looked at."""
        return f"{self.pk}:{self.revision}"

    @property
    def last_actual(self) -> Decimal | None:
        return last_year_of(self.item.record).actual

    @property
    def owner(self) -> str:
        return self.item.record.owner

    @property
    def counts(self) -> DoubtCounts:
        return count_doubts(self.doubts)

    @property
    def is_clean(self) -> bool:
        """Nothing is doubtful, and this person may approve it."""
        return not self.doubts and not self.refusal


@dataclass(frozen=True, slots=True)
class Queue:
    """`mine` may be approved or returned by whoever looks; `others` wait for somebody else."""

    plan: Standing
    mine: tuple[Waiting, ...]
    others: tuple[Waiting, ...]

    @property
    def can_approve(self) -> tuple[Waiting, ...]:
        return tuple(item for item in self.mine if not item.refusal)

    @property
    def clean(self) -> tuple[Waiting, ...]:
        """What can be approved at once."""
        return tuple(item for item in self.mine if item.is_clean)

    @property
    def left_out(self) -> tuple[Waiting, ...]:
        """What of one's own is to be looked at singly, or by somebody else."""
        return tuple(item for item in self.mine if not item.is_clean)


def queue(plan: Plan, actor: Actor, today: date) -> Queue:
    """At most 18 queries: 4 fewer where last year has no plan, 2 fewer where nothing is followed
    within the year; 1 where nothing waits."""
    rows = waiting_rows(plan)
    found = _lines(plan, rows, actor, today) if rows else []
    own = mine(rows, actor)
    return Queue(
        plan=standing(plan),
        mine=tuple(line for line in found if line.pk in own),
        others=tuple(line for line in found if line.pk not in own),
    )


def _lines(plan: Plan, rows: Mapping[int, Indicator], actor: Actor, today: date) -> list[Waiting]:
    scored = {item.record.pk: item for item in _scored(plan)}
    steps, interims = submissions(rows), load_interims(rows)
    proofs: dict[int, list[str]] = defaultdict(list)
    in_force = Evidence.objects.in_force().filter(indicator__in=rows)
    for of, about in in_force.values_list("indicator_id", "about"):
        proofs[of].append(about)
    calendar = workdays_of(plan.agency_id)
    return [
        _line(
            scored[pk],
            row,
            steps.get(pk),
            proofs[pk],
            interims.get(pk),
            actor,
            calendar.deadline(row.due or plan.due, today),
        )
        for pk, row in rows.items()
    ]


def _scored(plan: Plan) -> Iterator[ScoredIndicator]:
    return score_plan(load_plan(plan, with_texts=False, with_last_year=True)).indicators()


def _line(
    item: ScoredIndicator,
    row: Indicator,
    step: Step | None,
    proofs: list[str],
    interim: Interim | None,
    actor: Actor,
    deadline: Deadline,
) -> Waiting:
    return Waiting(
        pk=row.pk,
        item=item,
        line=indicator_line(item),
        target=target_with_unit(item.spec),
        previous=previous_year(row.plan.year - 1, item),
        doubts=doubts_of(item, proofs, interim, policy_of(row.plan)),
        evidence=len(proofs),
        who=str(step.by) if step else "",
        acting_for=str(step.acting_for) if step and step.acting_for else "",
        since=step.at if step else None,
        deadline=deadline,
        revision=row.revision,
        refusal=refusal(row, step, actor),
    )


# As a table ---------------------------------------------------------------------------------------


def table(queue: Queue) -> Table:
    """One's own first, as on the page."""
    return Table(
        title=_("待審核"),
        heads=(
            *(_("指標"), _("負責單位"), _("單位"), _("目標"), _("實際"), _("去年實際")),
            *(_("較去年增減"), _("達成度（%）"), _("得分"), _("權重")),
            *(_("須修正"), _("尚缺"), _("請核對"), _("佐證資料（件）")),
            *(_("送出者"), _("送出時間"), _("期限"), _("輪到您")),
        ),
        rows=(
            *(_cells(item, _("是")) for item in queue.mine),
            *(_cells(item, _("否")) for item in queue.others),
        ),
        notes=tuple(differing(waiting.item for waiting in (*queue.mine, *queue.others))),
    )


def _cells(waiting: Waiting, is_mine: str) -> tuple[Cell, ...]:
    spec, result, counts = waiting.item.spec, waiting.item.result, waiting.counts
    last, achieved = waiting.last_actual, result.achievement
    return (
        *(spec.title, waiting.owner, spec.unit, spec.target, result.actual, last),
        _change(result.actual, last),
        None if achieved is None else rounded(achieved, 2),
        None if result.actual is None else rounded(result.score, 2),
        spec.weight,
        *(counts.errors, counts.missing, counts.warnings, waiting.evidence),
        waiting.who,
        waiting.since and timezone.localtime(waiting.since),
        waiting.deadline.day,
        is_mine,
    )


def _change(actual: Decimal | None, last: Decimal | None) -> Decimal | None:
    return None if actual is None or last is None else difference(actual, last)
