"""The scoring README's tables are run: a rule and its example change together."""

import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import indicators.scoring
from indicators.scoring.achievement import TargetError, achievement, meets
from indicators.scoring.aggregation import roll_up, score_indicator
from indicators.scoring.formula import FormulaError, Impossible, parse
from indicators.scoring.ratings import light
from indicators.scoring.rounding import grouped, plain, rounded, two_places
from indicators.scoring.trend import change, redefined, with_actual
from indicators.scoring.types import (
    Direction,
    Indicator,
    IndicatorResult,
    Input,
    InputRow,
    LowerPolicy,
    Method,
    Milestone,
    Status,
)

README = Path(indicators.scoring.__file__).with_name("README.md")
DONE = {"done": True, "open": False, "?": None}


def tables(text):
    """The README's tables as (header, rows of cells)."""
    for block in re.findall(r"(?:^\|.*\n)+", text, flags=re.MULTILINE):
        header, _, *rows = [
            tuple(cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1])
            for line in block.splitlines()
        ]
        yield header, rows


def bare(cell):
    return cell.strip("`")


def amount(text):
    return None if text in ("?", "none") else Decimal(text)


def inputs(cell):
    """`a=1 b=? x=[1 2]` as inputs by symbol."""
    given = {}
    for symbol, rows, value in re.findall(r"(\w+)=(?:\[([^]]*)\]|(\S+))", cell):
        if value:
            given[symbol] = Input(symbol, value=amount(value))
        else:
            listed = tuple(InputRow("", amount(row)) for row in rows.split())
            given[symbol] = Input(symbol, rows=listed)
    return given


def entered(cell):
    """The fields of an indicator that say where its actual comes from."""
    if match := re.fullmatch(r"`(.*)`(.*)", cell):
        return {
            "method": Method.FORMULA,
            "formula": match[1],
            "inputs": tuple(inputs(match[2]).values()),
        }
    if cell.startswith("milestones"):
        stages = (stage.split("=") for stage in cell.split()[1:])
        return {
            "method": Method.MILESTONES,
            "milestones": tuple(
                Milestone(percent, Decimal(percent), DONE[state]) for percent, state in stages
            ),
        }
    return {"method": Method.DIRECT, "actual": amount(cell)}


def indicator(cell, unit="", decimals="0", direction="higher", target="1", weight="10"):
    return Indicator(
        title="指標",
        weight=Decimal(weight),
        unit=unit,
        decimals=int(decimals),
        direction=Direction(direction),
        target=Decimal(target),
        **entered(cell),
    )


def yes(value):
    return "yes" if value else "no"


def check_where(wanted, section, file):
    name, _, anchor = section.strip("[)").partition("](#")
    assert section == "" or anchor == name.lower().replace(" ", "-")
    assert section == "" or re.search(rf"^##+ {name}$", README.read_text("utf-8"), re.MULTILINE)
    assert README.with_name(bare(file)).is_file()


def check_rounding(value, places, *expected):
    number = Decimal(bare(value))
    figure = rounded(number, int(places))
    printed = (plain(figure), grouped(figure), two_places(Fraction(number)))
    assert printed == tuple(map(bare, expected))


def check_formula(source, values, result, printed):
    given = inputs(values)
    formula = parse(bare(source), given)
    assert formula.evaluate(given) == Fraction(result)
    assert formula.with_values(given) == bare(printed)


def check_refused(source, sentence):
    with pytest.raises(FormulaError) as caught:
        parse(bare(source))
    assert str(caught.value) == sentence


def check_impossible(source, values, sentence):
    given = inputs(values)
    with pytest.raises(Impossible) as caught:
        parse(bare(source), given).evaluate(given)
    assert str(caught.value) == sentence


def check_rules(direction, uncapped, zero):
    assert direction.split(",")[0] in set(Direction)


def check_achievement(direction, policy, actual, target, held, uncapped, met):
    figures = Decimal(actual), Decimal(target), Direction(direction)
    try:
        exact = achievement(*figures, LowerPolicy(policy))
        printed = tuple("none" if value is None else two_places(value) for value in exact)
    except TargetError:
        printed = ("fault", "fault")
    assert (*printed, yes(meets(*figures))) == (held, uncapped, met)


