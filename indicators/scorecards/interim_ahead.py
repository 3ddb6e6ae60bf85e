"""What is known of an indicator's year beyond its figures so far, for its forecast. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise

from indicators.entry_checks import quotient, terms
from indicators.scoring.forecast import NO_BOUNDS, Bounds, EarlierPair, Steps
from indicators.scoring.interim import ACTUAL, Gather, Interim, Values
from indicators.scoring.rounding import difference
from indicators.scoring.types import Indicator, Method


def steps_of(spec: Indicator, interim: Interim, actuals: Values) -> Steps | None:
    """What each period added to a sum or an average; None: it is neither."""
    if spec.method is Method.DIRECT:
        rule = interim.rules.get(ACTUAL, Gather.CONSTANT)
        values = interim.up_to(ACTUAL, len(actuals))
        given = tuple(value for value in values if value is not None)
        return None if rule in (Gather.CONSTANT, Gather.LAST) else Steps(given, rule != Gather.SUM)
    if not _adds_up(spec, interim):
        return None
    known = [Decimal(0), *(actual for actual in actuals if actual is not None)]
    return Steps(tuple(difference(b, a) for a, b in pairwise(known)))


def bounds_of(
    spec: Indicator, interim: Interim, actuals: Values, earlier: Iterable[EarlierPair]
) -> Bounds:
    """Beyond what the year does not end.

    Stages that are done stay done, and the last is the most there is. Where nothing is below zero,
    a sum only grows and a quotient is not below zero. A quotient has no upper end: nothing tells
    a part of its whole from this year's number by last year's.
    """
    now = next((actual for actual in reversed(actuals) if actual is not None), None)
    if now is None:
        return NO_BOUNDS
    if spec.method is Method.MILESTONES:
        return Bounds(now, max(stage.percent for stage in spec.milestones))
    symbols = tuple(interim.rules)
    given = (value for symbol in symbols for value in interim.values.get(symbol, ()))
    ends = (end for pair in earlier for end in (pair.then, pair.end))
    if any(value is not None and value < 0 for value in (*given, *actuals, *ends)):
        return NO_BOUNDS
    if _adds_up(spec, interim):
        return Bounds(now, is_presumed=True)
    return Bounds(Decimal(0), is_presumed=True) if quotient(spec) else NO_BOUNDS


def _adds_up(spec: Indicator, interim: Interim) -> bool:
    symbols = (ACTUAL,) if spec.method is Method.DIRECT else terms(spec)
    is_sum = bool(symbols) and all(interim.rules.get(name) is Gather.SUM for name in symbols)
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
