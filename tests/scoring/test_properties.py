"""What must hold for every input, tried on generated ones."""

import math
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from indicators.scoring.achievement import achievement, meets
from indicators.scoring.aggregation import roll_up, score_indicator
from indicators.scoring.formula import FormulaError, Impossible, parse
from indicators.scoring.rounding import plain, rounded
from indicators.scoring.types import (
    Direction,
    Indicator,
    Input,
    InputRow,
    LowerPolicy,
    Method,
    Status,
)

few = settings(max_examples=150, derandomize=True)
many = settings(few, max_examples=400)

amounts = st.decimals(-(10**6), 10**6, places=2)
targets = st.decimals(0, 10**6, places=2)
policies = st.sampled_from(LowerPolicy)


# --- achievement


@few
@given(amounts, amounts, st.sampled_from(Direction), policies)
def test_achievement_is_within_0_to_100_and_full_when_met(actual, target, direction, policy):
    assume(target >= 0 or direction is Direction.EQUAL)
    held, uncapped = achievement(actual, target, direction, policy)
    assert 0 <= held <= 100
    assert (held == 100) is meets(actual, target, direction)
    if uncapped is not None:
        assert held == min(max(uncapped, 0), 100)


@few
@given(amounts, amounts, targets, policies)
def test_higher_never_scores_less_for_more(one, other, target, policy):
    less, more = sorted([one, other])
    direction = Direction.HIGHER
    assert (
        achievement(less, target, direction, policy)[0]
        <= achievement(more, target, direction, policy)[0]
    )


@few
@given(amounts, amounts, targets, policies)
def test_lower_never_scores_less_for_less(one, other, target, policy):
    less, more = sorted([one, other])
    direction = Direction.LOWER
    assert (
        achievement(less, target, direction, policy)[0]
        >= achievement(more, target, direction, policy)[0]
    )


@few
@given(amounts, amounts, amounts, policies)
def test_equal_never_scores_less_for_closer(one, other, target, policy):
    near, far = sorted([one, other], key=lambda actual: abs(actual - target))
    direction = Direction.EQUAL
    assert (
        achievement(near, target, direction, policy)[0]
        >= achievement(far, target, direction, policy)[0]
    )


# --- totals


def entered_directly(weight, actual, target, direction):
    return Indicator(
        title="指標",
        weight=weight,
        unit="",
        decimals=1,
        direction=direction,
        target=target,
        method=Method.DIRECT,
        actual=actual,
    )


weights = st.decimals("0.01", 100, places=2)
indicators = st.builds(
    entered_directly, weights, st.none() | amounts, targets, st.sampled_from(Direction)
)


@few
@given(st.lists(st.lists(indicators, max_size=5), max_size=5), policies)
def test_the_total_of_the_parts_is_the_whole(goals, policy):
    results = [[(each.weight, score_indicator(each, policy)) for each in goal] for goal in goals]
    parts = [roll_up(goal) for goal in results]
    whole = roll_up([pair for goal in results for pair in goal])
    for name in ("weight", "score", "lost", "winnable", "indicators", "met", "not_reported"):
        assert sum(Fraction(getattr(part, name)) for part in parts) == getattr(whole, name)
    assert whole.met + whole.missed + whole.not_reported == whole.indicators
    assert whole.score + whole.lost + Fraction(whole.winnable) == whole.weight
    settled, pending = [pair for goal in results[:2] for pair in goal], results[2:]
    split = roll_up(settled, pending=[pair for goal in pending for pair in goal])
    assert split.final_lost == roll_up(settled).lost
    assert replace(split, open_lost=Fraction(0)) == whole


@few
@given(indicators, policies)
def test_a_score_is_within_its_weight(indicator, policy):
    result = score_indicator(indicator, policy)
    assert 0 <= result.score <= indicator.weight
    assert (result.status is Status.MET) is (result.achievement == 100)


@few
@given(st.fractions(), st.integers(0, 6))
def test_rounded_is_the_nearest_and_half_goes_away_from_zero(value, places):
    error = abs(Fraction(rounded(value, places))) - abs(value)
    half = Fraction(1, 2 * 10**places)
    assert -half < error <= half


# --- formulas: an own tree, written out as text and worked out without the parser


@dataclass(frozen=True)
class Written:
    """A generated formula: its text, how tightly it binds, and what it comes to.

    `value` is None where it has no result. `bind`: 0 sum, 1 product, 2 the rest.
    """

    text: str
    bind: int
    value: Fraction | None


@dataclass(frozen=True)
class Condition:
    text: str
    value: bool | None


NUMBERS = {"甲": "7", "乙": "-2.5", "零": "0", "丙_3": "999.25"}
LISTS = {"列": ["10", "20.5", "-3"], "單": ["0.1"]}
INPUTS = {name: Input(name, value=Decimal(value)) for name, value in NUMBERS.items()} | {
    name: Input(name, rows=tuple(InputRow("", Decimal(value)) for value in values))
    for name, values in LISTS.items()
}
ELEMENTS = {name: [Fraction(value) for value in values] for name, values in LISTS.items()}

blanks = st.sampled_from(["", "", "", " ", "\u3000", "\n"])


def full_width(text):
    return text.translate(
        str.maketrans("0123456789()+-*/,%<>=.", "０１２３４５６７８９（）＋－＊／，％＜＞＝．")
    )


literals = st.builds(
    lambda number, percent, wide: Written(
        (full_width if wide else str)(plain(number) + "%" * percent),
        2,
        Fraction(number) / (100 if percent else 1),
    ),
    st.decimals(0, 1000, places=2),
    st.booleans(),
    st.booleans(),
)
names = st.sampled_from(
    [Written(name, 2, Fraction(value)) for name, value in NUMBERS.items()]
    + [Written(name, 2, sum(values)) for name, values in ELEMENTS.items()]
)
leaves = literals | names


