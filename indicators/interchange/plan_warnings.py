"""What is odd in a plan that was read without a fault. A draft may be unfinished."""

from __future__ import annotations

from collections.abc import Iterator

from indicators.interchange.json_tree import Fault
from indicators.scorecards.scored import ScoredIndicator, ScoredPlan
from indicators.scoring.aggregation import missing
from indicators.scoring.formula import is_scaled_by_100, parse
from indicators.scoring.rounding import plain
from indicators.scoring.types import Method, Sentence, gettext_noop


def warnings(plan: ScoredPlan) -> Iterator[Fault]:
    """Warnings with their place in the plan document."""
    total = plan.totals.weight
    if total != 100:
        template = gettext_noop("全部指標的權重合計是 %(sum)s，核定前應為 100。")
        yield Fault("$", Sentence(template, {"sum": plain(total)}))
    for p, perspective in enumerate(plan.perspectives):
        for g, goal in enumerate(perspective.goals):
            for i, item in enumerate(goal.indicators):
                place = f"$.perspectives[{p}].goals[{g}].indicators[{i}].formula"
                yield from (Fault(place, sentence) for sentence in _formula(item))


def _formula(item: ScoredIndicator) -> Iterator[Sentence]:
    spec, reason = item.spec, item.result.reason
    if spec.method != Method.FORMULA:
        return
    if spec.unit == "%" and is_scaled_by_100(parse(spec.formula)):
        yield Sentence(gettext_noop("單位是百分比的公式不必再乘以 100，否則結果會大 100 倍。"))
    if reason is not None and missing(spec) is None:
        yield reason
