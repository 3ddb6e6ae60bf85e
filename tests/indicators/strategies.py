"""Plans of every shape that a document may have, for hypothesis."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from indicators.interchange.nodes import is_blank
from indicators.records import (
    FigureRecord,
    GoalRecord,
    IndicatorRecord,
    InterimRecord,
    PerspectiveRecord,
    PlanRecord,
    Policy,
    Review,
    SectionRecord,
)
from indicators.scoring.interim import ACTUAL, Gather, Path
from indicators.scoring.periods import Period
from indicators.scoring.rounding import exact_sum
from indicators.scoring.tree import ARITY
from indicators.scoring.types import (
    Direction,
    Indicator,
    Input,
    InputRow,
    LowerPolicy,
    Method,
    Milestone,
)

characters = st.one_of(
    st.characters(exclude_categories=["Cc", "Cs"]),
    st.sampled_from("\n\t\r%{}#<>&'\"\\堃喆峯𡘙😀"),
)
texts = st.text(characters, max_size=20)
titles = texts
names = titles.filter(lambda text: not is_blank(text))
owners = st.just("") | names
codes = st.from_regex(r"[a-z0-9-]{2,40}", fullmatch=True)
keys = st.from_regex(r"[a-z0-9_-]{2,40}", fullmatch=True)
symbols = st.text(
    st.sampled_from("甲乙丙丁戊己庚辛壬癸abcXYZ_0189") | st.characters(categories=["Lo"]),
    min_size=1,
    max_size=8,
).filter(lambda text: text.isidentifier() and text not in ARITY)


@st.composite
def numbers(draw, *, signed=True):
    """Any number as a document may write it: up to 30 digits, trailing zeros, -0."""
    digits = draw(st.text("0123456789", min_size=1, max_size=30))
    point = draw(st.integers(1, len(digits)))
    sign = draw(st.sampled_from(["", "-"])) if signed else ""
    whole, fraction = digits[:point], digits[point:]
    return Decimal(f"{sign}{whole}.{fraction}" if fraction else sign + whole)


weights = st.decimals("0.001", "999999", places=3) | st.integers(1, 10**6).map(Decimal)
entered = st.none() | numbers()
small_lists = {"max_size": 3}
rows = st.lists(st.builds(InputRow, names, entered), **small_lists).map(tuple)
inputs = st.one_of(
    st.builds(Input, symbols, value=entered, label=titles, unit=titles),
    st.builds(Input, symbols, rows=rows, label=titles, unit=titles),
)
percents = st.lists(st.integers(0, 10**6), min_size=1, max_size=4, unique=True).map(
    lambda found: [Decimal(value) / 10_000 for value in sorted(found)]
)


@st.composite
def methods(draw):
    """The members of an indicator that its method has."""
    method = draw(st.sampled_from(Method))
    if method == Method.DIRECT:
        return {"method": method, "actual": draw(entered)}
    if method == Method.MILESTONES:
        stages = [
            Milestone(draw(names), percent, draw(st.none() | st.booleans()))
            for percent in draw(percents)
        ]
        return {"method": method, "milestones": tuple(stages)}
    given = draw(st.lists(inputs, unique_by=lambda one: one.symbol, **small_lists))
    operators = st.sampled_from([" + ", "-", "*", "÷", "／"])
    formula = "100%" + "".join(draw(operators) + one.symbol for one in given)
    return {"method": method, "inputs": tuple(given), "formula": formula}


@st.composite
def specs(draw):
    direction = draw(st.sampled_from(Direction))
    return Indicator(
        title=draw(names),
        weight=draw(weights),
        unit=draw(st.just("%") | titles),
        decimals=draw(st.integers(0, 6)),
        direction=direction,
        target=draw(numbers(signed=direction == Direction.EQUAL)),
        **draw(methods()),
    )


reviews = st.builds(Review, cause=texts, action=texts, responsible=titles, due=st.dates())
gathers = st.sampled_from([gather for gather in Gather if gather])


@st.composite
def interims(draw, spec):
    """How an indicator of this kind may be followed; no values where there are no periods."""
    could_be = [given.symbol for given in spec.inputs if given.rows is None]
    if spec.method == Method.DIRECT:
        could_be = [ACTUAL]
    rules = draw(st.dictionaries(st.sampled_from(could_be), gathers)) if could_be else {}
    period = draw(st.sampled_from(Period))
    values = {}
    if rules and period:
        cells = st.tuples(st.sampled_from([*rules]), st.integers(1, period.in_year))
        values = draw(st.dictionaries(cells, numbers(), max_size=12))
    return InterimRecord(period, draw(st.sampled_from(Path)), rules, values).or_none()


followed = specs().flatmap(
    lambda spec: st.fixed_dictionaries({"spec": st.just(spec), "interim": interims(spec)})
)
wordy = st.builds(
    IndicatorRecord,
    spec=specs(),
    owner=owners,
    previous_target=st.none() | numbers(),
    previous_actual=st.none() | numbers(),
    review=st.none() | reviews,
    measure=texts,
    evaluation=texts,
    analysis=texts,
    lineage=st.just(""),
    interim=st.none(),
    pk=st.none(),
)
indicators = st.builds(lambda words, own: replace(words, **own), wordy, followed)
goals = st.lists(indicators, min_size=1, max_size=3).flatmap(
    lambda found: st.builds(
        GoalRecord,
        names,
        st.just(exact_sum(one.spec.weight for one in found)),
        st.just(tuple(found)),
    )
)
perspectives = st.builds(PerspectiveRecord, names, st.lists(goals, max_size=2).map(tuple))
figures = st.builds(FigureRecord, keys, names, titles, entered, texts, st.none() | numbers())
sections = st.recursive(
    st.builds(SectionRecord, names, texts, st.just(())),
    lambda below: st.builds(SectionRecord, names, texts, st.lists(below, **small_lists).map(tuple)),
    max_leaves=5,
)
lights = st.just((None, None)) | st.lists(numbers(), min_size=2, max_size=2).map(
    lambda pair: (max(pair), min(pair))
)


@st.composite
def policies(draw):
    return Policy(draw(st.just("") | st.sampled_from([*LowerPolicy])), *draw(lights))


plans = st.builds(
    PlanRecord,
    agency_code=codes,
    agency_name=names,
    year=st.integers(1, 999),
    perspectives=st.lists(perspectives, **small_lists).map(tuple),
    policy=policies(),
    figures=st.lists(figures, unique_by=lambda one: one.key, **small_lists).map(tuple),
    sections=st.lists(sections, **small_lists).map(tuple),
    sample_note=texts,
    interim_note=texts,
    status=st.just("draft"),
    pk=st.none(),
)
