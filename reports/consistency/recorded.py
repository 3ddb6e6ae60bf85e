"""Rules `stated-input` and `stated-figure`: recorded numbers that a text gives differently."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

from indicators.scoring.rounding import grouped, plain
from reports.consistency.amounts import DIGITS, Amount, is_rounded, look_alikes
from reports.consistency.context import Context, Doubt, Line, Mention, Passage
from reports.consistency.facts import (
    Fact,
    facts_about,
    figure_facts,
    input_facts,
    recorded_keys,
    result_fact,
)
from reports.consistency.wording import bigrams, clause_before, is_other_period

_NUMBER = re.compile(
    r"(?:共計|合計|總計|計有|[為計共有達]|:)?"
    rf"(?P<digits>{DIGITS})(?![\d年月日/:~～%]|\.\d|,\d|-\d)(?P<rest>[\u4e00-\u9fff]?)"
)
_SCALES = frozenset("萬億千仟百餘多")
_MAY_PRECEDE = re.compile(
    r"(?:^|[，。；;、:()「」]|年度?|\d月|其中|本[府處局館院所校會中市縣]|之|的|及|與|和|有|辦理|參加)$"
)
_MONTH = re.compile(r"(?<!\d)\d{1,2}月$")
_PEOPLE, _CASES = frozenset("人名員位"), frozenset("件案")
_LEAST_NAME = 4
_THIS_YEAR = re.compile(r"^(?:本年度?|今年|當年度?)")
_LAST_YEAR = re.compile(r"^(?:上年度?|去年|前一年度?)")


def recorded(context: Context) -> Iterator[Doubt]:
    figures = list(figure_facts(context))
    elsewhere = _by_key([*figures, *_every_fact(context)])
    for passage in context.passages:
        about = facts_about(passage)
        facts = about if passage.indicator else about + figures
        for line in passage.lines:
            yield from _named(context, passage, line, facts)
            yield from _rows(passage, line, about)
        yield from _mistyped(context, passage, facts, elsewhere)


def _every_fact(context: Context) -> Iterator[Fact]:
    for item in context.plan.indicators():
        yield from input_facts(item)
        yield from result_fact(item)


def _by_key(facts: Iterable[Fact]) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = {}
    for fact in facts:
        found.setdefault(fact.key, []).append(fact)
    return found


# A recorded number's own name, and a number directly behind it -----------------------------------


def _named(context: Context, passage: Passage, line: Line, facts: list[Fact]) -> Iterator[Doubt]:
    """At each place the longest name counts; of several facts with it, any may be meant."""
    places: dict[int, tuple[str, list[Fact], re.Match[str]]] = {}
    for fact in facts:
        if _row_named(fact, line):
            continue
        for name, units in _names(fact, context.year):
            for start, match in _places(line, name, units):
                longest, found, _ = places.get(match.start(), ("", [], match))
                if len(name) > len(longest) and _may_stand(line, start, name, context):
                    places[match.start()] = name, [fact], match
                elif name == longest:
                    found.append(fact)
    for name, found, match in places.values():
        number = Decimal(match["digits"].replace(",", ""))
        if not any(_states(fact, number) for fact in found):
            yield _differs(passage, line, name, Amount(match["digits"]), found[0])


def _names(fact: Fact, year: int) -> Iterator[tuple[str, frozenset[str]]]:
    """What a text may call a number, and the units that must follow; empty for any."""
    for name in fact.names:
        for full in (name, *_dated(name, year)):
            if len(full) >= _LEAST_NAME:
                yield full, frozenset()
            for ending, units in (("人數", _PEOPLE), ("件數", _CASES)):
                if full.endswith(ending) and len(full) - len(ending) >= _LEAST_NAME:
                    yield full.removesuffix(ending), units
                    yield full[:-1], frozenset()


def _dated(name: str, year: int) -> Iterator[str]:
    """本年志工人數 of the plan of 107 is what a text calls 107年志工人數."""
    for pattern, number in ((_THIS_YEAR, year), (_LAST_YEAR, year - 1)):
        bare = pattern.sub("", name)
        if bare != name and len(bare) >= _LEAST_NAME:
            yield f"{number}年{bare}"
            yield f"{number}年度{bare}"


def _places(line: Line, name: str, units: frozenset[str]) -> Iterator[tuple[int, re.Match[str]]]:
    start = line.text.find(name)
    while start >= 0:
        match = _NUMBER.match(line.text, start + len(name))
        rest = match["rest"] if match else ""
        if match and rest not in _SCALES and (not units or rest in units):
            yield start, match
        start = line.text.find(name, start + 1)


def _may_stand(line: Line, start: int, name: str, context: Context) -> bool:
    """Whether a name is the whole of what is spoken of, in the plan's year."""
    before = line.text[max(0, start - 6) : start]
    if not _MAY_PRECEDE.search(before) or (_MONTH.search(before) and "月" not in name):
        return False
    if re.match(r"\d+年", name):
        return not re.search(r"[\d至]$", before)
    return not is_other_period(clause_before(line.text, start), context.year)


