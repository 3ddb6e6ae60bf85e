"""What is odd in a plan that was read without a fault. A draft may be unfinished."""

from __future__ import annotations

from collections.abc import Iterator

from indicators.interchange.json_tree import Fault
from indicators.records import PlanRecord
from indicators.scoring.aggregation import missing, score_indicator
from indicators.scoring.formula import is_scaled_by_100, parse
from indicators.scoring.rounding import exact_sum, plain
from indicators.scoring.types import Method, Sentence, gettext_noop


def warnings(record: PlanRecord) -> Iterator[Fault]:
    """Warnings with their place in the plan document."""
    total = exact_sum(item.spec.weight for item in record.indicators())
    if total != 100:
        yield Fault(
            "$",
            Sentence(
                gettext_noop("全部指標的權重合計是 %(sum)s，核定前應為 100。"),
                {"sum": plain(total)},
            ),
        )
    for p, perspective in enumerate(record.perspectives):
        for g, goal in enumerate(perspective.goals):
            for i, item in enumerate(goal.indicators):
                place = f"$.perspectives[{p}].goals[{g}].indicators[{i}]"
                yield from _indicator(place, item.spec, record)


def _indicator(place, spec, record: PlanRecord) -> Iterator[Fault]:
    if spec.method != Method.FORMULA:
        return
    if spec.unit == "%" and is_scaled_by_100(parse(spec.formula)):
        yield Fault(
            f"{place}.formula",
            Sentence(gettext_noop("單位是百分比的公式不必再乘以 100，否則結果會大 100 倍。")),
        )
    if missing(spec) is None:
        reason = score_indicator(spec, record.policy.lower_policy).reason
        if reason is not None:
            yield Fault(f"{place}.formula", reason)
