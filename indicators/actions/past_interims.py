"""Interim values from before the portal was used: into a plan as an import brings them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from indicators import history
from indicators.interims import InterimSettings
from indicators.locking import lock_plan
from indicators.models import Indicator, Input, InterimValue, Plan
from indicators.permissions import OPEN, NotAllowed
from indicators.scoring.interim import ACTUAL

REASON = "使用本系統以前的期中數值。"


@dataclass(frozen=True, slots=True)
class Followed:
    """One indicator's settings, and its values by symbol in the order of the periods."""

    settings: InterimSettings
    values: Mapping[str, Sequence[str]]


@transaction.atomic
def import_interims(
    *, plan_id: int, followed: Mapping[str, Followed], note: str, now: datetime
) -> None:
    """By lineage; `note` says where the values come from. The year's values stay as they are.

    For who runs a command on the server. Raises `NotAllowed` for a plan that is closed.
    """
    plan = lock_plan(plan_id)
    if plan.status not in OPEN:
        raise NotAllowed(REASON)
    before, plan.interim_note = plan.interim_note, note
    plan.save(update_fields=["interim_note"])
    for row in plan.indicators.filter(lineage__in=followed).order_by("pk"):
        _follow(row, followed[row.lineage], now)
    _record(plan, before, now)


def _follow(row: Indicator, given: Followed, now: datetime) -> None:
    row.period, row.path = given.settings.period, given.settings.path
    row.gather = given.settings.rules.get(ACTUAL, "")
    row.save(update_fields=["period", "path", "gather"])
    for symbol, rule in given.settings.rules.items():
        Input.objects.filter(indicator=row, symbol=symbol).update(gather=rule)
    InterimValue.objects.bulk_create(_values(row, given, now))


def _values(row: Indicator, given: Followed, now: datetime) -> Iterator[InterimValue]:
    for symbol, values in given.values.items():
        for period, value in enumerate(values, start=1):
            yield InterimValue(
                indicator=row, symbol=symbol, period=period, value=Decimal(value), recorded_at=now
            )


def _record(plan: Plan, before: str, now: datetime) -> None:
    history.record(
        plan=plan,
        action="import",
        kind="plan",
        obj_id=plan.pk,
        label=str(plan),
        before={"interim_note": before},
        after={"interim_note": plan.interim_note},
        by=None,
        reason=REASON,
        now=now,
    )
