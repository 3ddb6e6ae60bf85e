"""The scorecard as a document, `kpi-scorecard/1`, and as plain text."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

from indicators.scorecards.scored import (
    ScoredGoal,
    ScoredIndicator,
    ScoredPerspective,
    ScoredPlan,
)
from indicators.scorecards.steps import actual_text, target_text
from indicators.scoring.rounding import plain, two_places

FORMAT = "kpi-scorecard/1"
STATUS_WORDS = {"met": "達標", "missed": "未達標", "not_reported": "未填報"}


def scorecard_json(plan: ScoredPlan) -> str:
    return json.dumps(scorecard_tree(plan), ensure_ascii=False, indent=2) + "\n"


def scorecard_tree(plan: ScoredPlan) -> dict[str, Any]:
    totals = plan.totals
    return {
        "format": FORMAT,
        "agency": {"code": plan.record.agency_code, "name": plan.record.agency_name},
        "year": plan.record.year,
        "policy": {"lower": plan.lower_policy.value},
        "total_score": two_places(totals.score),
        "lost": two_places(totals.lost),
        "winnable": two_places(Fraction(totals.winnable)),
        "complete": totals.complete,
        "indicators": totals.indicators,
        "met": totals.met,
        "missed": totals.missed,
        "not_reported": totals.not_reported,
        "perspectives": [_perspective(perspective) for perspective in plan.perspectives],
    }


def _perspective(perspective: ScoredPerspective) -> dict[str, Any]:
    return {
        "name": perspective.record.name,
        "weight": plain(perspective.totals.weight),
        "score": two_places(perspective.totals.score),
        "goals": [_goal(goal) for goal in perspective.goals],
    }


def _goal(goal: ScoredGoal) -> dict[str, Any]:
    return {
        "title": goal.record.title,
        "weight": plain(goal.totals.weight),
        "score": two_places(goal.totals.score),
        "indicators": [_indicator(item) for item in goal.indicators],
    }


def _indicator(item: ScoredIndicator) -> dict[str, Any]:
    spec, result = item.spec, item.result
    return {
        "title": spec.title,
        "weight": plain(spec.weight),
        "unit": spec.unit,
        "decimals": spec.decimals,
        "direction": spec.direction.value,
        "target": plain(spec.target),
        "actual": None if result.actual is None else plain(result.actual),
        "achievement": _percent(result.achievement),
        "uncapped": _percent(result.uncapped),
        "score": two_places(result.score),
        "status": result.status.value,
        "calculation": result.calculation,
        "reason": str(result.reason) if result.reason else None,
    }


def _percent(value: Fraction | None) -> str | None:
    return None if value is None else two_places(value)


def scorecard_text(plan: ScoredPlan) -> str:
    """The scorecard for a terminal: a line each for perspective, goal and indicator."""
    record, totals = plan.record, plan.totals
    earned = "總分" if totals.complete else "已得"
    lines = [
        f"{record.agency_name} {record.year} 年度計分表",
        f"{earned} {two_places(totals.score)}　已失 {two_places(totals.lost)}"
        f"　尚可得 {two_places(Fraction(totals.winnable))}",
        f"指標 {totals.indicators} 項：達標 {totals.met}、未達標 {totals.missed}、"
        f"未填報 {totals.not_reported}",
    ]
    for perspective in plan.perspectives:
        lines.append(
            f"\n{perspective.record.name}　{two_places(perspective.totals.score)}"
            f"／{plain(perspective.totals.weight)}"
        )
        for goal in perspective.goals:
            lines.append(
                f"  {goal.record.title}　{two_places(goal.totals.score)}"
                f"／{plain(goal.totals.weight)}"
            )
            lines.extend(_text_line(item) for item in goal.indicators)
    if not plan.parts_add_up():
        lines.append("\n細項經四捨五入，合計可能有差。")
    return "\n".join(lines) + "\n"


def _text_line(item: ScoredIndicator) -> str:
    spec, result = item.spec, item.result
    line = (
        f"    {STATUS_WORDS[result.status]}　{spec.title}　{two_places(result.score)}"
        f"／{plain(spec.weight)}"
    )
    if result.reason:
        return f"{line}　{result.reason}"
    shown = f"目標 {target_text(spec)}，實際 {actual_text(spec, result)}"
    return f"{line}　{shown}" + (f"　{result.calculation}" if result.calculation else "")
