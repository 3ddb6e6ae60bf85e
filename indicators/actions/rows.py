"""The rows of one indicator's entry: only those that changed are written."""

from __future__ import annotations

from datetime import datetime

from indicators import models
from indicators.entries import Entry, Rows


def store(
    row: models.Indicator, entry: Entry, changed: set[str], *, by: models.User, now: datetime
) -> None:
    """Write the named fields of `entry`; the caller holds the plan's lock."""
    _store_inputs(row, entry, {name[6:] for name in changed if name.startswith("input:")})
    _store_stages(row, entry, {int(name[6:]) for name in changed if name.startswith("stage:")})
    _store_review(row, entry, any(name.startswith("review:") for name in changed))
    measurement = models.Measurement.objects.filter(indicator=row)
    values = {"actual": entry.actual, "analysis": entry.analysis}
    if not measurement.update(**values, recorded_at=now, recorded_by=by):
        measurement.create(indicator=row, **values, recorded_at=now, recorded_by=by)


def _store_inputs(row: models.Indicator, entry: Entry, symbols: set[str]) -> None:
    for symbol in sorted(symbols):
        given, value = (
            models.Input.objects.filter(indicator=row, symbol=symbol),
            entry.inputs[symbol],
        )
        if isinstance(value, tuple):
            _store_list(given.get(), value)
        else:
            given.update(value=value)


def _store_list(given: models.Input, rows: Rows) -> None:
    models.InputRow.objects.filter(input=given).delete()
    models.InputRow.objects.bulk_create(
        models.InputRow(input=given, position=position, label=row.label, value=row.value)
        for position, row in enumerate(rows)
    )


def _store_stages(row: models.Indicator, entry: Entry, numbers: set[int]) -> None:
    if not numbers:
        return
    stages = list(models.Milestone.objects.filter(indicator=row).order_by("position"))
    for number in numbers:
        stage, new = stages[number - 1], entry.stages[number - 1]
        stage.done, stage.done_on = new.done, new.done_on
    models.Milestone.objects.bulk_update(stages, ["done", "done_on"])


def _store_review(row: models.Indicator, entry: Entry, is_changed: bool) -> None:
    if not is_changed:
        return
    review = entry.review
    if not (review.cause or review.action or review.responsible or review.due):
        models.MissedTargetReview.objects.filter(indicator=row).delete()
        return
    models.MissedTargetReview.objects.update_or_create(
        indicator=row,
        defaults={
            "cause": review.cause,
            "action": review.action,
            "responsible": review.responsible,
            "due": review.due,
        },
    )
