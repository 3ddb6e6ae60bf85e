"""Interim values: stored cell by cell, with the year's value that they come to; and settings."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators import permissions
from indicators.actions.entries import locked, record_change, store_entry
from indicators.actions.refusals import Missing, Refused
from indicators.entries import Entry, entry_of
from indicators.figures import Clash, number_of, number_text
from indicators.history import changes
from indicators.interim_queries import has_values, load_interim, load_settings, period_of
from indicators.interims import InterimEdit, InterimSettings, field_of
from indicators.locking import retry
from indicators.models import Indicator, Input, InterimValue
from indicators.permissions import Actor, NotAllowed, Post, Subject
from indicators.queries import load_indicator
from indicators.scoring.interim import ACTUAL, Gather, Interim
from indicators.scoring.periods import Period, begun_periods
from indicators.scoring.year_values import year_value

Cells = Mapping[tuple[str, int], InterimValue]


class InterimClash(Exception):
    """Somebody else changed cells since; nothing was saved."""

    def __init__(self, clashes: tuple[Clash, ...]) -> None:
        super().__init__("Interim values were changed by somebody else.")
        self.clashes = clashes


@retry
@transaction.atomic
def record_interim(
    *, indicator_id: int, edits: Collection[InterimEdit], actor: Actor, now: datetime
) -> int:
    """Store the values, all or none; how many changed.

    Where the year's values are in, the year's value follows in the same transaction. Raises
    `NotAllowed`, and `InterimClash` with what is stored now where it is neither what the person
    started from nor what they want.
    """
    row = locked(indicator_id)
    post = permissions.check("record", actor, Subject.of(row.plan, row))
    before = _interim(row)
    edits = [edit for edit in edits if _stored(before, edit) != edit.now]
    for edit in edits:
        _check_cell(before, edit, now)
    cells = _cells(row)
    if clashes := tuple(_clash(edit, cells) for edit in edits if _stored(before, edit) != edit.was):
        raise InterimClash(clashes)
    if edits:
        _store(row, edits, cells, actor, now)
        _record(row, before, edits, actor=actor, post=post, now=now)
        follow(row, before, _interim(row), actor=actor, post=post, now=now)
    return len(edits)


@retry
@transaction.atomic
def set_interim(
    *, indicator_id: int, wanted: InterimSettings, actor: Actor, now: datetime, reason: str = ""
) -> bool:
    """How the indicator is followed from now on; whether that is another way than before.

    Raises `NotAllowed`, `Refused` where there are values (those of months are none of quarters),
    and `Missing` for rules that are not those of the indicator's inputs.
    """
    row = locked(indicator_id)
    post = permissions.check("interim", actor, Subject.of(row.plan, row))
    now_set, before = load_settings(row), _interim(row)
    if wanted.rules.keys() != now_set.rules.keys():
        raise Missing
    old, new = changes(now_set.flat(), wanted.flat())
    if not new:
        return False
    if "period" in new and has_values(row):
        raise Refused(_("已有期中數值，不能更改期別；請承辦人先清空各期數值。"), "period")
    if has_values(row, _dropped(now_set, wanted)):
        raise Refused(
            _("已有期中數值的項目不能改為全年一個數值；請承辦人先清空它的各期數值。"), "period"
        )
    _set(row, wanted)
    record_change(
        row, "interim_set", old, new, actor=actor, acting_for=post.of, now=now, reason=reason
    )
    follow(row, before, _interim(row), actor=actor, post=post, now=now)
    return True


def _dropped(old: InterimSettings, new: InterimSettings) -> list[str]:
    """What would not be asked per period any more."""
    return [symbol for symbol, rule in old.rules.items() if rule and not new.rules[symbol]]


def follow(
    row: Indicator,
    before: Interim,
    after: Interim,
    *,
    actor: Actor,
    post: Post,
    now: datetime,
) -> None:
    """The year's values that changed interim values come to, as a save of the entry.

    A year's value that is no longer known goes. One that somebody typed, which is not what the
    values came to, stays as it is: the entry's checks say that the two differ.
    """
    record = load_indicator(row)
    entry = entry_of(record)
    for symbol in after.gathered_symbols():
        new = year_value(after, symbol, row.decimals)
        old, stored = year_value(before, symbol, row.decimals), _year(entry, symbol)
        is_touched = _of(before, symbol) != _of(after, symbol)
        if is_touched and stored in (None, old) and stored != new:
            entry = _with_year(entry, symbol, new)
    store_entry(row, record, entry, actor=actor, post=post, now=now)


# Cells --------------------------------------------------------------------------------------------


def _interim(row: Indicator) -> Interim:
    return load_interim(row) or Interim(row.plan.year, Period.NONE)


def _stored(interim: Interim, edit: InterimEdit) -> str:
    return number_text(interim.value(edit.symbol, edit.period))


def _check_cell(interim: Interim, edit: InterimEdit, now: datetime) -> None:
    is_asked = edit.symbol in interim.gathered_symbols()
    if not is_asked or not 1 <= edit.period <= interim.periods:
        raise NotAllowed(_("這項指標的期中設定已經變更，沒有儲存。請重新開啟這一頁再填。"))
    if edit.period > begun_periods(interim.year, interim.period, timezone.localdate(now)):
        raise NotAllowed(_("還沒有開始的月份或季別不能填數值。"))


def _cells(row: Indicator) -> Cells:
    stored = InterimValue.objects.filter(indicator=row).select_related("recorded_by")
    return {(cell.symbol, cell.period): cell for cell in stored.order_by("pk")}


def _clash(edit: InterimEdit, cells: Cells) -> Clash:
    cell = cells.get((edit.symbol, edit.period))
    if cell is None:
        return Clash(edit.cell, "")
    return Clash(edit.cell, number_text(cell.value), str(cell.recorded_by or ""), cell.recorded_at)


def _store(
    row: Indicator, edits: Collection[InterimEdit], cells: Cells, actor: Actor, now: datetime
) -> None:
    for edit in edits:
        cell = cells.get((edit.symbol, edit.period))
        cell = cell or InterimValue(indicator=row, symbol=edit.symbol, period=edit.period)
        cell.value = number_of(edit.now)
        cell.recorded_at, cell.recorded_by = now, actor.user
        cell.save()


def _record(
    row: Indicator,
    before: Interim,
    edits: Collection[InterimEdit],
    *,
    actor: Actor,
    post: Post,
    now: datetime,
) -> None:
    names = {edit.cell: field_of(before, edit.symbol, edit.period) for edit in edits}
    old = {names[edit.cell]: before.value(edit.symbol, edit.period) for edit in edits}
    new = {names[edit.cell]: number_of(edit.now) for edit in edits}
    record_change(row, "interim", old, new, actor=actor, acting_for=post.of, now=now)


def _of(interim: Interim, symbol: str) -> tuple[object, ...]:
    """Everything that a symbol's year value depends on."""
    rule = interim.rules.get(symbol, Gather.CONSTANT)
    return interim.period, rule, interim.up_to(symbol, interim.periods)


def _year(entry: Entry, symbol: str) -> object:
    return entry.actual if symbol == ACTUAL else entry.inputs[symbol]


def _with_year(entry: Entry, symbol: str, value: Decimal | None) -> Entry:
    if symbol == ACTUAL:
        return replace(entry, actual=value)
    return replace(entry, inputs={**entry.inputs, symbol: value})


# Settings -----------------------------------------------------------------------------------------


def _set(row: Indicator, wanted: InterimSettings) -> None:
    row.period, row.path = wanted.period, wanted.path
    row.gather = wanted.rules.get(ACTUAL, Gather.CONSTANT)
    row.save(update_fields=["period", "path", "gather"])
    for symbol, rule in wanted.rules.items():
        Input.objects.filter(indicator=row, symbol=symbol, is_list=False).update(gather=rule)
    InterimValue.objects.filter(
        indicator=row, value=None, period__gt=period_of(row).in_year
    ).delete()
