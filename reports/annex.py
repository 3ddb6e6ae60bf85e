"""The annex: the rules that were used, and each score recomputable from its own block."""

from __future__ import annotations

from collections.abc import Iterator

from indicators.scorecards.scored import ScoredIndicator, ScoredPlan
from indicators.scorecards.steps import (
    achievement_step,
    as_written,
    input_total,
    score_step,
    target_text,
)
from indicators.scoring.rounding import grouped
from indicators.scoring.types import Direction, Input, LowerPolicy, Method
from reports.annual import AnnexRow, InputLine

LOWER_RULES = {
    LowerPolicy.LINEAR: "愈低愈好的指標（目標前有≤）：實際不超過目標時，達成度為100%；超過時，"
    "達成度=1-(實際-目標)÷目標。",
    LowerPolicy.RATIO: "愈低愈好的指標（目標前有≤）：實際不超過目標時，達成度為100%；超過時，"
    "達成度=目標÷實際。",
}
DONE_WORDS = {True: "已完成", False: "未完成", None: "未填報"}


def scoring_rules(plan: ScoredPlan) -> Iterator[str]:
    """One sentence for each rule that this plan uses."""
    specs = [item.spec for item in plan.indicators()]
    directions = {spec.direction for spec in specs}
    methods = {spec.method for spec in specs}
    yield (
        "達成目標值四捨五入至各指標訂定的小數位數（逢五進位，負數亦然），"
        "以下都用這個印出的數字計算。"
    )
    if any(spec.unit == "%" and spec.method == Method.FORMULA for spec in specs):
        yield "單位為百分比的指標，公式的結果以百分比表示；公式中100%等於1。"
    if Method.MILESTONES in methods:
        yield (
            "完成工作項目的指標，達成目標值是依序完成的最後一個工作項目的累計百分比；"
            "前面有未完成的項目時，後面的不計。"
        )
    if Direction.HIGHER in directions:
        yield "愈高愈好的指標：達成度=實際÷目標。"
    if Direction.LOWER in directions:
        yield LOWER_RULES[plan.lower_policy]
    if Direction.EQUAL in directions:
        yield "須等於目標的指標：相等時達成度為100%，否則達成度=1-|實際-目標|÷|目標|。"
    if any(spec.target == 0 for spec in specs):
        yield "目標為0的指標：符合目標時達成度為100%，不符合時為0%。"
    yield "達成度以0%至100%為限。"
    yield (
        "得分=權重×達成度，計算時不先四捨五入；總分是各項得分的合計，最後才四捨五入至小數二位。"
        f"權重合計為{grouped(plan.totals.weight)}。"
    )
    if plan.totals.not_reported:
        yield "未填報的指標不計達標或未達標，不得分，其權重列為尚可得的分數。"


def annex_rows(plan: ScoredPlan) -> Iterator[AnnexRow]:
    for number, item in enumerate(plan.indicators(), start=1):
        yield _row(item, number, plan.lower_policy)


def _row(item: ScoredIndicator, number: int, policy: LowerPolicy) -> AnnexRow:
    spec, result = item.spec, item.result
    reason = str(result.reason) if result.reason else None
    return AnnexRow(
        anchor=f"a{number}",
        number=str(number),
        title=spec.title,
        weight=f"{grouped(spec.weight)}%",
        target=target_text(spec),
        measure=item.record.measure,
        formula=spec.formula,
        inputs=tuple(_input_line(entry) for entry in spec.inputs),
        milestones=tuple(
            (stage.title, f"{grouped(stage.percent)}%", DONE_WORDS[stage.done])
            for stage in spec.milestones
        ),
        calculation=result.calculation or "",
        achievement=reason or str(achievement_step(spec, result, policy)),
        score=score_step(spec, result, policy),
    )


def _input_line(entry: Input) -> InputLine:
    rows = tuple((row.label, as_written(row.value)) for row in entry.rows or ())
    return InputLine(entry.symbol, entry.label, entry.unit, input_total(entry), rows)
