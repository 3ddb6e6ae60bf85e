"""What is doubtful about one indicator's entry, beside the field that causes it. No database.

A draft is never blocked. What is `MISSING` and what is an `ERROR` keep an indicator from being
submitted; a `WARNING` asks the clerk, and later the supervisor, to look again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from indicators.last_year import last_year_of
from indicators.records import IndicatorRecord
from indicators.scoring.aggregation import missing
from indicators.scoring.formula import Formula, FormulaError, is_scaled_by_100, parse
from indicators.scoring.interim import ACTUAL, Interim
from indicators.scoring.rounding import exact_sum, grouped
from indicators.scoring.tree import Call, Chain, Name, Node, Number
from indicators.scoring.types import (
    Direction,
    Indicator,
    IndicatorResult,
    Input,
    Method,
    Sentence,
    Status,
    gettext_noop,
)
from indicators.scoring.year_values import differing

ALL = 100  # percent
FAR = 2  # times last year's actual, or less than 1/FAR of it
SLIP = (Fraction(50), Fraction(200))  # a ratio to last year within these looks like ×100


class Level(StrEnum):
    ERROR = "error"
    MISSING = "missing"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """`field` as in `entries`, or `evidence:<about>`; `row` (from 0) is one row of a list."""

    level: Level
    field: str
    sentence: Sentence
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """An entry with its result; `proven`: what has evidence (symbols; empty for the whole).

    `interim` None: it is not followed within the year, or that is not asked.
    """

    record: IndicatorRecord
    result: IndicatorResult
    proven: Collection[str]
    interim: Interim | None = None


def check_entry(entry: Checked) -> list[Finding]:
    return [finding for check in CHECKS for finding in check(entry)]


def blocking(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.level is not Level.WARNING]


def not_reported(entry: Checked) -> Iterator[Finding]:
    """What is missing, or why the values have no result."""
    if entry.result.reason is not None:
        level = Level.MISSING if missing(entry.record.spec) else Level.ERROR
        yield Finding(level, _first_missing(entry), entry.result.reason)


def _first_missing(entry: Checked) -> str:
    spec = entry.record.spec
    if spec.method is Method.MILESTONES:
        return "stage:1"
    if spec.method is Method.DIRECT:
        return "actual"
    gap = next((given for given in spec.inputs if _has_gap(given)), None)
    given = gap or next(iter(spec.inputs), None)
    return f"input:{given.symbol}" if given else "actual"


def _has_gap(given: Input) -> bool:
    if given.rows is None:
        return given.value is None
    return not given.rows or any(row.value is None for row in given.rows)


def stage_skipped(entry: Checked) -> Iterator[Finding]:
    """A stage that is done after one that isn't does not count."""
    gap = None
    for number, stage in enumerate(entry.record.spec.milestones, start=1):
        if not stage.done:
            gap = gap or number
        elif gap:
            params = {"number": number, "gap": gap}
            yield Finding(Level.WARNING, f"stage:{number}", Sentence(SKIPPED, params))


SKIPPED = gettext_noop(
    "第 %(number)s 項已完成，但第 %(gap)s 項還沒有完成，所以不計入實際值；請核對。"
)


def evidence_missing(entry: Checked) -> Iterator[Finding]:
    spec = entry.record.spec
    if spec.method is Method.FORMULA:
        for given in spec.inputs:
            if given.symbol not in entry.proven:
                name = given.label or given.symbol
                yield Finding(
                    Level.MISSING, f"evidence:{given.symbol}", Sentence(UNPROVEN, {"name": name})
                )
    elif "" not in entry.proven:
        yield Finding(Level.MISSING, "evidence:", Sentence(UNPROVEN_WHOLE))


UNPROVEN = gettext_noop("「%(name)s」還沒有佐證資料。可先儲存，送出前請附上檔案或文號。")
UNPROVEN_WHOLE = gettext_noop("還沒有佐證資料。可先儲存，送出前請附上檔案或文號。")


def analysis_missing(entry: Checked) -> Iterator[Finding]:
    if entry.result.actual is not None and not entry.record.analysis.strip():
        yield Finding(Level.MISSING, "analysis", Sentence(NO_ANALYSIS))


