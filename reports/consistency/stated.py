"""Rules `stated-actual`, `stated-target`, `stated-achievement`, `stated-weight`: numbers behind
the set phrases of such reports, against what was recorded and computed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from indicators.scorecards.scored import ScoredIndicator
from indicators.scorecards.steps import trimmed
from indicators.scoring.rounding import grouped
from indicators.scoring.types import Method
from reports.consistency.amounts import DIGITS, Amount, is_rounded
from reports.consistency.context import Context, Doubt, Line, Passage
from reports.consistency.facts import exact_actual
from reports.consistency.wording import (
    bigrams,
    clause_before,
    is_other_period,
    normalised,
    year_of,
    years_of,
)

_NUMBER = (
    rf"(?P<digits>-?{DIGITS})(?![\d年月日/:~～]|\.\d|,\d|-\d)(?P<percent>%)?(?![萬億千仟百~～])"
)
_IS = r"(?:(?:均|皆|已)?(?:為|達到|達|計|是|係|訂為|定為)|:)?(?:≦|≤|<=)?"
_ACTUAL = re.compile(
    rf"(?P<phrase>實際達成目標值|達成目標值|實際達成值|實際值|達成值|實績值){_IS}{_NUMBER}"
)
_TARGET = re.compile(
    rf"(?:(?P<phrase>原[訂定]年?度?目標值?|年度目標值?)|(?P<bare>目標值)){_IS}{_NUMBER}"
    r"(?!\w{0,3}(?:提高|調高|調整|調降|降低|上修|下修|修正|增|降|減))"
)
_TARGET_BEHIND = re.compile(
    rf"(?<![\d.,~-]){_NUMBER}(?:人次|場次|[件人次項場])?(?:之|的)(?:年度)?目標"
)
_ACHIEVEMENT = re.compile(rf"(?<!進度)(?<!計畫)(?<!工程)(?<!滿意)(?P<phrase>達成度){_IS}{_NUMBER}")
_WEIGHT = re.compile(rf"(?P<phrase>權重)(?:為|占|佔|計|是|:)?{_NUMBER}")
_MAY_PRECEDE_TARGET = re.compile(r"(?:^|[，。；;、:()「於過到逾達])$")
_NOT_REACHED = re.compile(r"(?:未|為|無法|應|期|可|能|預|需|須|以|尚|若|如|俾|原)$")
_LATER = re.compile(r"朝|邁|挑戰|訂定|中央|全國|行政院|部會|委員會|其他")
_LONGEST_BEFORE = 200


@dataclass(frozen=True, slots=True)
class Stated:
    """A number behind a set phrase, and the indicator that it speaks of."""

    passage: Passage
    line: Line
    item: ScoredIndicator
    phrase: str
    amount: Amount
    start: int
    clause: str
    last_year: int  # that its sentence named before


def stated(context: Context) -> Iterator[Doubt]:
    for passage in context.passages:
        if passage.indicators():
            for line in passage.lines:
                yield from _line(context, passage, line)


def _line(context: Context, passage: Passage, line: Line) -> Iterator[Doubt]:
    for pattern, check in (
        (_ACTUAL, _check_actual),
        (_TARGET, _check_target),
        (_TARGET_BEHIND, _check_target),
        (_ACHIEVEMENT, _check_achievement),
        (_WEIGHT, _check_weight),
    ):
        for match in pattern.finditer(line.text):
            found = _stated(context.year, passage, line, match)
            if found:
                yield from check(context, found)
    yield from _behind_titles(context, passage, line)


def _stated(year: int, passage: Passage, line: Line, match: re.Match[str]) -> Stated | None:
    groups = match.groupdict()
    if groups.get("bare") and not _MAY_PRECEDE_TARGET.search(_before(line, match.start(), 1)):
        return None
    item = _indicator_of(passage, _before(line, match.start(), _LONGEST_BEFORE))
    if item is None:
        return None
    amount = Amount(match["digits"], percent=bool(match["percent"]))
    phrase = groups.get("phrase") or groups.get("bare") or "目標"
    words_end = match.end("phrase") if groups.get("phrase") else match.start()
    before = line.sentence_before(words_end)
    named = years_of(before)
    clause = before if named and year not in named else clause_before(line.text, words_end)
    last = named[-1] if named else year
    return Stated(passage, line, item, phrase, amount, match.start(), clause, last)


def _before(line: Line, position: int, length: int) -> str:
    return line.text[max(0, position - length) : position]


def _indicator_of(passage: Passage, before: str) -> ScoredIndicator | None:
    """The one indicator of a text; of several the one whose title the words before share."""
    items = passage.indicators()
    if len(items) == 1:
        return items[0]
    words = bigrams(before)
    points = [len(words & bigrams(normalised(item.spec.title))) for item in items]
    best = max(points)
    return items[points.index(best)] if best > 2 and points.count(best) == 1 else None


# The checks --------------------------------------------------------------------------------------


def _check_actual(context: Context, found: Stated) -> Iterator[Doubt]:
    item, amount = found.item, found.amount
    ambiguous = _NOT_REACHED.search(_before(found.line, found.start, 2))
    expected = _of_period(context, found, item.result.actual, item.record.previous_actual)
    if expected is None or _is_other_measure(found):
        return
    if _is_last_years(context, found, item.record.previous_actual):
        return
    exact = exact_actual(item) if expected == item.result.actual else None
    if agrees(amount, expected, exact) or (ambiguous and agrees(amount, item.spec.target)):
        return
    right = _with_unit(expected, item)
    yield _doubt("stated-actual", found, right, "依填報的資料計算，達成目標值")


def _check_target(context: Context, found: Stated) -> Iterator[Doubt]:
    item = found.item
    expected = _of_period(context, found, item.spec.target, item.record.previous_target)
    if expected is None or _is_other_measure(found) or _LATER.search(found.clause):
        return
    if _is_last_years(context, found, item.record.previous_target):
        return
    if not agrees(found.amount, expected):
        yield _doubt("stated-target", found, _with_unit(expected, item), "計畫的目標值")


def _check_achievement(context: Context, found: Stated) -> Iterator[Doubt]:
    result, amount = found.item.result, found.amount
    if result.achievement is None or is_other_period(found.clause, context.year):
        return
    if not amount.percent:
        return
    accepted = [result.achievement, result.uncapped]
    if found.item.spec.method == Method.MILESTONES and result.actual is not None:
        accepted.append(Fraction(result.actual))
    if any(
        value is not None and is_rounded(value, amount.number, amount.places) for value in accepted
    ):
        return
    right = f"{trimmed(result.achievement)}%"
    yield _doubt("stated-achievement", found, right, "依達成目標值與目標值計算，達成度")


def _check_weight(context: Context, found: Stated) -> Iterator[Doubt]:
    item, amount = found.item, found.amount
    weights = {item.spec.weight}
    for perspective in context.plan.perspectives:
        for goal in perspective.goals:
            if item in goal.indicators:
                weights |= {goal.totals.weight, perspective.totals.weight}
    if is_other_period(found.clause, context.year) or amount.number in weights:
        return
    yield _doubt("stated-weight", found, f"{grouped(item.spec.weight)}%", "計畫的權重")


def _of_period(
    context: Context, found: Stated, this: Decimal | None, previous: Decimal | None
) -> Decimal | None:
    """This year's figure, or last year's where the clause speaks of it; None for any other."""
    if year_of(found.clause) == context.year - 1 and not is_other_period(
        found.clause, context.year - 1
    ):
        return previous
    return None if is_other_period(found.clause, context.year) else this


def _is_last_years(context: Context, found: Stated, previous: Decimal | None) -> bool:
    """Whether a sentence that has come to last year gives last year's figure."""
    is_last = found.last_year == context.year - 1
    return is_last and previous is not None and agrees(found.amount, previous)


