"""Part 參 of the report: counts, points and what the two charts show."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from indicators.scorecards.document import STATUS_WORDS
from indicators.scorecards.scored import ScoredIndicator, ScoredPerspective, ScoredPlan
from indicators.scorecards.steps import NOT_REPORTED, trimmed
from indicators.scoring.rounding import grouped, two_places
from indicators.scoring.types import Totals
from reports.annual import AchievementBar, ScoreBar, Summary

__all__ = ["STATUS_WORDS", "summarise"]


def summarise(plan: ScoredPlan) -> Summary:
    totals = plan.totals
    heaviest = max((Fraction(p.totals.weight) for p in plan.perspectives), default=Fraction(0))
    return Summary(
        sentence=_sentence(plan.record.year, totals),
        notes=tuple(_notes(plan)),
        indicators=str(totals.indicators),
        met=str(totals.met),
        missed=str(totals.missed),
        not_reported=str(totals.not_reported),
        total=two_places(totals.score),
        lost=two_places(totals.lost),
        winnable=two_places(Fraction(totals.winnable)),
        complete=totals.complete,
        by_perspective=tuple(_score_bar(item, heaviest) for item in plan.perspectives),
        by_indicator=tuple(_achievement_bar(item) for item in plan.indicators()),
    )


def _sentence(year: int, totals: Totals) -> str:
    share = Fraction(100 * totals.met, totals.indicators) if totals.indicators else None
    met = f"達標{totals.met}項" + ("" if share is None else f"({trimmed(share)}%)")
    counted = f"{year}年度總計{totals.indicators}項衡量指標，{met}，未達標{totals.missed}項"
    if totals.complete:
        return f"{counted}。總分{trimmed(totals.score)}分。"
    return (
        f"{counted}，未填報{totals.not_reported}項。已得{trimmed(totals.score)}分，"
        f"已失{trimmed(totals.lost)}分，尚可得{trimmed(Fraction(totals.winnable))}分。"
    )


def _notes(plan: ScoredPlan) -> Iterator[str]:
    totals = plan.totals
    if totals.not_reported:
        yield "尚有指標未填報，以上不是全年總分。"
    if totals.weight != 100:
        yield f"全部指標的權重合計為{grouped(totals.weight)}，不是100，以上不是全年總分。"
    if not plan.parts_add_up():
        yield "細項經四捨五入，合計可能有差。"


def _score_bar(item: ScoredPerspective, heaviest: Fraction) -> ScoreBar:
    totals = item.totals

    def width(points: Fraction) -> float:
        return float(100 * points / heaviest) if heaviest else 0.0

    return ScoreBar(
        title=item.record.name,
        weight=grouped(totals.weight),
        score=two_places(totals.score),
        lost=two_places(totals.lost),
        winnable=two_places(Fraction(totals.winnable)),
        earned_width=width(totals.score),
        lost_width=width(totals.lost),
        winnable_width=width(Fraction(totals.winnable)),
    )


def _achievement_bar(item: ScoredIndicator) -> AchievementBar:
    value = item.result.achievement
    return AchievementBar(
        title=item.spec.title,
        achievement=NOT_REPORTED if value is None else f"{trimmed(value)}%",
        width=None if value is None else float(value),
        status=item.result.status.value,
        status_word=STATUS_WORDS[item.result.status],
    )
