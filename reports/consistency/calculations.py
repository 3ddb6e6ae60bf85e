"""Rule `arithmetic`: what is written behind an equals sign is what the calculation gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from indicators.scoring.rounding import grouped, plain
from reports.consistency.amounts import DIGITS, Amount, is_cut, is_rounded, shown
from reports.consistency.arithmetic import Side, Statement
from reports.consistency.context import Context, Doubt, Line, Passage
from reports.consistency.wording import clause_before

_CUTTING = re.compile(r"不計小數|小數點?後?(?:以下)?不計|捨去|捨棄|取整數|無條件|進位")
_DECREASE = re.compile(r"減|降|少|縮|低|差")
_ABOUT_SHARE = Fraction(1, 20)
_LEAD = re.compile(rf"(?<![\d.,])(?P<digits>{DIGITS})%$")
_OTHER_LEAD = re.compile(r"目標|權重|達成度|標準|門檻|規定")
_CHANGE = re.compile(r"增|提[高升]|成長|減|降|上升")
_LONGEST_LEAD = 40
_FRACTION = re.compile(r"(\d{1,9})/(\d{1,9})")


def arithmetic(context: Context) -> Iterator[Doubt]:
    for passage in context.passages:
        for line in passage.lines:
            for statement in line.statements:
                yield from _wrong_result(passage, line, statement)
            yield from _wrong_leads(passage, line)
            yield from _wrong_deductions(passage, line)


def _wrong_result(passage: Passage, line: Line, statement: Statement) -> Iterator[Doubt]:
    found = contradiction(statement, line.sentence_at(statement.start))
    if not found:
        return
    side, stated, computed = found
    yield Doubt(
        "error",
        "arithmetic",
        passage.at(line),
        f"算式「{statement.text}」中的「{side}」算出來是 {computed}，寫的卻是 {stated}。"
        "請核對算式中的數字與結果後更正。",
        frozenset({stated, computed}),
    )


def contradiction(statement: Statement, sentence: str) -> tuple[Side, str, str] | None:
    """The first side that a statement gets wrong: the expression, what is stated, what it gives."""
    known: list[tuple[Side, Fraction]] = []
    waiting: Amount | None = None  # a number that stands before its calculation
    for side in statement.sides:
        if side is None:
            known, waiting = [], None
            continue
        if not side.has_operator:
            waiting = side.stated
            if known and waiting and not _any_agrees(known, waiting, statement.about, sentence):
                return known[-1][0], str(waiting), _computed(known[-1][1], waiting)
            continue
        value = side.value()
        if value is None:
            known, waiting = [], None
            continue
        if waiting and not known and not _agrees(value, waiting, statement.about, sentence):
            return side, str(waiting), _computed(value, waiting)
        if known and not _continues(known[-1], side, value):
            return known[-1][0], str(side), _plainly(known[-1][1])
        known.append((side, value))
    return None


def _any_agrees(
    known: list[tuple[Side, Fraction]], stated: Amount, about: bool, sentence: str
) -> bool:
    """A result may follow from the last step, or, where steps were rounded, from the first."""
    steps = (known[-1], known[0])
    return any(_agrees(value, stated, about, sentence) for _, value in steps)


def _agrees(value: Fraction, stated: Amount, about: bool, sentence: str) -> bool:
    candidates = [value, value * 100]
    if stated.scale:
        candidates.append(value / 10**stated.scale)
    if value < 0 and _DECREASE.search(sentence):
        candidates += [-candidate for candidate in candidates]
    return any(_matches(candidate, stated, about, sentence) for candidate in candidates)


def _matches(value: Fraction, stated: Amount, about: bool, sentence: str) -> bool:
    number, places = stated.number, stated.places
    if is_rounded(value, number, places):
        return True
    if about and abs(value - Fraction(number)) <= abs(value) * _ABOUT_SHARE:
        return True
    return bool(_CUTTING.search(sentence)) and is_cut(value, number, places)


def _continues(last: tuple[Side, Fraction], side: Side, value: Fraction) -> bool:
    """Whether an expression equals the one before, or goes on from its result."""
    _, before = last
    first = side.operands[0]
    if is_rounded(before, first.number, first.places):
        return True
    slack = sum((_slack(one) for one in side.operands), Fraction(0))
    return abs(before - value) <= abs(value) * slack


def _slack(amount: Amount) -> Fraction:
    """How far a number with decimals may be off, relative to itself: it may be rounded."""
    number = Fraction(amount.number)
    if not amount.places or not number:
        return Fraction(0)
    return abs(Fraction(1, 2 * 10**amount.places) / number)


def _computed(value: Fraction, stated: Amount) -> str:
    """The result as the stated number would print it."""
    number = value * 100 if stated.percent else value
    if stated.scale:
        return shown(number / 10**stated.scale, stated.places) + str(stated)[len(stated.digits) :]
    places = stated.places
    while places < 6 and is_rounded(number, stated.number, places):
        places += 1
    return shown(number, places) + ("%" if stated.percent else "")


def _plainly(value: Fraction) -> str:
    places = 0
    while places < 4 and value.denominator != 1 and (value * 10**places).denominator != 1:
        places += 1
    return shown(value, places)


# 87% (357/410*100%=87%) --------------------------------------------------------------------------


def _wrong_leads(passage: Passage, line: Line) -> Iterator[Doubt]:
    """A percentage and, in brackets behind it, the calculation that it comes from."""
    for statement in line.statements:
        yield from _wrong_lead(passage, line, statement)
    for match in re.finditer(rf"\(({_FRACTION.pattern})\)", line.text):
        value = _fraction_of(match[2], match[3])
        if value is not None:
            yield from _lead_doubt(passage, line, match.start(), value, match[1])


def _wrong_lead(passage: Passage, line: Line, statement: Statement) -> Iterator[Doubt]:
    side = statement.sides[0]
    if not statement.text.startswith("(") or side is None or not side.has_operator:
        return
    if not any(amount.percent for part in statement.sides if part for amount in part.operands):
        return
    value = side.value()
    if value is not None:
        yield from _lead_doubt(passage, line, statement.start, value, str(side))


def _lead_doubt(
    passage: Passage, line: Line, start: int, value: Fraction, expression: str
) -> Iterator[Doubt]:
    before = line.text[max(0, start - _LONGEST_LEAD) : start]
    lead = _LEAD.search(before)
    clause = clause_before(line.text, start)
    if not lead or _OTHER_LEAD.search(clause):
        return
    if _CHANGE.search(clause) and "-" not in expression:
        return  # `成長5%(357/410=87%)`: how much it changed, and what it now is
    stated = Amount(lead["digits"], percent=True)
    if _agrees(value, stated, about=False, sentence=line.sentence_at(start)):
        return
    computed = _computed(value, stated)
    yield Doubt(
        "error",
        "arithmetic",
        passage.at(line),
        f"「{stated}」後面括號裡的「{expression}」算出來是 {computed}，與前面寫的 {stated} 不同。"
        "請核對後更正。",
        frozenset({str(stated), computed}),
    )


def _fraction_of(above: str, below: str) -> Fraction | None:
    """A part of a whole; None for what may as well be a date (`11/2`, `107/12`)."""
    numerator, denominator = int(above), int(below)
    may_be_date = denominator <= 31 and (numerator <= 12 or 80 <= numerator <= 130)
    if may_be_date or not denominator or numerator > denominator:
        return None
    return Fraction(numerator, denominator)


# 229人(原271人扣除出缺42人) -----------------------------------------------------------------------

_COUNTED = rf"({DIGITS})(?:人次|[人名員位件案項輛元])"
_DEDUCTION = re.compile(
    rf"(?<![\d.,-]){_COUNTED}\(原有?{_COUNTED}[,，]?扣除[^\d()。；]{{0,40}}{_COUNTED}\)"
)


def _wrong_deductions(passage: Passage, line: Line) -> Iterator[Doubt]:
    """The set phrase of a number less what was taken off."""
    for match in _DEDUCTION.finditer(line.text):
        rest, whole, part = (Amount(digits) for digits in match.groups())
        right = whole.number - part.number
        if rest.number != right:
            yield Doubt(
                "error",
                "arithmetic",
                passage.at(line),
                f"「{match[0]}」：{whole} 扣除 {part} 是 {grouped(right)}，寫的卻是 {rest}。"
                "請核對後更正。",
                frozenset({rest.key, plain(right)}),
            )
