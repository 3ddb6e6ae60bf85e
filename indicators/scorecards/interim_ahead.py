"""What is known of an indicator's year beyond its figures so far, for its forecast. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise

from indicators.entry_checks import quotient
from indicators.records import IndicatorRecord
from indicators.scoring.forecast import NO_BOUNDS, Bounds, EarlierPair, Steps
from indicators.scoring.interim import ACTUAL, Gather, Interim, Values
from indicators.scoring.rounding import difference
from indicators.scoring.types import Indicator, Method

ALL = Decimal(100)  # percent


def steps_of(spec: Indicator, interim: Interim, actuals: Values) -> Steps | None:
    """What each period added to a sum or an average; None: it is neither."""
    if spec.method is Method.DIRECT:
        rule = interim.rules.get(ACTUAL, Gather.CONSTANT)
        values = interim.up_to(ACTUAL, len(actuals))
        given = tuple(value for value in values if value is not None)
        return None if rule in (Gather.CONSTANT, Gather.LAST) else Steps(given, rule != Gather.SUM)
    if not _is_share_that_adds_up(spec, interim):
        return None
    known = [Decimal(0), *(actual for actual in actuals if actual is not None)]
    return Steps(tuple(difference(b, a) for a, b in pairwise(known)))


def bounds_of(
    record: IndicatorRecord, interim: Interim, actuals: Values, earlier: Iterable[EarlierPair]
) -> Bounds:
    """Beyond what the year certainly does not end.

    Stages that are done stay done, and the last is the most there is. A sum of what is never
    below zero only grows. A part is between nothing and its whole, unless a figure or the target
    shows that it is no part: this year's of last year's, say.
    """
    spec = record.spec
    now = next((actual for actual in reversed(actuals) if actual is not None), None)
    if now is None:
        return NO_BOUNDS
    if spec.method is Method.MILESTONES:
        return Bounds(now, max(stage.percent for stage in spec.milestones))
    symbols = tuple(interim.rules)
    is_positive = all(v is None or v >= 0 for s in symbols for v in interim.values.get(s, ()))
    if not is_positive:
        return NO_BOUNDS
    low = now if _adds_up(spec, interim) else None
    ends = (end for pair in earlier for end in (pair.then, pair.end))
    if _is_part(record, (*actuals, *ends)):
        return Bounds(Decimal(0) if low is None else low, ALL)
    return Bounds(low)


def _adds_up(spec: Indicator, interim: Interim) -> bool:
    is_sum = spec.method is Method.DIRECT and interim.rules.get(ACTUAL) is Gather.SUM
    return is_sum or _is_share_that_adds_up(spec, interim)


def _is_share_that_adds_up(spec: Indicator, interim: Interim) -> bool:
    """A sum in a whole that is the same all year, such as what is spent of a budget."""
    pair = quotient(spec)
    if pair is None:
        return False
    part, whole = (interim.rules.get(given.symbol) or Gather.CONSTANT for given in pair)
    value = pair[1].value
    is_whole = whole is Gather.CONSTANT and pair[1].rows is None
    return part is Gather.SUM and is_whole and value is not None and value > 0


def _is_part(record: IndicatorRecord, figures: Sequence[Decimal | None]) -> bool:
    pair = quotient(record.spec)
    known = (record.spec.target, record.previous_actual, *figures)
    return pair is not None and all(v is None or 0 <= v <= ALL for v in known)