def at_least(written, bind):
    return written.text if written.bind >= bind else f"({written.text})"


def lift(function, *values):
    """The function's value, None if any argument has none or it has none itself."""
    if any(value is None for value in values):
        return None
    try:
        return Fraction(function(*values))
    except ZeroDivisionError:
        return None


OPERATORS = {
    "+": (0, lambda a, b: a + b),
    "-": (0, lambda a, b: a - b),
    "*": (1, lambda a, b: a * b),
    "×": (1, lambda a, b: a * b),
    "/": (1, lambda a, b: a / b),
    "÷": (1, lambda a, b: a / b),
}
COMPARISONS = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "≠": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "≤": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def half_away(value, places):
    magnitude = math.floor(abs(value) * 10**places + Fraction(1, 2))
    return Fraction(magnitude if value > 0 else -magnitude, 10**places)


def binary(left, operator, right, before, after):
    bind, function = OPERATORS[operator]
    text = at_least(left, bind) + before + operator + after + at_least(right, bind + 1)
    return Written(text, bind, lift(function, left.value, right.value))


def signed(sign, operand):
    value = lift((lambda v: -v) if sign == "-" else (lambda v: v), operand.value)
    return Written(sign + at_least(operand, 2), 2, value)


def called(name, operand):
    function = {"ABS": abs, "FLOOR": math.floor, "CEIL": math.ceil, "ROUND": None}[name]
    function = function or (lambda value: half_away(value, 0))
    return Written(f"{name}({operand.text})", 2, lift(function, operand.value))


def rounded_to(operand, places):
    value = lift(lambda v: half_away(v, places), operand.value)
    return Written(f"ROUND({operand.text},{places})", 2, value)


def aggregated(name, arguments):
    function = {
        "SUM": lambda *v: sum(v),
        "AVERAGE": lambda *v: sum(v) / len(v),
        "COUNT": lambda *v: len(v),
        "MIN": lambda *v: min(v),
        "MAX": lambda *v: max(v),
    }[name]
    values = [v for each in arguments for v in ELEMENTS.get(each.text, [each.value])]
    texts = ",".join(each.text for each in arguments)
    return Written(f"{name}({texts})", 2, lift(function, *values))


def compared(left, operator, right, parenthesised):
    text = f"{left.text}{operator}{right.text}"
    value = lift(COMPARISONS[operator], left.value, right.value)
    return Condition(f"({text})" if parenthesised else text, None if value is None else bool(value))


def connected(name, conditions):
    decides = name == "OR"
    value = not decides
    for condition in conditions:
        if condition.value is None or condition.value is decides:
            value = condition.value
            break
    return Condition(f"{name}({','.join(each.text for each in conditions)})", value)


def chosen(condition, then, otherwise):
    value = None
    if condition.value is not None:
        value = (then if condition.value else otherwise).value
    return Written(f"IF({condition.text},{then.text},{otherwise.text})", 2, value)


def larger(inner):
    comparisons = st.builds(
        compared, inner, st.sampled_from(list(COMPARISONS)), inner, st.booleans()
    )
    connections = st.builds(
        connected, st.sampled_from(["AND", "OR"]), st.lists(comparisons, min_size=1, max_size=3)
    )
    return st.one_of(
        st.builds(binary, inner, st.sampled_from(list(OPERATORS)), inner, blanks, blanks),
        st.builds(signed, st.sampled_from("+-"), inner),
        st.builds(lambda written: Written(f"({written.text})", 2, written.value), inner),
        st.builds(called, st.sampled_from(["ABS", "FLOOR", "CEIL", "ROUND"]), inner),
        st.builds(rounded_to, inner, st.integers(0, 6)),
        st.builds(
            aggregated,
            st.sampled_from(["SUM", "AVERAGE", "COUNT", "MIN", "MAX"]),
            st.lists(inner, min_size=1, max_size=3),
        ),
        st.builds(chosen, comparisons | connections, inner, inner),
    )


formulas = st.recursive(leaves, larger, max_leaves=12)


def result(source, inputs):
    try:
        return parse(source, inputs).evaluate(inputs)
    except Impossible:
        return None


@many
@given(formulas)
def test_evaluation_agrees_with_an_independent_one(written):
    assert result(written.text, INPUTS) == written.value


@many
@given(formulas)
def test_printing_and_reading_again_gives_the_same_tree(written):
    formula = parse(written.text)
    again = parse(str(formula))
    assert again.tree == formula.tree
    assert str(again) == str(formula)


@many
@given(formulas)
def test_the_printed_calculation_comes_to_the_same(written):
    printed = parse(written.text).with_values(INPUTS)
    assert result(printed, {}) == written.value


def refused_or_read(source):
    try:
        formula = parse(source, ["甲", "a"])
    except FormulaError as error:
        assert 1 <= error.position <= len(source) + 1
        str(error).encode()
    else:
        assert parse(str(formula)).tree == formula.tree


@many
@given(st.text())
def test_any_text_is_read_or_refused_with_a_position(source):
    refused_or_read(source)


@many
@given(
    st.lists(
        st.sampled_from([*"()+-*/%,<>=.1a甲（）％≥ \ud800", "IF(", "AND(", "SUM(", "ROUND(", "SUM"])
    ).map("".join)
)
def test_any_sequence_of_words_is_read_or_refused_with_a_position(source):
    refused_or_read(source)
