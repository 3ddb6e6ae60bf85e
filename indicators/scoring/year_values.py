"""The year's value that interim values come to, and where what is stored is another.

Rules and examples: README.md, "Interim values".
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from indicators.scoring.interim import ACTUAL, Gather, Interim, gathered
from indicators.scoring.periods import Period
from indicators.scoring.rounding import exact_sum, grouped
from indicators.scoring.types import Indicator, Sentence, gettext_noop


def year_value(interim: Interim, symbol: str, decimals: int) -> Decimal | None:
    """What a symbol's values come to once the year's are in; None until then, or if never.

    In are they with the last period's, for a sum or an average with every period's.
    """
    rule = interim.rules.get(symbol, Gather.CONSTANT)
    if not (rule and interim.periods) or interim.value(symbol, interim.periods) is None:
        return None
    result = gathered(rule, interim.up_to(symbol, interim.periods), interim.period, decimals)
    return result if isinstance(result, Decimal) else None


def exceeding(spec: Indicator, interim: Interim) -> Iterator[tuple[str, int, Sentence]]:
    """Each sum that is above its value for the year before all periods are in.

    With the last period that has a value. A gap hides nothing here, as what is missing only adds.
    Where something below zero was entered, another period could take away again: nothing is said.
    """
    stored = {given.symbol: given.value for given in spec.inputs} | {ACTUAL: spec.actual}
    for symbol in interim.gathered_symbols():
        value = stored.get(symbol)
        values = interim.up_to(symbol, interim.periods)
        given = [(n, entered) for n, entered in enumerate(values, 1) if entered is not None]
        is_sum = interim.rules[symbol] is Gather.SUM and 0 < len(given) < len(values)
        if value is None or not is_sum or any(entered < 0 for _, entered in given):
            continue
        total = exact_sum(entered for _, entered in given)
        if total > value:
            params = {"value": grouped(value), "total": grouped(total)}
            yield symbol, given[-1][0], Sentence(EXCEEDS[interim.period], params)


EXCEEDS = {
    Period.MONTH: gettext_noop(
        "已填各月合計 %(total)s，大於已填的全年值 %(value)s，請核對各月或全年值。"
    ),
    Period.QUARTER: gettext_noop(
        "已填各季合計 %(total)s，大於已填的全年值 %(value)s，請核對各季或全年值。"
    ),
}


def differing(spec: Indicator, interim: Interim) -> Iterator[tuple[str, Sentence]]:
    """Each symbol whose value for the year is not what its values come to, with a sentence."""
    stored = {given.symbol: given.value for given in spec.inputs} | {ACTUAL: spec.actual}
    for symbol in interim.gathered_symbols():
        value, come = stored.get(symbol), year_value(interim, symbol, spec.decimals)
        if value is not None and come is not None and value != come:
            template = DIFFERS[interim.rules[symbol], interim.period]
            yield symbol, Sentence(template, {"value": grouped(value), "come": grouped(come)})


DIFFERS = {
    (Gather.SUM, Period.MONTH): gettext_noop(
        "全年值 %(value)s 與各月合計 %(come)s 不符，請核對或說明。"
    ),
    (Gather.SUM, Period.QUARTER): gettext_noop(
        "全年值 %(value)s 與各季合計 %(come)s 不符，請核對或說明。"
    ),
    (Gather.LAST, Period.MONTH): gettext_noop(
        "全年值 %(value)s 與 12 月的數值 %(come)s 不符，請核對或說明。"
    ),
    (Gather.LAST, Period.QUARTER): gettext_noop(
        "全年值 %(value)s 與第 4 季的數值 %(come)s 不符，請核對或說明。"
    ),
    (Gather.AVERAGE, Period.MONTH): gettext_noop(
        "全年值 %(value)s 與各月平均 %(come)s 不符，請核對或說明。"
    ),
    (Gather.AVERAGE, Period.QUARTER): gettext_noop(
        "全年值 %(value)s 與各季平均 %(come)s 不符，請核對或說明。"
    ),
    (Gather.AVERAGE_GIVEN, Period.MONTH): gettext_noop(
        "全年值 %(value)s 與有數值各月的平均 %(come)s 不符，請核對或說明。"
    ),
    (Gather.AVERAGE_GIVEN, Period.QUARTER): gettext_noop(
        "全年值 %(value)s 與有數值各季的平均 %(come)s 不符，請核對或說明。"
    ),
}
