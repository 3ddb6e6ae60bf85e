"""Interim values that a plan's replacement leaves as they were, with who entered them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from indicators import models
from indicators.interim_documents import places, twins
from indicators.records import PlanRecord


def interim_facts(record: PlanRecord) -> dict[str, object]:
    """What the history keeps of the interim values; nothing where there are none."""
    count = sum(len(item.followed().values) for item in record.indicators())
    facts = {"interim_note": record.interim_note, "interim_values": count}
    return {name: value for name, value in facts.items() if value}


def recorded_values(plan: models.Plan) -> list[models.InterimValue]:
    return list(models.InterimValue.objects.filter(indicator__plan=plan).order_by("pk"))


def matching(old: PlanRecord, new: PlanRecord, rows: Sequence[models.Indicator]) -> dict[int, int]:
    """Which indicator became which, where it is followed by the same periods."""
    was, now = places(old), places(new)
    fresh = dict(zip(now, (row.pk for row in rows), strict=True))
    return {
        was[one].pk or 0: fresh[other]
        for one, other in twins(old, new).items()
        if was[one].followed().period is now[other].followed().period
    }


def keep_recorders(values: Iterable[models.InterimValue], keys: Mapping[int, int]) -> None:
    """Who entered what stays as it was, and when."""
    stored = models.InterimValue.objects.filter(indicator__in=keys.values())
    fresh = {(row.indicator_id, row.symbol, row.period): row for row in stored}
    same = []
    for was in values:
        row = fresh.get((keys.get(was.indicator_id, 0), was.symbol, was.period))
        if row is not None and str(row.value) == str(was.value):
            row.recorded_at, row.recorded_by_id = was.recorded_at, was.recorded_by_id
            same.append(row)
    models.InterimValue.objects.bulk_update(same, ["recorded_at", "recorded_by"])
