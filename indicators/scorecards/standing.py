"""Where one indicator stands: with whom it lies today, and why it came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from indicators.holders import NOBODY, Seat, lies_with, roles_held
from indicators.models import Indicator
from indicators.permissions import OPEN
from indicators.scorecards.field_words import field_word, names_of
from indicators.scorecards.work_items import Returned
from indicators.scoring.types import Indicator as Spec
from indicators.work_queries import Status, StepTaken, newest_steps


@dataclass(frozen=True, slots=True)
class Standing:
    """`is_open`: the agency works on the plan; of one that it closed nobody of it has anything."""

    day: date
    is_open: bool
    with_whom: tuple[Seat, ...]
    returned: Returned | None


def standing(row: Indicator, spec: Spec, today: date) -> Standing:
    """3 queries."""
    step = newest_steps([row.pk]).get(row.pk)
    held = roles_held(row.plan.agency_id, today)
    return Standing(
        day=today,
        is_open=row.plan.status in OPEN,
        with_whom=lies_with(held, row.status, row.owner_id, step.senders if step else NOBODY),
        returned=returned(row.status, step, spec),
    )


def returned(status: str, step: StepTaken | None, spec: Spec) -> Returned | None:
    """None unless the indicator is to be corrected."""
    if status != Status.RETURNED or step is None:
        return None
    names = names_of(spec)
    remarks = tuple((field_word(field, names), note) for field, note in step.notes.items())
    return Returned(step.reason, remarks, step.by, step.acting_for, step.at)
