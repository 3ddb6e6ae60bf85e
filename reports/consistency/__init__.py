"""The report's own consistency: does what its text says agree with what its data say?

Pure: a scored plan and its report in, findings out. Every rule is described in
docs/consistency.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from indicators.scorecards.scored import ScoredPlan
from reports.annual import AnnualReport
from reports.consistency.calculations import arithmetic
from reports.consistency.context import Context, Doubt, Finding, Placed, context_of
from reports.consistency.operands import operands
from reports.consistency.recorded import recorded
from reports.consistency.stated import stated
from reports.consistency.summed_up import summary
from reports.consistency.whole import figures, indicators, references, weights_sum

__all__ = ["Finding", "audit"]

Rule = Callable[[Context], Iterator[Doubt]]

# Where two rules see the same mistake, the earlier one reports it.
RULES: tuple[Rule, ...] = (
    weights_sum,
    references,
    arithmetic,
    stated,
    operands,
    recorded,
    summary,
    indicators,
    figures,
)


def audit(
    plan: ScoredPlan, report: AnnualReport, problems: Sequence[Placed] = ()
) -> tuple[Finding, ...]:
    """The findings on `report`, built from `plan`; errors first, each mistake once.

    `problems` are the references that building the report could not fill in.
    """
    context = context_of(plan, report, problems)
    doubts = _once(doubt for rule in RULES for doubt in rule(context))
    findings = [Finding(one.level, one.rule, one.place, one.sentence) for one in doubts]
    return tuple(sorted(findings, key=lambda finding: finding.level != "error"))


def _once(doubts: Iterator[Doubt]) -> Iterator[Doubt]:
    """Without the doubts about two numbers of a text that were in doubt before."""
    seen: set[tuple[str, frozenset[str]]] = set()
    for doubt in doubts:
        text = "／".join(doubt.place.split("／")[:3])
        numbers = frozenset(one.replace(",", "").removesuffix("%") for one in doubt.numbers)
        if numbers and (text, numbers) in seen:
            continue
        seen.add((text, numbers))
        yield doubt