def check_score(cell, unit, decimals, direction, target, weight, *expected):
    entry = indicator(cell, unit, decimals, direction, target, weight)
    result = score_indicator(entry, LowerPolicy.LINEAR)
    printed = (
        plain(result.actual),
        two_places(result.achievement),
        two_places(result.score),
        result.status.value,
        result.calculation or "none",
        yes(result.rounding_turned_miss_into_met),
    )
    assert printed == tuple(map(bare, expected))


def check_light(held, green, yellow, expected):
    given = [Decimal(bare(cell)) if cell else None for cell in (held, green, yellow)]
    exact = None if given[0] is None else Fraction(given[0])
    assert light(exact, given[1], given[2]) == bare(expected)


def check_redefined(earlier, later, expected):
    parts = redefined(definition(earlier), definition(later))
    assert (" ".join(parts) or "none") == expected


def definition(cell):
    how, unit, decimals, direction = re.fullmatch(r"(`.*`|direct) (\S+) (\d) (\w+)", cell).groups()
    if how == "direct":
        how = "1"
    return indicator(how, unit, decimals, direction)


def check_change(earlier, later, expected):
    found = change(amount(bare(earlier)), amount(bare(later)))
    assert ("?" if found is None else plain(found)) == bare(expected)


def check_moved(cell, unit, decimals, direction, target, weight, moved, *expected):
    entry = indicator(cell, unit, decimals, direction, target, weight)
    result = score_indicator(with_actual(entry, Decimal(moved)), LowerPolicy.LINEAR)
    printed = plain(result.actual), two_places(result.achievement), two_places(result.score)
    assert printed == expected


def check_not_reported(cell, reason):
    result = score_indicator(indicator(cell), LowerPolicy.LINEAR)
    assert result.status is Status.NOT_REPORTED
    assert str(result.reason) == reason


def pair(text):
    weight, _, held = text.partition(":")
    if held == "?":
        return Decimal(weight), IndicatorResult(Status.NOT_REPORTED, Fraction(0))
    status = Status.MET if held == "100" else Status.MISSED
    return Decimal(weight), IndicatorResult(status, Fraction(weight) * Fraction(held) / 100)


def check_roll_up(cell, *expected):
    totals = roll_up(pair(text) for text in cell.split() if text != "none")
    printed = (
        plain(totals.weight),
        two_places(totals.score),
        two_places(totals.lost),
        plain(totals.winnable),
        yes(totals.complete),
    )
    assert printed == expected


CHECKS = {
    ("You look for", "Section", "File"): check_where,
    ("value", "decimals", "plain", "grouped", "two places"): check_rounding,
    ("formula", "values", "result", "printed"): check_formula,
    ("formula", "sentence"): check_refused,
    ("formula", "values", "sentence"): check_impossible,
    ("direction", "uncapped", "T = 0"): check_rules,
    ("direction", "policy", "actual", "target", "held", "uncapped", "met"): check_achievement,
    (
        "entered",
        "unit",
        "decimals",
        "direction",
        "target",
        "weight",
        "actual",
        "achievement",
        "score",
        "status",
        "calculation",
        "flagged",
    ): check_score,
    ("achievement", "green from", "yellow from", "light"): check_light,
    ("entered", "reason"): check_not_reported,
    ("indicators", "weight", "score", "lost", "winnable", "complete"): check_roll_up,
    ("earlier year", "later year", "redefined"): check_redefined,
    ("earlier actual", "later actual", "change"): check_change,
    (
        "entered",
        "unit",
        "decimals",
        "direction",
        "target",
        "weight",
        "moved to",
        "actual",
        "achievement",
        "score",
    ): check_moved,
}
TABLES = list(tables(README.read_text("utf-8")))


def test_every_table_of_the_readme_is_checked():
    assert [header for header, _ in TABLES] == list(CHECKS)


@pytest.mark.parametrize(
    ("header", "row"), [(header, row) for header, rows in TABLES for row in rows]
)
def test_readme_example(header, row):
    CHECKS[header](*row)