NO_ANALYSIS = gettext_noop("還沒有寫達成情形分析；可用建議的第一句開頭。")


def review_missing(entry: Checked) -> Iterator[Finding]:
    """A missed target goes with cause, action, responsible person and due date."""
    if entry.result.status is not Status.MISSED:
        return
    for part, template in REVIEW_SENTENCES.items():
        value = getattr(entry.record.review, part, None)
        if value is None or (isinstance(value, str) and not value.strip()):
            yield Finding(Level.MISSING, f"review:{part}", Sentence(template))


REVIEW_SENTENCES = {
    "cause": gettext_noop("未達目標，請寫明原因。"),
    "action": gettext_noop("未達目標，請寫明改善措施。"),
    "responsible": gettext_noop("未達目標，請填改善的負責人或單位。"),
    "due": gettext_noop("未達目標，請填改善的完成期限。"),
}


def rounded_to_met(entry: Checked) -> Iterator[Finding]:
    if entry.result.rounding_turned_miss_into_met:
        yield Finding(Level.WARNING, "actual", Sentence(ROUNDED))


ROUNDED = gettext_noop("實際值經四捨五入後才達到目標，請核對未進位的數字。")


def far_from_last_year(entry: Checked) -> Iterator[Finding]:
    """A slip of ×100 is said as such; a change to the double or the half otherwise."""
    last, actual = last_year_of(entry.record).actual, entry.result.actual
    if last is None or actual is None or last == 0 or actual == 0 or (last > 0) != (actual > 0):
        return
    params = {"actual": grouped(actual), "last": grouped(last)}
    if is_slip(actual, last):
        yield Finding(Level.WARNING, "actual", Sentence(TIMES_100, params))
    elif is_slip(last, actual):
        yield Finding(Level.WARNING, "actual", Sentence(BY_100, params))
    elif not Fraction(1, FAR) < Fraction(actual) / Fraction(last) < FAR:
        yield Finding(Level.WARNING, "actual", Sentence(FAR_OFF, params))


def is_slip(value: Decimal, other: Decimal) -> bool:
    """Whether it is about 100 times the other, which is not zero."""
    return SLIP[0] <= Fraction(value) / Fraction(other) <= SLIP[1]


TIMES_100 = gettext_noop(
    "實際值 %(actual)s 約是去年 %(last)s 的 100 倍，請核對是否多乘了 100 或填成百分比。"
)
BY_100 = gettext_noop("實際值 %(actual)s 約是去年 %(last)s 的百分之一，請核對是否少乘了 100。")
FAR_OFF = gettext_noop("實際值 %(actual)s 與去年 %(last)s 相差很多；無誤則免更動，並請在分析說明。")


def last_year_differs(entry: Checked) -> Iterator[Finding]:
    """This plan states other figures of last year than last year's plan has."""
    for sentence in last_year_of(entry.record).differs:
        yield Finding(Level.WARNING, "actual", sentence)


def times_100_in_formula(entry: Checked) -> Iterator[Finding]:
    """Unit % already means 100 times the ratio: a formula that ends in `*100` does it twice."""
    spec = entry.record.spec
    formula = _formula(spec) if spec.unit == "%" else None
    if formula is not None and entry.result.actual is not None and is_scaled_by_100(formula):
        yield Finding(Level.WARNING, "actual", Sentence(FORMULA_100))


FORMULA_100 = gettext_noop("公式以 *100 結尾，單位又是 %%，結果會多乘 100；公式應寫 *100%%。")


def above_the_whole(entry: Checked) -> Iterator[Finding]:
    """A part larger than its whole: in a list row by row, else the two numbers.

    A target or a figure of last year above 100 % shows that it is no part.
    """
    found = quotient(entry.record.spec)
    known = (entry.record.spec.target, last_year_of(entry.record).actual)
    if found is None or any(value is not None and value > ALL for value in known):
        return
    part, whole = found
    params = {"part": part.label or part.symbol, "whole": whole.label or whole.symbol}
    if part.rows is None or whole.rows is None:
        if (above := _above(_total(part), _total(whole))) is not None:
            sentence = Sentence(ABOVE, params | above)
            yield Finding(Level.WARNING, f"input:{part.symbol}", sentence)
        return
    pairs = zip(part.rows, whole.rows, strict=False)
    for number, (one, other) in enumerate(pairs):
        above = _above(one.value, other.value) if one.label == other.label else None
        if above is not None:
            sentence = Sentence(ROW_ABOVE, params | above | {"row": one.label})
            yield Finding(Level.WARNING, f"input:{part.symbol}", sentence, number)


