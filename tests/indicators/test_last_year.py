"""Last year's figures: what this plan states first, else last year's own plan; by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from indicators import actions
from indicators.last_year import last_year_of, year_before
from indicators.queries import load_plan
from indicators.records import IndicatorRecord, YearBefore
from indicators.scorecards.glance_table import glance_table
from indicators.scorecards.indicator_page import previous_year
from indicators.scorecards.score_table import score_table
from indicators.scorecards.scored import score_plan
from indicators.scorecards.since import changes_since, month_ago
from indicators.scoring.types import LowerPolicy, Method
from tests.conftest import NOW
from tests.indicators.test_pages import plan_of, spec

DIRECT = {"method": Method.DIRECT, "inputs": (), "formula": ""}
KNOWN = {"target": Decimal(85), "actual": Decimal(90), **DIRECT}
SAYS_TARGET = "本年計畫引用去年目標 82，去年計畫為 85。"
SAYS_ACTUAL = "本年計畫引用去年實際 88，去年計畫為 90。"


def number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def record(target: str | None, actual: str | None, before: YearBefore | None) -> IndicatorRecord:
    return IndicatorRecord(
        spec(1, **DIRECT),
        lineage="pass-rate",
        previous_target=number(target),
        previous_actual=number(actual),
        before=before,
    )


def known(status: str = "approved", **changes: object) -> YearBefore:
    found = IndicatorRecord(spec(1, **KNOWN | changes), status=status)
    return year_before(found, LowerPolicy.LINEAR)


@pytest.mark.parametrize(
    ("stated", "before", "figures", "differs"),
    [
        ((None, None), None, (None, None), []),
        (("82", "88"), None, ("82", "88"), []),
        ((None, None), known(), ("85", "90"), []),
        (("85.0", "90.00"), known(), ("85", "90"), []),
        (("82", None), known(), ("82", "90"), [SAYS_TARGET]),
        ((None, "88"), known(), ("85", "88"), [SAYS_ACTUAL]),
        (("82", "88"), known(), ("82", "88"), [SAYS_TARGET, SAYS_ACTUAL]),
        ((None, None), known(actual=None), ("85", None), []),
        ((None, "88"), known(unit="件"), (None, "88"), []),
        ((None, None), known(decimals=3), (None, None), []),
    ],
)
def test_what_is_stated_comes_first_and_differences_are_said(stated, before, figures, differs):
    found = last_year_of(record(*stated, before))
    assert (found.target, found.actual) == tuple(map(number, figures))
    assert [str(sentence) for sentence in found.differs] == differs


@pytest.mark.parametrize("status", ["draft", "submitted", "returned"])
def test_what_is_not_approved_in_last_year_s_plan_is_compared_but_not_taken(status):
    found = last_year_of(record("82", None, known(status)))
    assert (found.target, found.actual) == (Decimal(82), None)
    assert [str(said) for said in found.differs] == [
        "本年計畫引用去年目標 82，去年計畫為 85（尚未核定）。"
    ]


# From the rows ------------------------------------------------------------------------------------


def stored(*records: IndicatorRecord, year: int):
    return actions.replace_plan(replace(plan_of(*records), year=year), by=None, now=NOW)


@pytest.fixture
def plan(db):
    """107 has 90 against 85, approved; 108 states 88 of its actual, and nothing of its target."""
    stored(IndicatorRecord(spec(1, **KNOWN), lineage="pass-rate"), year=107).indicators.update(
        status="approved"
    )
    return stored(record(None, "88", None), year=108)


def test_plan_is_loaded_with_last_year_s_figures_by_lineage_where_asked(plan):
    (found,) = load_plan(plan, with_texts=False, with_last_year=True).indicators()
    assert found.before == YearBefore(spec(1, **KNOWN), Decimal(90), is_approved=True)
    (plain,) = load_plan(plan, with_texts=False).indicators()
    assert plain.before is None


@pytest.mark.parametrize("times", [1, 5])
def test_last_year_takes_five_queries(times, db, django_assert_num_queries):
    items = [IndicatorRecord(spec(n, **KNOWN), lineage=f"line-{n}") for n in range(times)]
    stored(*items, year=107)
    later = stored(*items, year=108)
    with django_assert_num_queries(6 + 5):
        load_plan(later, with_texts=False, with_last_year=True)


def test_pages_and_tables_have_the_same_figure_and_say_that_it_differs(plan):
    scored = score_plan(load_plan(plan, with_texts=False, with_last_year=True))
    (item,) = scored.indicators()
    page = previous_year(107, item)
    assert page is not None
    assert (page.target, page.actual, [str(said) for said in page.differs]) == (
        "85%",
        "88%",
        [SAYS_ACTUAL],
    )
    score = score_table(scored)
    cells = dict(zip(score.heads, score.rows[0], strict=True))
    assert (cells["去年目標"], cells["去年實際"]) == (Decimal(85), Decimal(88))
    at_a_glance = glance_table(scored, changes_since(plan, scored, month_ago(NOW)))
    cells = dict(zip(at_a_glance.heads, at_a_glance.rows[0], strict=True))
    assert cells["去年實際"] == Decimal(88)
    for table in (score, at_a_glance):
        assert f"「指標 1」：{SAYS_ACTUAL}" in table.notes
