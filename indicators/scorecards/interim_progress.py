"""How one indicator stands within its year: as of the last period known, on its path, and ahead.

Pure: from an indicator's record, its interim values and the same indicator's earlier years.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from indicators.interim_queries import EarlierYear
from indicators.records import IndicatorRecord
from indicators.scorecards.interim_ahead import bounds_of, steps_of
from indicators.scoring.aggregation import score_indicator
from indicators.scoring.forecast import EarlierPair, Forecast, NoForecast, forecast
from indicators.scoring.interim import Interim, Values, is_behind, printed_path, score_at
from indicators.scoring.periods import (
    Period,
    begun_periods,
    elapsed_periods,
    period_label,
    same_period,
)
from indicators.scoring.trend import redefined
from indicators.scoring.types import (
    Indicator,
    IndicatorResult,
    LowerPolicy,
    Method,
    Sentence,
    gettext_noop,
)


@dataclass(frozen=True, slots=True)
class Progress:
    """`as_of` counts months or quarters from 1; None: nothing is known yet, `reason` says why.

    From `label` to `is_behind` all is as of that period. `actuals` are those of each period up to
    it. `open_periods`: over by today, and not entered. Of `forecast` and `no_forecast` one is
    there; `outlook` is whether the whole range meets the target, None where its ends differ.
    `earlier`: last year's result as of the same period.
    """

    period: Period
    periods: int
    begun: int
    elapsed: int
    open_periods: tuple[int, ...]
    as_of: int | None
    label: Sentence | None
    result: IndicatorResult | None
    reason: Sentence | None
    path: Decimal | None
    is_behind: bool | None
    actuals: Values
    forecast: Forecast | None
    no_forecast: Sentence | None
    outlook: bool | None
    earlier_year: int
    earlier: IndicatorResult | None


def progress(
    record: IndicatorRecord,
    interim: Interim | None,
    policy: LowerPolicy,
    today: date,
    earlier: Sequence[EarlierYear] = (),
) -> Progress | None:
    """None where the indicator is not followed within its year, or by nothing.

    A period counts once it is over, or once something was entered for it.
    """
    if interim is None or not has_something_to_follow(record.spec, interim):
        return None
    spec, kind = record.spec, interim.period
    begun = begun_periods(interim.year, kind, today)
    elapsed = elapsed_periods(interim.year, kind, today)
    results = tuple(result_at(spec, interim, n, policy, elapsed) for n in range(1, begun + 1))
    as_of = max((n for n, r in enumerate(results, 1) if r and r.actual is not None), default=None)
    result = results[as_of - 1] if as_of else None
    actuals = tuple(r.actual if r else None for r in results[: as_of or 0])
    pairs = tuple(_pairs(spec, interim, as_of, earlier))
    ahead = forecast(
        actuals,
        kind,
        spec.decimals,
        pairs,
        bounds_of(spec, interim, actuals, pairs),
        steps_of(spec, interim, actuals),
    )
    then = result_then(spec, interim, as_of, interim.year - 1, earlier)
    return Progress(
        period=kind,
        periods=interim.periods,
        begun=begun,
        elapsed=elapsed,
        open_periods=interim.open_periods(elapsed),
        as_of=as_of,
        label=period_label(kind, as_of) if as_of else None,
        result=result,
        reason=None if as_of else _reason(spec, interim, policy, elapsed),
        path=printed_path(spec, interim, as_of) if as_of else None,
        is_behind=_is_behind(spec, interim, result, as_of),
        actuals=actuals,
        forecast=ahead if isinstance(ahead, Forecast) else None,
        no_forecast=ahead.sentence if isinstance(ahead, NoForecast) else None,
        outlook=ahead.outlook(spec.target, spec.direction) if isinstance(ahead, Forecast) else None,
        earlier_year=interim.year - 1,
        earlier=then,
    )


def result_at(
    spec: Indicator, interim: Interim, period: int, policy: LowerPolicy, elapsed: int
) -> IndicatorResult | None:
    """As of a period that has something of its own; None: it has not, so it is not known."""
    is_staged = spec.method is Method.MILESTONES
    if not (period <= elapsed if is_staged else interim.has_value(period)):
        return None
    return score_at(spec, interim, period, policy)


def result_then(
    spec: Indicator,
    interim: Interim,
    period: int | None,
    year: int,
    earlier: Sequence[EarlierYear],
) -> IndicatorResult | None:
    """An earlier year's result as of the period that ends on the same day; like with like."""
    found = next((item for item in earlier if item.year == year), None)
    if found is None or period is None:
        return None
    return _then(spec, interim, period, found)


def has_something_to_follow(spec: Indicator, interim: Interim) -> bool:
    is_staged = spec.method is Method.MILESTONES and bool(spec.milestones)
    return bool(interim.periods) and (is_staged or bool(interim.gathered_symbols()))


def _then(
    spec: Indicator, interim: Interim, period: int, earlier: EarlierYear
) -> IndicatorResult | None:
    old, record = earlier.interim, earlier.record
    if old is None or redefined(record.spec, spec):
        return None
    then = same_period(period, interim.period, old.period)
    if then is None:
        return None
    result = result_at(record.spec, old, then, earlier.lower_policy, old.periods)
    return result if result and result.actual is not None else None


def _pairs(
    spec: Indicator, interim: Interim, period: int | None, earlier: Sequence[EarlierYear]
) -> Iterator[EarlierPair]:
    """The earlier years that know both the same period and their end."""
    for item in earlier if period else ():
        then = _then(spec, interim, period or 0, item)
        end = score_indicator(item.record.spec, item.lower_policy).actual
        if then and then.actual is not None and end is not None:
            yield EarlierPair(item.year, then.actual, end)


def _is_behind(
    spec: Indicator, interim: Interim, result: IndicatorResult | None, as_of: int | None
) -> bool | None:
    if result is None or result.actual is None or as_of is None:
        return None
    return is_behind(spec, interim, result.actual, as_of)


def _reason(
    spec: Indicator, interim: Interim, policy: LowerPolicy, elapsed: int
) -> Sentence | None:
    if not elapsed:
        return Sentence(NOT_YET[interim.period])
    return score_at(spec, interim, elapsed, policy).reason or Sentence(NOTHING_YET)


NOT_YET = {
    Period.MONTH: gettext_noop("第一個月還沒有結束。"),
    Period.QUARTER: gettext_noop("第一季還沒有結束。"),
}
NOTHING_YET = gettext_noop("各期都還沒有數值。")
