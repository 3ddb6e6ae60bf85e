"""Last year's target and actual of an indicator: the one rule for every page. Pure.

What this year's plan states is what its report prints, so it comes first; what it does not state
comes from last year's own plan, once it is approved there. Where the two differ, a sentence says
so, approved or not. A year that was measured in another way is neither taken nor compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from indicators.records import IndicatorRecord, YearBefore
from indicators.scoring.aggregation import score_indicator
from indicators.scoring.rounding import grouped
from indicators.scoring.trend import redefined
from indicators.scoring.types import LowerPolicy, Sentence, gettext_noop

TARGET_DIFFERS = {
    True: gettext_noop("本年計畫引用去年目標 %(stated)s，去年計畫為 %(known)s。"),
    False: gettext_noop("本年計畫引用去年目標 %(stated)s，去年計畫為 %(known)s（尚未核定）。"),
}
ACTUAL_DIFFERS = {
    True: gettext_noop("本年計畫引用去年實際 %(stated)s，去年計畫為 %(known)s。"),
    False: gettext_noop("本年計畫引用去年實際 %(stated)s，去年計畫為 %(known)s（尚未核定）。"),
}


@dataclass(frozen=True, slots=True)
class LastYear:
    """None where neither plan knows; `…_differs` None where the two plans agree."""

    target: Decimal | None
    actual: Decimal | None
    target_differs: Sentence | None
    actual_differs: Sentence | None

    @property
    def differs(self) -> tuple[Sentence, ...]:
        return tuple(said for said in (self.target_differs, self.actual_differs) if said)


def last_year_of(record: IndicatorRecord) -> LastYear:
    before = record.before
    if before is None or redefined(before.spec, record.spec):
        return LastYear(record.previous_target, record.previous_actual, None, None)
    target, actual, is_approved = before.spec.target, before.actual, before.is_approved
    return LastYear(
        target=_first(record.previous_target, target if is_approved else None),
        actual=_first(record.previous_actual, actual if is_approved else None),
        target_differs=_differs(TARGET_DIFFERS[is_approved], record.previous_target, target),
        actual_differs=_differs(ACTUAL_DIFFERS[is_approved], record.previous_actual, actual),
    )


def year_before(record: IndicatorRecord, policy: LowerPolicy) -> YearBefore:
    """The record of the year before, with its result."""
    actual = score_indicator(record.spec, policy).actual
    return YearBefore(record.spec, actual, record.is_approved)


def _first(stated: Decimal | None, known: Decimal | None) -> Decimal | None:
    return known if stated is None else stated


def _differs(template: str, stated: Decimal | None, known: Decimal | None) -> Sentence | None:
    if stated is None or known is None or stated == known:
        return None
    return Sentence(template, {"stated": grouped(stated), "known": grouped(known)})