ABOVE = gettext_noop("「%(part)s」%(one)s 大於「%(whole)s」%(other)s，請核對兩者。")
ROW_ABOVE = gettext_noop("%(row)s「%(part)s」%(one)s 大於「%(whole)s」%(other)s，請核對兩者。")


def _above(one: Decimal | None, other: Decimal | None) -> dict[str, object] | None:
    if one is None or other is None or one <= other or other < 0:
        return None
    return {"one": grouped(one), "other": grouped(other)}


def quotient(spec: Indicator) -> tuple[Input, Input] | None:
    """Numerator and denominator of a formula that is a plain share, with unit %."""
    formula = _formula(spec) if spec.unit == "%" else None
    tree = formula.tree if formula else None
    if not isinstance(tree, Chain) or tree.rest[0][0] != "/":
        return None
    if any(operator != "*" or not isinstance(node, Number) for operator, node in tree.rest[1:]):
        return None
    named = {given.symbol: given for given in spec.inputs}
    part, whole = _summed(tree.first), _summed(tree.rest[0][1])
    if part in named and whole in named and part != whole:
        return named[part], named[whole]
    return None


def terms(spec: Indicator) -> tuple[str, ...]:
    """The names that a formula adds up, where it does nothing else; else none."""
    formula = _formula(spec)
    tree = formula.tree if formula else None
    match tree:
        case Name():
            nodes: tuple[Node, ...] = (tree,)
        case Call(function="SUM", arguments=arguments):
            nodes = arguments
        case Chain(first=first, rest=rest) if all(operator == "+" for operator, _ in rest):
            nodes = (first, *(node for _, node in rest))
        case _:
            return ()
    names = tuple(map(_summed, nodes))
    return names if all(names) else ()


def _summed(node: Node) -> str:
    """The name that stands alone or inside SUM."""
    if isinstance(node, Call) and node.function == "SUM" and len(node.arguments) == 1:
        node = node.arguments[0]
    return node.symbol if isinstance(node, Name) else ""


def _formula(spec: Indicator) -> Formula | None:
    if spec.method is not Method.FORMULA:
        return None
    try:
        return parse(spec.formula, {given.symbol for given in spec.inputs})
    except FormulaError:
        return None


def _total(given: Input) -> Decimal | None:
    if given.rows is None:
        return given.value
    values = [row.value for row in given.rows]
    return None if None in values or not values else exact_sum(v for v in values if v is not None)


def beaten_by_far(entry: Checked) -> Iterator[Finding]:
    """A target that is beaten by far was perhaps too easy."""
    uncapped = entry.result.uncapped
    if (
        uncapped is not None
        and uncapped >= 150
        and entry.record.spec.direction is not (Direction.EQUAL)
    ):
        yield Finding(Level.WARNING, "actual", Sentence(BEATEN))


BEATEN = gettext_noop("實際值遠超過目標值，請核對數字；無誤則請在分析說明原因。")


def year_differs(entry: Checked) -> Iterator[Finding]:
    """The year's value is not what its months or quarters come to."""
    if entry.interim is not None:
        for symbol, sentence in differing(entry.record.spec, entry.interim):
            field = "actual" if symbol == ACTUAL else f"input:{symbol}"
            yield Finding(Level.WARNING, field, sentence)


CHECKS: tuple[Callable[[Checked], Iterator[Finding]], ...] = (
    not_reported,
    stage_skipped,
    above_the_whole,
    times_100_in_formula,
    rounded_to_met,
    far_from_last_year,
    last_year_differs,
    beaten_by_far,
    year_differs,
    evidence_missing,
    analysis_missing,
    review_missing,
)
