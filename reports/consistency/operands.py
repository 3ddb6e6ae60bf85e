"""Rules `operand-differs` and `operand-unexplained`: where a calculation's numbers come from."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from indicators.scorecards.scored import ScoredIndicator
from indicators.scoring.rounding import plain
from reports.consistency.amounts import Amount, is_rounded, look_alikes
from reports.consistency.arithmetic import Side, Statement, statements_in, tokens_in
from reports.consistency.context import Context, Doubt, Line, Mention, Passage
from reports.consistency.facts import figure_facts, input_facts, recorded_keys
from reports.consistency.wording import clause_before, is_other_period

_USUAL = {str(number) for number in range(13)} | {"24", "30", "52", "60", "365", "366"}
_USUAL |= {str(10**power) for power in range(2, 9)}
_MOST_STATEMENTS = 300  # of one text: more is no report, and the rule need not be quick for it
_MOST_MENTIONS = 20  # of one number
_QUOTED = 60


@dataclass(frozen=True, slots=True)
class Known:
    """What a text and the data say about the numbers of its calculations."""

    counts: dict[str, list[Mention]]
    other: frozenset[str]  # of dates and ranges: good enough to explain a number
    results: frozenset[str]
    used: frozenset[str]  # operands of any calculation
    recorded: frozenset[str]


def operands(context: Context) -> Iterator[Doubt]:
    figures = {fact.key for fact in figure_facts(context)}
    for passage in context.passages:
        found = [(line, one) for line in passage.lines for one in line.statements]
        if found:
            yield from _passage(context, passage, found[:_MOST_STATEMENTS], figures)


def _passage(
    context: Context, passage: Passage, found: list[tuple[Line, Statement]], figures: set[str]
) -> Iterator[Doubt]:
    known = _known(passage, found, figures)
    official = {id(one): wrong for one, wrong in _unlike_official(context, passage, found)}
    for line, statement in found:
        wrong = official.get(id(statement))
        if wrong:
            yield _differs_from_data(passage, line, statement, *wrong)
        missing = []
        for operand in _operands(statement):
            if operand.key in known.counts or operand.key in known.results:
                continue
            if _is_step(operand, statement):
                continue
            if wrong and operand.key == wrong[0].key:
                continue
            rival = _rival(operand, statement, line, known)
            if rival:
                yield _differs_from_text(passage, line, statement, operand, rival)
            elif not _explained(operand, known):
                missing.append(operand)
        if missing:
            yield _unexplained(passage, line, statement, missing)


def _known(passage: Passage, found: list[tuple[Line, Statement]], figures: set[str]) -> Known:
    counts: dict[str, list[Mention]] = defaultdict(list)
    other = set()
    for mention in passage.mentions():
        if mention.kind == "count":
            if len(counts[mention.amount.key]) < _MOST_MENTIONS:
                counts[mention.amount.key].append(mention)
        else:
            other.add(mention.amount.key)
    recorded = {key for item in passage.indicators() for key in recorded_keys(item)}
    return Known(
        counts=dict(counts),
        other=frozenset(other),
        results=frozenset(key for _, one in found for key in _results(one)),
        used=frozenset(one.key for _, statement in found for one in _operands(statement)),
        recorded=frozenset(recorded if passage.indicator else recorded | figures),
    )


def _operands(statement: Statement) -> list[Amount]:
    """The numbers that a calculation uses, each once; percentages are rates, not counts."""
    every = (one for side in statement.expressions() for one in side.operands)
    return list({one.key: one for one in every if not one.percent}.values())


def _is_step(operand: Amount, statement: Statement) -> bool:
    """Whether a number is the rounded result of a step of its own calculation."""
    values = [side.value() for side in statement.expressions() if operand not in side.operands]
    return any(value and is_rounded(value, operand.number, operand.places) for value in values)


def _results(statement: Statement) -> Iterator[str]:
    for side in statement.sides:
        if side and (stated := side.stated) and not stated.percent:
            yield stated.key


def _explained(operand: Amount, known: Known) -> bool:
    if operand.unit:  # `83件+24件`: it says itself what it counts
        return True
    return operand.key in known.recorded | known.other | _USUAL


# Against the data --------------------------------------------------------------------------------


def _unlike_official(
    context: Context, passage: Passage, found: list[tuple[Line, Statement]]
) -> Iterator[tuple[Statement, tuple[Amount, Amount]]]:
    """Calculations of the same form as the computed one in which a single number differs."""
    item = passage.indicator
    computed = _computed_side(item) if item and passage.is_analysis else None
    if computed is None:
        return
    keys = _keys(computed)
    alike = [
        (line, statement, side)
        for line, statement in found
        for side in statement.expressions()
        if side.shape == computed.shape
    ]
    if any(_keys(side) == keys for _, _, side in alike):
        return
    for line, statement, side in alike:
        pairs = zip(side.operands, computed.operands, strict=False)
        wrong = [(mine, theirs) for mine, theirs in pairs if mine.key != theirs.key]
        same = set(_keys(side)) & set(keys)
        if _is_one(wrong) and same and not _of_other_year(context, line, statement):
            yield statement, wrong[0]


def _is_one(wrong: list[tuple[Amount, Amount]]) -> bool:
    """Whether it is one number, perhaps at several places, that differs."""
    return len({(mine.key, theirs.key) for mine, theirs in wrong}) == 1


def _computed_side(item: ScoredIndicator) -> Side | None:
    calculation = item.result.calculation
    if not calculation:
        return None
    statements = statements_in(calculation, tokens_in(calculation))
    if len(statements) != 1 or len(statements[0].sides) != 2:
        return None
    side = statements[0].sides[0]
    return side if side and side.has_operator else None


def _keys(side: Side) -> list[str]:
    return [one.key for one in side.operands if not one.percent]


def _of_other_year(context: Context, line: Line, statement: Statement) -> bool:
    return is_other_period(clause_before(line.text, statement.start), context.year)


def _differs_from_data(
    passage: Passage, line: Line, statement: Statement, written: Amount, right: Amount
) -> Doubt:
    item = passage.indicator
    facts = input_facts(item) if item else ()
    names = [fact.title for fact in facts if fact.key == right.key]
    source = f"填報的「{names[0]}」" if names else "填報的資料"
    return Doubt(
        "error",
        "operand-differs",
        passage.at(line),
        f"算式「{statement.text}」用了 {written}，{source}卻是 {right}。"
        "請核對原始資料，更正算式或填報的數字。",
        frozenset({written.key, right.key}),
    )


# Against the text --------------------------------------------------------------------------------


def _rival(operand: Amount, statement: Statement, line: Line, known: Known) -> Mention | None:
    """The number of the text that the calculation should have used instead of `operand`."""
    best: tuple[int, Mention] | None = None
    for key in look_alikes(operand):
        if key in known.used or key in known.results:
            continue
        for mention in known.counts.get(key, ()):
            points = _evidence(operand, mention, statement, line, known)
            if points and (best is None or points > best[0]):
                best = points, mention
    return best[1] if best else None


def _evidence(
    operand: Amount, mention: Mention, statement: Statement, line: Line, known: Known
) -> int:
    """How much speaks for a slip; 0 is not enough.

    Beside another number of the calculation: 4. With it the calculation gives a number that
    stands there: 2. In the calculation's own sentence: 1, which alone is enough only for a
    calculation whose number is recorded nowhere.
    """
    others = [one for one in _operands(statement) if one.key != operand.key]
    beside = {one.key for one in others if _stands_beside(one.key, mention, known)}
    gives = any(_gives(mention, one, known) for one in others)
    own = mention.line is line and mention.sentence[1] == _sentence_of(statement, line)
    is_recorded = operand.key in known.recorded
    if is_recorded and mention.amount.key in known.recorded:
        return 0
    points = 4 * bool(beside) + 2 * gives + own
    return points if points > 1 or not is_recorded else 0


def _stands_beside(key: str, mention: Mention, known: Known) -> bool:
    return any(other.sentence == mention.sentence for other in known.counts.get(key, ()))


def _gives(mention: Mention, other: Amount, known: Known) -> bool:
    number, second = mention.amount.number, other.number
    return any(
        near.sentence == mention.sentence
        for value in (number - second, number + second)
        for near in known.counts.get(plain(value), ())
    )


def _sentence_of(statement: Statement, line: Line) -> int:
    return bisect_right(line.starts, statement.start)


def _differs_from_text(
    passage: Passage, line: Line, statement: Statement, operand: Amount, rival: Mention
) -> Doubt:
    return Doubt(
        "error",
        "operand-differs",
        passage.at(line),
        f"算式「{statement.text}」用了 {operand}，文字裡沒有這個數字；"
        f"文字寫的是 {rival.amount}（「{_quote(rival)}」）。"
        f"請核對原始資料，確認是 {operand} 還是 {rival.amount} 後更正。",
        frozenset({operand.key, rival.amount.key}),
    )


def _quote(mention: Mention) -> str:
    """The words around a number, not cut inside another number."""
    text, half = mention.line.text, _QUOTED // 4
    start, end = max(0, mention.start - half), min(len(text), mention.end + half)
    while start > 0 and text[start - 1].isascii():
        start -= 1
    while end < len(text) and text[end].isascii() and end < mention.end + _QUOTED:
        end += 1
    return text[start:end]


def _unexplained(
    passage: Passage, line: Line, statement: Statement, missing: list[Amount]
) -> Doubt:
    numbers = "、".join(str(one) for one in missing)
    return Doubt(
        "warning",
        "operand-unexplained",
        passage.at(line),
        f"算式「{statement.text}」中的 {numbers} 在文字與填報的資料中都沒有出現，"
        "讀者無法得知來源。請在文字中說明，或更正數字。",
        frozenset({one.key for one in missing}),
    )
