"""What moved since a moment: the plan as it was, played back from its history."""

import random
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators import actions, models
from indicators.actions.assigning import Assignment, assign
from indicators.entries import Entry, Stage, entry_of
from indicators.event_queries import newer_events
from indicators.permissions import NotAllowed, actor_of
from indicators.queries import find_indicator, find_plan, load_indicator, load_plan
from indicators.records import IndicatorRecord, Review
from indicators.scorecards.rewind import rewound
from indicators.scorecards.scored import score_plan
from indicators.scorecards.since import Move, changes_since, month_before
from indicators.scoring.types import Direction, Input, InputRow, Method, Milestone
from tests.indicators.test_pages import plan_of, spec
from tests.indicators.test_steps import prove

START = datetime(2020, 1, 6, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ROLES = ("clerk", "supervisor", "plan_manager")


def made_record():
    """One indicator of each method, and lists beside single inputs."""
    stages = tuple(Milestone(f"階段{n}", Decimal(25 * n), None) for n in range(1, 5))
    items = (
        spec(1, weight=Decimal(40)),
        spec(
            2,
            weight=Decimal(30),
            target=Decimal(20),
            direction=Direction.LOWER,
            inputs=(Input("乙", Decimal("18.70")), Input("丙", None, label="總件數")),
            formula="乙/丙*100%",
        ),
        spec(3, weight=Decimal(20), method=Method.DIRECT, inputs=(), formula=""),
        replace(
            spec(4, weight=Decimal(10), target=Decimal(75), inputs=(), formula=""),
            method=Method.MILESTONES,
            milestones=stages,
        ),
    )
    return plan_of(*(IndicatorRecord(item, owner="企劃科") for item in items))


@pytest.fixture
def plan(db):
    return actions.replace_plan(made_record(), by=None, now=START)


@pytest.fixture
def act(plan, make_user):
    people = {role: make_user(role, plan.agency) for role in ROLES}
    return lambda role: actor_of(people[role], date(2020, 1, 6))


def row(plan, number: int) -> models.Indicator:
    return plan.indicators.get(title=f"指標 {number}")


def save(one: models.Indicator, actor, now, **values) -> None:
    fresh = models.Indicator.objects.select_related("plan").get(pk=one.pk)
    entry = entry_of(load_indicator(find_indicator(fresh.plan, one.pk)))
    inputs = {**entry.inputs, **values.pop("inputs", {})}
    actions.record_entry(
        indicator_id=one.pk,
        entry=replace(entry, inputs=inputs, **values),
        revision=fresh.revision,
        actor=actor,
        now=now,
    )


@pytest.fixture
def proven(plan, act):
    """Every input has its evidence, so that an entry can be submitted."""
    for one in plan.indicators.order_by("pk"):
        prove(one, act("clerk").user)


def now_of(plan):
    return load_plan(find_plan(plan.agency.code, plan.year), with_texts=False)


def moves(line) -> dict[str, tuple]:
    return {move.name: (move.before, move.after) for move in line.moves}


# Playing back -------------------------------------------------------------------------------------


def random_entry(dice: random.Random, entry: Entry) -> Entry:
    """Any of its fields, some of them with other values."""

    def number():
        return dice.choice(
            [None, Decimal(dice.randint(0, 99)), Decimal(f"{dice.randint(0, 9)}.50")]
        )

    def rows():
        return tuple(InputRow(dice.choice("一二三"), number()) for _ in range(dice.randint(0, 3)))

    inputs = {
        symbol: (rows() if isinstance(value, tuple) else number()) if dice.random() < 0.6 else value
        for symbol, value in entry.inputs.items()
    }
    done = dice.randint(0, len(entry.stages))
    stages = tuple(
        Stage(n < done, date(2020, 1, 1 + n) if n < done and dice.random() < 0.5 else None)
        for n in range(len(entry.stages))
    )
    review = Review(
        dice.choice(["", "因"]), dice.choice(["", "辦"]), "", dice.choice([None, date(2020, 6, 30)])
    )
    return replace(
        entry,
        inputs=inputs,
        stages=dice.choice([entry.stages, stages]),
        analysis=dice.choice(["", "分析", "分析二"]),
        review=dice.choice([entry.review, review]),
    )


def play(dice: random.Random, plan, act, now) -> None:
    """One thing that somebody does; what isn't allowed just now is not done."""
    one = dice.choice(list(plan.indicators.order_by("pk")))
    kind = dice.choice(["save", "save", "save", "submit", "return", "approve", "assign", "due"])
    unit = dice.choice([None, *plan.agency.units.order_by("pk").values_list("pk", flat=True)])
    day = dice.choice([None, date(2020, 12, 31), date(2021, 1, 15)])
    with suppress(NotAllowed, actions.NotReady):
        if kind == "save":
            entry = random_entry(dice, entry_of(load_indicator(find_indicator(plan, one.pk))))
            if one.method == Method.DIRECT:
                entry = replace(entry, actual=Decimal(dice.randint(0, 90)))
            actions.record_entry(
                indicator_id=one.pk, entry=entry, revision=one.revision, actor=act("clerk"), now=now
            )
        elif kind == "submit":
            actions.submit(indicator_id=one.pk, revision=one.revision, actor=act("clerk"), now=now)
        elif kind == "return":
            actions.return_for_correction(
                indicator_id=one.pk, reason="請核對", actor=act("supervisor"), now=now
            )
        elif kind == "approve":
            actions.approve(revisions={one.pk: one.revision}, actor=act("supervisor"), now=now)
        else:
            wanted = Assignment(plan={"due": day})
            if kind == "assign":
                wanted = Assignment(indicators={one.pk: {"owner": unit, "due": day}})
            assign(plan_id=plan.pk, wanted=wanted, actor=act("plan_manager"), now=now)


@pytest.mark.parametrize("seed", range(8))
def test_any_moment_comes_back_as_it_was_recorded(seed, plan, act, proven):
    """Whatever was done since, and in whatever order."""
    models.Unit.objects.create(agency=plan.agency, name="人事室")
    dice = random.Random(seed)
    recorded = [(START + HOUR, now_of(plan))]
    for step in range(1, 25):
        play(dice, plan, act, START + step * HOUR + HOUR / 2)
        recorded.append((START + (step + 1) * HOUR, now_of(plan)))
    now = recorded[-1][1]
    events = models.AuditEvent.objects.of_plan(plan).count()
    assert events > 8  # the dice did something
    for moment, then in recorded:
        assert rewound(now, newer_events(find_plan("tc-made", 108), moment)) == then


def test_event_whose_clock_was_behind_is_undone_in_the_order_it_came(plan, act):
    before = now_of(plan)
    one = row(plan, 3)
    save(one, act("clerk"), START + 5 * HOUR, actual=Decimal(10))
    save(one, act("clerk"), START + 2 * HOUR, actual=Decimal(20))  # a clock that was set back
    assert rewound(now_of(plan), newer_events(plan, START + 4 * HOUR)) == before


# What moved ---------------------------------------------------------------------------------------


def changed(plan, since):
    fresh = find_plan(plan.agency.code, plan.year)
    return changes_since(fresh, score_plan(load_plan(fresh, with_texts=False)), since)


def test_nothing_moved_is_no_line(plan):
    found = changed(plan, START + HOUR)
    assert (found.begun, found.change, found.lines) == (None, "", ())
    assert found.before == found.after


def test_points_and_what_moved_by_hand(plan, act):
    """70 of 80 before: 40 × 87.5 % = 35. Then 2 of 10 of 30 points: 20 % against at most 20."""
    save(row(plan, 2), act("clerk"), START + 2 * HOUR, inputs={"乙": Decimal(2), "丙": Decimal(10)})
    save(row(plan, 3), act("clerk"), START + 3 * HOUR, actual=Decimal(40))
    found = changed(plan, START + HOUR)
    assert (found.before.score, found.after.score) == (Fraction(35), Fraction(75))
    assert (found.before.lost, found.after.lost) == (Fraction(5), Fraction(15))
    assert found.change == "＋40.00"
    assert [(line.title, line.change) for line in found.lines] == [
        ("指標 2", "＋30.00"),
        ("指標 3", "＋10.00"),
    ]
    assert moves(found.lines[0]) == {"實際": ("—", "20%"), "得分": ("—", "30.00")}  # 乙 was there
    assert moves(found.lines[1]) == {
        "實際": ("—", "40%"),
        "得分": ("—", "10.00"),
        "狀態": ("未填報", "填報中"),
    }


def test_points_lost_again_have_their_sign(plan, act):
    one = row(plan, 3)
    save(one, act("clerk"), START + HOUR, actual=Decimal(80))
    save(one, act("clerk"), START + 3 * HOUR, actual=Decimal(78))
    found = changed(plan, START + 2 * HOUR)
    assert found.change == "−0.50"
    assert moves(found.lines[0]) == {"實際": ("80%", "78%"), "得分": ("20.00", "19.50")}


def test_status_of_indicators_from_sent_to_approved(plan, act, proven):
    one = row(plan, 1)
    text = Review("因", "辦", "企劃科", date(2020, 12, 31))
    save(one, act("clerk"), START + HOUR, analysis="分析", review=text)
    since = START + 2 * HOUR
    actions.submit(indicator_id=one.pk, revision=1, actor=act("clerk"), now=since)
    actions.approve(revisions={one.pk: 1}, actor=act("supervisor"), now=since + HOUR)
    (line,) = changed(plan, since).lines
    assert moves(line) == {"狀態": ("填報中", "核定")}
    (line,) = changed(plan, since + HOUR / 2).lines
    assert moves(line) == {"狀態": ("已送出", "核定")}


def test_deadlines_of_the_plan_and_of_an_indicator(plan, act):
    first, later = date(2020, 12, 31), date(2021, 1, 15)
    by = {"plan_id": plan.pk, "actor": act("plan_manager")}
    one = row(plan, 1)
    assign(wanted=Assignment(plan={"due": first}), now=START + HOUR, **by)
    extended = Assignment(plan={"due": later}, indicators={one.pk: {"due": first}})
    assign(wanted=extended, now=START + 3 * HOUR, **by)
    found = changed(plan, START + 2 * HOUR)
    assert found.lines[0].pk is None
    assert found.lines[0].moves == (Move("due", "填報期限", first, later),)
    assert [(line.title, line.moves) for line in found.lines[1:]] == [
        (f"指標 {n}", (Move("due", "期限", first, later),)) for n in (2, 3, 4)
    ]


def test_plan_that_began_since_is_compared_with_its_import(plan, act):
    save(row(plan, 3), act("clerk"), START + HOUR, actual=Decimal(80))
    found = changed(plan, START - 24 * HOUR)
    assert found.begun == START
    assert (found.before.score, found.change) == (Fraction(35), "＋20.00")


def test_plan_imported_anew_is_compared_with_its_last_import(plan, act):
    save(row(plan, 3), act("clerk"), START + HOUR, actual=Decimal(80))
    again = START + 2 * HOUR
    actions.replace_plan(made_record(), by=None, now=again, discard_work=True)
    found = changed(plan, START + HOUR / 2)
    assert (found.begun, found.lines) == (again, ())


def test_changes_take_two_queries_for_any_number_of_events(plan, act):
    fresh = find_plan("tc-made", 108)
    scored = score_plan(load_plan(fresh, with_texts=False))
    for step in range(30):
        save(row(plan, 3), act("clerk"), START + (step + 1) * HOUR, actual=Decimal(step))
        if step in (0, 29):
            with CaptureQueriesContext(connection) as queries:
                changes_since(fresh, scored, START + HOUR / 2)
            assert len(queries) == 2


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2019, 11, 25), date(2019, 10, 25)),
        (date(2019, 3, 31), date(2019, 2, 28)),
        (date(2020, 3, 30), date(2020, 2, 29)),
        (date(2020, 1, 31), date(2019, 12, 31)),
        (date(2020, 12, 1), date(2020, 11, 1)),
    ],
)
def test_month_before(day, before):
    assert month_before(day) == before