def _is_other_measure(found: Stated) -> bool:
    """A percentage stated of an indicator that is counted in something else."""
    return found.amount.percent and found.item.spec.unit != "%"


def agrees(amount: Amount, expected: Decimal, exact: Fraction | None = None) -> bool:
    """Whether a stated number is the expected one, with fewer decimals or, if known, with more."""
    if is_rounded(Fraction(expected), amount.number, amount.places):
        return True
    return exact is not None and is_rounded(exact, amount.number, amount.places)


def _with_unit(number: Decimal, item: ScoredIndicator) -> str:
    return grouped(number) + ("%" if item.spec.unit == "%" else "")


def _doubt(rule: str, found: Stated, right: str, source: str) -> Doubt:
    return Doubt(
        "error",
        rule,
        found.passage.at(found.line),
        f"文字寫「{found.phrase}」{found.amount}，{source}卻是 {right}。"
        "請核對後更正文字或填報的資料。",
        frozenset({found.amount.key, right.removesuffix("%").replace(",", "")}),
    )


# A number behind the indicator's own name --------------------------------------------------------

_LEAST_NAME = 4
_BEHIND = re.compile(rf"{_IS}{_NUMBER}")


def _behind_titles(context: Context, passage: Passage, line: Line) -> Iterator[Doubt]:
    """`…人員比例為71%`: the end of an indicator's title, and a number directly behind it."""
    for item in passage.indicators():
        title = normalised(item.spec.title)
        tail = title[-_LEAST_NAME:]
        if len(title) < _LEAST_NAME or _is_shared(tail, passage):
            continue
        for name in re.finditer(re.escape(tail), line.text):
            match = _BEHIND.match(line.text, name.end())
            if match:
                yield from _check_title(context, passage, line, item, name.start(), match)


def _is_shared(tail: str, passage: Passage) -> bool:
    """Whether several indicators of the text are called so."""
    names = [normalised(item.spec.title) for item in passage.indicators()]
    return sum(name.endswith(tail) for name in names) > 1


def _check_title(
    context: Context,
    passage: Passage,
    line: Line,
    item: ScoredIndicator,
    start: int,
    match: re.Match[str],
) -> Iterator[Doubt]:
    amount = Amount(match["digits"], percent=bool(match["percent"]))
    actual, clause = item.result.actual, clause_before(line.text, start)
    if actual is None or amount.percent != (item.spec.unit == "%"):
        return
    if is_other_period(clause, context.year) or _LATER.search(clause):
        return
    others = (item.spec.target, item.record.previous_target, item.record.previous_actual)
    accepted = [value for value in others if value is not None]
    if agrees(amount, actual, exact_actual(item)) or amount.number in accepted:
        return
    phrase = normalised(item.spec.title)[-_LEAST_NAME:]
    found = Stated(passage, line, item, phrase, amount, start, clause, context.year)
    right = _with_unit(actual, item)
    yield _doubt("stated-actual", found, right, "依填報的資料計算，達成目標值")
