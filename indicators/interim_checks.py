"""What is doubtful about the values of single months or quarters. No database.

The rules are those of the year's entry (`entry_checks`), asked of a period's own values and of
the figure as of its end; each only warns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from statistics import median_low

from indicators.entry_checks import (
    Checked,
    Finding,
    Level,
    above_the_whole,
    beaten_by_far,
    far_from_last_year,
    is_slip,
    quotient,
    times_100_in_formula,
)
from indicators.records import IndicatorRecord
from indicators.scoring.interim import Gather, Interim, Path, indicator_at, score_at
from indicators.scoring.periods import period_label
from indicators.scoring.rounding import grouped
from indicators.scoring.types import (
    Direction,
    Indicator,
    IndicatorResult,
    Input,
    LowerPolicy,
    Method,
    Sentence,
    Status,
    gettext_noop,
)
from indicators.scoring.year_values import differing, exceeding

APART = 10  # times the largest other value, or a part of the smallest: it stands alone
OTHERS = 3  # other periods with a value, before one is compared with them
NOT_ASKED = IndicatorResult(Status.NOT_REPORTED, Fraction(0))


@dataclass(frozen=True, slots=True)
class PeriodFinding:
    """`symbol`: whose value of the period it is about; None: the figure as of the period's end.

    `is_of_year`: it still holds at the year's end, where the year's own checks say it.
    """

    period: int
    symbol: str | None
    sentence: Sentence
    is_of_year: bool = False


def check_periods(
    record: IndicatorRecord, interim: Interim | None, policy: LowerPolicy
) -> list[PeriodFinding]:
    """In the order of the periods. What holds for several periods is said where it begins."""
    if interim is None or record.spec.method is Method.MILESTONES:
        return []
    own = [*_parts_above(record, interim), *_slips(record.spec, interim)]
    said = {(finding.period, finding.symbol) for finding in own}
    as_of = (f for f in _as_of(record, interim, policy) if (f.period, f.symbol) not in said)
    found = [*own, *as_of, *_against_the_year(record.spec, interim)]
    return sorted(found, key=lambda finding: finding.period)


def doubts_of_periods(
    record: IndicatorRecord, interim: Interim | None, policy: LowerPolicy
) -> list[Finding]:
    """As findings of the entry, beside the input or the actual that the values come to.

    Without what the year's checks say, and without figures on the way: the year's settles those.
    """
    return [
        Finding(
            Level.WARNING,
            f"input:{finding.symbol}" if finding.symbol else "actual",
            finding.sentence,
        )
        for finding in check_periods(record, interim, policy)
        if finding.symbol is not None and not finding.is_of_year
    ]


# A period's own values ----------------------------------------------------------------------------


def _parts_above(record: IndicatorRecord, interim: Interim) -> Iterator[PeriodFinding]:
    """A part larger than its whole within one period, where both are values of that period.

    What is added up may follow in a period that has nothing new: who was trained in March passes
    in April.
    """
    pair = quotient(record.spec)
    if pair is None or not _is_same_kind(*(interim.rules.get(i.symbol) for i in pair)):
        return
    whole = pair[1].symbol
    for period in range(1, interim.periods + 1):
        if interim.rules[whole] is Gather.SUM and interim.value(whole, period) == 0:
            continue
        inputs = tuple(_own(given, interim, period) for given in record.spec.inputs)
        entry = _checked(record, replace(record.spec, inputs=inputs))
        for finding in above_the_whole(entry):
            sentence = _in(IN_PERIOD, interim, period, finding.sentence)
            yield PeriodFinding(period, pair[0].symbol, sentence)


def _is_same_kind(one: Gather | None, other: Gather | None) -> bool:
    """What is added up is not to be compared with what stands for itself."""
    return bool(one and other) and (one is Gather.SUM) == (other is Gather.SUM)


def _own(given: Input, interim: Interim, period: int) -> Input:
    if not interim.rules.get(given.symbol):
        return given
    return replace(given, value=interim.value(given.symbol, period))


def _slips(spec: Indicator, interim: Interim) -> Iterator[PeriodFinding]:
    """Two digits too many or too few, against the middle one of the other periods' values.

    Only one that stands alone: a season has more than one high month, and what grows from little
    passes through what lies between.
    """
    names: dict[str, object] = {given.symbol: given.label or given.symbol for given in spec.inputs}
    for symbol in interim.gathered_symbols():
        values = interim.up_to(symbol, interim.periods)
        for period, value in enumerate(values, start=1):
            others = [v for n, v in enumerate(values, 1) if n != period and v is not None]
            template = _slip(value, others)
            if template and value is not None:
                name = names.get(symbol, Sentence(EACH))
                params = {"name": name, "value": grouped(value)}
                params["median"] = grouped(median_low(others))
                sentence = _in(IN_PERIOD, interim, period, Sentence(template, params))
                yield PeriodFinding(period, symbol, sentence)


def _slip(value: Decimal | None, others: Sequence[Decimal]) -> str:
    if not value or len(others) < OTHERS or not (middle := median_low(others)):
        return ""
    size, sizes = abs(value), [abs(other) for other in others]
    if is_slip(value, middle) and size >= APART * max(sizes):
        return TOO_LARGE
    return TOO_SMALL if is_slip(middle, value) and APART * size <= min(sizes) else ""


EACH = gettext_noop("每期數值")
TOO_LARGE = gettext_noop(
    "「%(name)s」%(value)s 約是其他各期中位數 %(median)s 的 100 倍，請核對是否多填兩位數。"
)
TOO_SMALL = gettext_noop(
    "「%(name)s」%(value)s 約是其他各期中位數 %(median)s 的百分之一，請核對是否少填兩位數。"
)

# The figure as of a period's end ------------------------------------------------------------------


def _as_of(
    record: IndicatorRecord, interim: Interim, policy: LowerPolicy
) -> Iterator[PeriodFinding]:
    found = _each(record, interim, policy)
    last = interim.periods
    before: dict[str, PeriodFinding] = {}
    for period in sorted(found):
        for rule, finding in found[period].items():
            if rule not in before:
                lasts = all(rule in found[n] for n in found if n >= period) and last in found
                yield replace(finding, is_of_year=lasts)
        before = found[period]


def _each(
    record: IndicatorRecord, interim: Interim, policy: LowerPolicy
) -> dict[int, dict[str, PeriodFinding]]:
    """By period of which the figure is known, and by the rule that doubts it."""
    found: dict[int, dict[str, PeriodFinding]] = {}
    for period in filter(interim.has_value, range(1, interim.periods + 1)):
        result = score_at(record.spec, interim, period, policy)
        if result.actual is not None:
            entry = _checked(record, indicator_at(record.spec, interim, period), result)
            found[period] = {
                rule: PeriodFinding(period, symbol, _in(AS_OF, interim, period, sentence))
                for rule, symbol, sentence in _doubts(entry, interim)
            }
    return found


def _doubts(entry: Checked, interim: Interim) -> Iterator[tuple[str, str | None, Sentence]]:
    """What of the year's checks can be asked before the year's end.

    How far a figure is from last year's says something of rates only, as what accumulates starts
    from nothing; and a limit is kept by far in every January.
    """
    if pair := quotient(entry.record.spec):
        symbol = _asked_of(pair, interim)
        for finding in above_the_whole(entry) if symbol else ():
            yield "whole", symbol, finding.sentence
    if entry.record.spec.direction is Direction.HIGHER:
        yield from (("beaten", None, finding.sentence) for finding in beaten_by_far(entry))
    if interim.path is Path.LEVEL:
        yield from (("far", None, finding.sentence) for finding in far_from_last_year(entry))
    yield from (("formula", None, finding.sentence) for finding in times_100_in_formula(entry))


def _asked_of(pair: tuple[Input, Input], interim: Interim) -> str | None:
    """Of part and whole, the one that is asked per period.

    None also where only the whole is, and still adds up: it is not complete.
    """
    part, whole = (given.symbol for given in pair)
    if interim.rules.get(part):
        return part
    return whole if interim.rules.get(whole) not in (None, Gather.CONSTANT, Gather.SUM) else None


# Against the year's value -------------------------------------------------------------------------


def _against_the_year(spec: Indicator, interim: Interim) -> Iterator[PeriodFinding]:
    for symbol, period, sentence in exceeding(spec, interim):
        yield PeriodFinding(period, symbol, sentence)
    for symbol, sentence in differing(spec, interim):
        yield PeriodFinding(interim.periods, symbol, sentence, is_of_year=True)


# Words --------------------------------------------------------------------------------------------


def _checked(
    record: IndicatorRecord, spec: Indicator, result: IndicatorResult | None = None
) -> Checked:
    return Checked(replace(record, spec=spec), result or NOT_ASKED, ())


def _in(template: str, interim: Interim, period: int, said: Sentence) -> Sentence:
    return Sentence(template, {"period": period_label(interim.period, period), "said": said})


IN_PERIOD = gettext_noop("%(period)s：%(said)s")
AS_OF = gettext_noop("到%(period)s底：%(said)s")