def _states(fact: Fact, number: Decimal) -> bool:
    return number == fact.value or number in fact.rows.values()


def _differs(passage: Passage, line: Line, name: str, amount: Amount, fact: Fact) -> Doubt:
    return Doubt(
        "error",
        "stated-input",
        passage.at(line),
        f"文字寫「{name}」{amount}，填報的「{fact.title}」卻是 {fact}。"
        "請核對後更正文字或填報的資料。",
        frozenset({amount.key, fact.key}),
    )


# The rows of a list ------------------------------------------------------------------------------


def _rows(passage: Passage, line: Line, facts: list[Fact]) -> Iterator[Doubt]:
    """`第1期:受訓70人；取得證照64人`: a paragraph that names one row of a list."""
    for fact in facts:
        label = _row_named(fact, line)
        if label is None:
            continue
        right = fact.rows[label]
        for amount in _row_amounts(line, fact):
            if amount.number not in (right, fact.value):
                yield Doubt(
                    "error",
                    "stated-input",
                    passage.at(line),
                    f"文字寫{label}「{_stem(fact.names[0])}」{amount}，"
                    f"填報的「{fact.title}」{label}卻是 {grouped(right)}。"
                    "請核對後更正文字或填報的資料。",
                    frozenset({amount.key, plain(right)}),
                )


def _row_named(fact: Fact, line: Line) -> str | None:
    """The label of the one row that a paragraph names."""
    labels = [label for label in fact.rows if label and label in line.text]
    return labels[0] if len(labels) == 1 else None


def _row_amounts(line: Line, fact: Fact) -> Iterator[Amount]:
    stem = _stem(fact.names[0])
    if len(stem) < 2:
        return
    pattern = rf"(?<![\u4e00-\u9fff]){re.escape(stem)}(?:人數|件數|數)?"
    for name in re.finditer(pattern, line.text):
        match = _NUMBER.match(line.text, name.end())
        if match and match["rest"] not in _SCALES and match["rest"] in ("", *fact.unit[:1]):
            yield Amount(match["digits"])


def _stem(symbol: str) -> str:
    return re.sub(r"[人件]?數$", "", symbol)


# One slip of the finger away from a recorded number ----------------------------------------------

_SHARED = 2  # pairs of characters that a recorded number's name and the words have in common
_WELL_SHARED = 3  # the same for a short number, which resembles many others
_SHORT = 2  # digits
_COMMON = {
    "人數",
    "件數",
    "次數",
    "場次",
    "案件",
    "辦理",
    "年度",
    "本年",
    "本處",
    "本府",
    "總計",
    "共計",
}
_WORDS_BEFORE, _WORDS_BEHIND = 24, 8
_CLAUSE_END = re.compile(r"[，。；、(]")
_MOST = 2_000  # numbers of one text
_ONE_UNIT = {"名": "人", "員": "人", "位": "人", "案": "件"}


