"""Rule `stated-summary`: the plan's counts and its total as a text sums them up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from indicators.scorecards.steps import trimmed
from indicators.scoring.types import Totals
from reports.consistency.amounts import DIGITS, Amount, is_rounded
from reports.consistency.context import Context, Doubt, Line, Passage
from reports.consistency.wording import (
    SENTENCE_ENDS,
    clause_before,
    is_other_period,
    normalised,
    year_of,
)

_N = rf"(?<![第\d.,-])(?P<digits>{DIGITS})"
_IS = "(?:合計|計|共|為|達|:)*"
_MET = "(?:達標|達成目標|達到目標|達成目標值)"
_COUNTS = (
    (re.compile(rf"{_N}項(?:衡量|績效)?指標(?!中?之|中的|性)"), "衡量指標", "indicators"),
    (re.compile(rf"(?<!未){_MET}者?{_IS}{_N}項"), "達標", "met"),
    (re.compile(rf"(?<!標|者){_N}項(?:指標)?(?:均已|均|已)?{_MET}"), "達標", "met"),
    (re.compile(rf"未{_MET}者?{_IS}{_N}項"), "未達標", "missed"),
    (re.compile(rf"(?<!標|者){_N}項(?:指標)?未{_MET}"), "未達標", "missed"),
)
_SHARES = (
    re.compile(rf"(?<!未)達標{_IS}[0-9]{{1,4}}項\((?P<digits>{DIGITS})%\)"),
    re.compile(rf"(?<!未)達標率{_IS}{_N}%"),
)
_TOTAL = re.compile(rf"總(?:得)?分(?:數)?{_IS}{_N}分(?!以上|以下|為準)")
_PLAN_WORDS = re.compile(r"指標|績效|本年度|年度|本處|本機關|本局|本所|本校|本院|本館")
_PLAN_TITLES = ("前言", "綜合分析", "結語", "總結")
# Whose counts these are then is somebody else's.
_OTHERS = re.compile(
    r"各機關|各局處|市府|全府|全市|本市|全國|所屬|考評|考核|評定|評比|評鑑|評核|測驗|考試|競賽|比賽|中央|行政院|第\d+項"
)


def summary(context: Context) -> Iterator[Doubt]:
    """Sentences of sections that count the whole plan's indicators or state its total."""
    titles = [normalised(one.record.name) for one in context.plan.perspectives]
    for passage in context.passages:
        if passage.indicators():
            continue
        for line in passage.lines:
            if not any(title in line.text for title in titles):
                yield from _line(context, passage, line)


def _line(context: Context, passage: Passage, line: Line) -> Iterator[Doubt]:
    totals = context.plan.totals
    sums_up = any(title in passage.title for title in _PLAN_TITLES)
    for pattern, words, right, unit in _facts(totals):
        for match in pattern.finditer(line.text):
            amount = Amount(match["digits"])
            before, sentence = _sentence(line.text, match.start())
            bare = sums_up and not clause_before(line.text, match.start())
            if not (bare or _PLAN_WORDS.search(sentence)):
                continue
            if _is_elsewhere(before, sentence, context.year):
                continue
            if not is_rounded(right, amount.number, amount.places):
                yield Doubt(
                    "error",
                    "stated-summary",
                    passage.at(line),
                    f"文字寫「{words}」{amount}{unit}，依計分結果卻是 {trimmed(right)}{unit}。"
                    "請更正文字。",
                )


def _facts(totals: Totals) -> Iterator[tuple[re.Pattern[str], str, Fraction, str]]:
    for pattern, words, name in _COUNTS:
        yield pattern, words, Fraction(getattr(totals, name)), "項"
    if totals.indicators:
        share = Fraction(100 * totals.met, totals.indicators)
        for pattern in _SHARES:
            yield pattern, "達標比率", share, "%"
    if totals.complete:
        yield _TOTAL, "總分", totals.score, "分"


def _sentence(text: str, position: int) -> tuple[str, str]:
    """What stands before `position` in its sentence, and the whole sentence."""
    start = max(text.rfind(sign, 0, position) for sign in SENTENCE_ENDS) + 1
    ends = [end for sign in SENTENCE_ENDS if (end := text.find(sign, position)) >= 0]
    start = max(start, position - 200)
    return text[start:position], text[start : min([*ends, position + 200])]


def _is_elsewhere(before: str, sentence: str, year: int) -> bool:
    """Another year, which holds until the sentence names this one, or other people's counts."""
    named = year_of(before)
    if named == year or (named is None and before.rfind("今年") > before.rfind("去年")):
        before = before[max(before.rfind(f"{year}年"), before.rfind("今年"), 0) :]
    return is_other_period(before, year) or bool(_OTHERS.search(sentence))
