"""The scoring README's tables are run: a rule and its example change together."""

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import indicators.scoring
from indicators.scoring.achievement import TargetError, achievement, meets
from indicators.scoring.aggregation import roll_up, score_indicator
from indicators.scoring.forecast import EarlierPair, Forecast, NoForecast, Steps, forecast
from indicators.scoring.formula import FormulaError, Impossible, parse
from indicators.scoring.interim import (
    ACTUAL,
    Gather,
    Interim,
    gathered,
    is_behind,
    path_at,
    printed_path,
    score_at,
)
from indicators.scoring.interim import (
    Path as Way,
)
from indicators.scoring.periods import Period
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
from indicators.scoring.year_values import year_value

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


def check_open_lost(settled, pending, *expected):
    groups = [
        [pair(text) for text in cell.split() if text != "none"] for cell in (settled, pending)
    ]
    totals = roll_up(*groups)
    assert expected == tuple(
        two_places(points) for points in (totals.lost, totals.open_lost, totals.reachable)
    )


def series(cell):
    return tuple(amount(value) for value in bare(cell).split())


def said(result):
    return plain(result) if isinstance(result, Decimal) else str(result)


def check_needs(rule, _needs, _comes_to):
    assert bare(rule) in set(Gather)


def check_gathered(rule, values, decimals, expected):
    result = gathered(Gather(rule), series(values), Period.MONTH, int(decimals))
    assert said(result) == bare(expected)


def check_year_value(rule, by, values, expected):
    interim = Interim(108, Period(by), rules={"a": Gather(rule)}, values={"a": series(values)})
    result = year_value(interim, "a", 0)
    assert ("none" if result is None else plain(result)) == bare(expected)


def dated(stage):
    """`25=2`: done in February of year 108; `25=open`, `25=done` without a date."""
    percent, _, state = stage.partition("=")
    done_on = date(2019, int(state), 15) if state.isdigit() else None
    return Milestone(percent, Decimal(percent), state != "open", done_on)


def followed(cell, given, by):
    rules, values = {}, {}
    for name, rule, listed in re.findall(r"(\w+): (\w+) `([^`]*)`", given):
        symbol = ACTUAL if name == "actual" else name
        rules[symbol], values[symbol] = Gather(rule), series(listed)
    interim = Interim(108, Period(by), rules=rules, values=values)
    if cell.startswith("milestones"):
        fields = {
            "method": Method.MILESTONES,
            "milestones": tuple(map(dated, cell.split()[1:])),
        }
    else:
        fields = entered(cell)
    unit = "%" if cell.startswith("`") else ""
    spec = Indicator("指標", Decimal(10), unit, 0, Direction.HIGHER, Decimal(100), **fields)
    return spec, interim


def check_as_of(cell, given, by, at, expected):
    result = score_at(*followed(cell, given, by), int(at), LowerPolicy.LINEAR)
    assert said(result.reason or result.actual) == bare(expected)


def check_path(direction, path, target, decimals, at, of, exact, printed, actual, behind):
    spec = indicator("none", decimals=decimals, direction=direction, target=target)
    interim = Interim(108, Period.MONTH if of == "12" else Period.QUARTER, Way(path))
    value = path_at(spec.target, Way(path), int(at), int(of))
    shown = plain(printed_path(spec, interim, int(at)))
    is_late = is_behind(spec, interim, Decimal(actual), int(at))
    assert (str(value), shown, yes(is_late)) == (exact, bare(printed), behind)


def check_forecast(by, actuals, earlier, decimals, *expected):
    pairs = [
        EarlierPair(int(year), Decimal(then), Decimal(end))
        for year, then, end in re.findall(r"(\d+): (\S+)→([\d.]+)", earlier)
    ]
    result = forecast(series(actuals), Period(by), int(decimals), pairs)
    assert figures_ahead(result) == expected


def check_steps(by, values, kind, decimals, *expected):
    """The actuals are what the values come to by then; of them only how many there are counts."""
    given = series(values)
    sums = [sum(given[:n]) for n in range(1, len(given) + 1)]
    actuals = [total / n if kind == "average" else total for n, total in enumerate(sums, 1)]
    steps = Steps(given, is_average=kind == "average")
    result = forecast(tuple(actuals), Period(by), int(decimals), steps=steps)
    assert figures_ahead(result) == expected


def figures_ahead(result: Forecast | NoForecast) -> tuple[str, ...]:
    if isinstance(result, Forecast):
        return tuple(plain(n) for n in (result.low, result.expected, result.high))
    return ("known" if result.is_known else "few",) * 3


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
    ("approved", "not approved", "lost", "still open", "reachable"): check_open_lost,
    ("rule", "needs", "comes to"): check_needs,
    ("rule", "values", "decimals", "comes to"): check_gathered,
    ("rule", "by", "values", "year's value"): check_year_value,
    ("entered", "rules and values", "by", "at", "actual, or why there is none"): check_as_of,
    (
        "direction",
        "path",
        "target",
        "decimals",
        "at",
        "of",
        "path's value",
        "printed",
        "actual",
        "behind",
    ): check_path,
    (
        "by",
        "actuals",
        "earlier years, same period → end",
        "decimals",
        "low",
        "expected",
        "high",
    ): check_forecast,
    (
        "by",
        "each period's values",
        "the year is their",
        "decimals",
        "low",
        "expected",
        "high",
    ): check_steps,
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