def _mistyped(
    context: Context, passage: Passage, facts: list[Fact], elsewhere: dict[str, list[Fact]]
) -> Iterator[Doubt]:
    """A number that is recorded nowhere where a look-alike with the same name and unit is."""
    mentions = [one for one in passage.mentions() if one.kind in {"count", "percent"}][:_MOST]
    stated = {one.amount.key for one in mentions}
    own = {key for item in passage.indicators() for key in recorded_keys(item)}
    by_key = _by_key(fact for fact in facts if fact.key not in stated)
    for mention in mentions:
        if mention.amount.key in own or mention.amount.scale:
            continue
        words = _words(context, mention)
        if words and not _fitting(mention, elsewhere.get(mention.amount.key, ()), words):
            fact = _meant(mention, by_key, words)
            if fact and not _is_part(mention, fact, mentions):
                yield _mistyped_doubt(passage, mention, fact)


def _words(context: Context, mention: Mention) -> set[str]:
    """The words around a number that may name it; none where it is of another period."""
    text = mention.line.text
    clause = clause_before(text, mention.start)
    if is_other_period(clause, context.year):
        return set()
    behind = text[mention.end : mention.end + _WORDS_BEHIND]
    return bigrams(clause[-_WORDS_BEFORE:]) | bigrams(_CLAUSE_END.split(behind)[0])


def _meant(mention: Mention, by_key: dict[str, list[Fact]], words: set[str]) -> Fact | None:
    """The recorded number that was probably meant: of several the one best named."""
    near = (fact for key in look_alikes(mention.amount) for fact in by_key.get(key, ()))
    fitting = [one for one in _fitting(mention, near, words) if not _is_rounding(mention, one)]
    return max(fitting, key=lambda fact: _shared(fact, words), default=None)


def _fitting(mention: Mention, facts: Iterable[Fact], words: set[str]) -> list[Fact]:
    """The facts that the words around a number may name."""
    return [fact for fact in facts if _shared(fact, words) >= _SHARED and _same_unit(mention, fact)]


def _is_named(fact: Fact, words: set[str], amount: Amount) -> bool:
    """Whether the words have enough of one of its names, the more the shorter the number."""
    is_short = len(amount.key) <= _SHORT
    for name in fact.names:
        own = bigrams(name)
        shared = len(own & words - _COMMON)
        if shared >= _WELL_SHARED or (
            shared >= _SHARED and (not is_short or 2 * shared >= len(own))
        ):
            return True
    return False


def _shared(fact: Fact, words: set[str]) -> int:
    return len(words & bigrams("，".join(fact.names)) - _COMMON)


def _same_unit(mention: Mention, fact: Fact) -> bool:
    if mention.amount.percent or fact.unit == "%":
        return mention.amount.percent and fact.unit == "%"
    own = mention.amount.unit[:1] or mention.line.text[mention.end : mention.end + 1]
    unit = fact.unit[:1]
    return bool(unit) and _ONE_UNIT.get(unit, unit) == _ONE_UNIT.get(own, own)


def _is_rounding(mention: Mention, fact: Fact) -> bool:
    return is_rounded(Fraction(fact.value), mention.amount.number, mention.amount.places)


def _is_part(mention: Mention, fact: Fact, mentions: list[Mention]) -> bool:
    """Whether the number and another of its paragraph make up the recorded one."""
    rest = {fact.value - mention.amount.number, mention.amount.number - fact.value}
    near = {one.amount.number for one in mentions if one.line is mention.line}
    return bool(rest & near)


def _mistyped_doubt(passage: Passage, mention: Mention, fact: Fact) -> Doubt:
    return Doubt(
        "error",
        "stated-figure",
        passage.at(mention.line),
        f"文字寫 {mention.amount}，填報的「{fact.title}」卻是 {fact}，而文字裡沒有 {fact}。"
        "請核對是否誤植，更正文字或填報的資料。",
        frozenset({mention.amount.key, fact.key}),
    )
