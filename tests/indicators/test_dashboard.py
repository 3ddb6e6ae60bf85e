"""The dashboard: points, duties and with whom they lie, risks, years, lights, its queries."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from indicators import actions, models
from indicators.actions.past_interims import import_interims
from indicators.dashboard_queries import load_overview
from indicators.demo.interims import followed
from indicators.demo.loading import PAST
from indicators.interchange.json_tree import read_file
from indicators.interchange.plan_reading import read_plan
from indicators.records import IndicatorRecord, Policy
from indicators.scorecards.dashboard import DashboardPage, dashboard_page, table
from indicators.scorecards.page import Number, scorecard_page
from indicators.scorecards.scored import score_plan
from indicators.scorecards.words import Tag
from indicators.scoring.types import Direction, Method
from tests.conftest import NOW, ROOT
from tests.indicators.test_pages import plan_of, spec, text
from tests.indicators.work_scenes import counted, give_back, person, submit

DAY = timezone.localdate()
FIXTURES = ROOT / "fixtures"


def given(actual: str | None, **changes):
    """An indicator whose actual is entered directly, in points of 20."""
    values = {"method": Method.DIRECT, "inputs": (), "formula": "", "weight": Decimal(20)}
    value = None if actual is None else Decimal(actual)
    return spec(changes.pop("number", 1), **values, actual=value, **changes)


def stored(*specs, year: int = 108, lineages: bool = False, policy: Policy | None = None):
    items = (
        IndicatorRecord(item, lineage=f"line-{number}" if lineages else "")
        for number, item in enumerate(specs, 1)
    )
    record = replace(plan_of(*items), year=year, policy=policy or Policy())
    return actions.replace_plan(record, by=None, now=NOW)


def approved(*specs, year: int, **given):
    """A plan of an earlier year, as it stands once it is closed."""
    plan = stored(*specs, year=year, lineages=True, **given)
    plan.indicators.update(status="approved")
    return plan


def page_of(plan: models.Plan, today: date = DAY) -> DashboardPage:
    return dashboard_page(load_overview(plan, today), today)


ROUNDED_PARTS = "細項經四捨五入，合計可能有差。"

# Points -------------------------------------------------------------------------------------------


def test_points_are_earned_lost_and_still_winnable(db):
    """Target 80: 80 earns 20; 60 earns 15 and loses 5; what is not reported can win 20."""
    plan = stored(given("80"), given("60"), given(None))
    plan.indicators.update(status="approved")
    page = page_of(plan)
    total = page.ledger.total
    assert (total.earned, total.lost, total.winnable) == ("35.00", "5.00", "20.00")
    assert page.score.totals.reachable == "55.00"
    assert not page.score.totals.is_complete
    assert (total.open_lost, page.ledger.has_open) == ("0.00", False)


@pytest.fixture
def half_approved(db):
    """Of 20 each: 60 of 80 loses 5, approved; 40 loses 10 and 70 2.5, not yet; one is to come."""
    plan = stored(given("60"), given("40"), given("70"), given(None))
    first = plan.indicators.order_by("pk").first()
    plan.indicators.filter(pk=first.pk).update(status="approved")
    return plan


def test_points_lost_without_approval_are_still_open(half_approved):
    page = page_of(half_approved)
    for row in (*page.ledger.rows, page.ledger.total):
        assert (row.earned, row.lost, row.open_lost, row.winnable) == (
            *("42.50", "17.50", "12.50", "20.00"),
        )
        assert [(part.name, part.width) for part in row.bar.segments] == [
            *(("earned", "42.50"), ("lost", "5.00"), ("open", "12.50"), ("win", "20.00")),
        ]
    assert page.score.totals.reachable == "75.00"  # 80 without the 5 that are lost for good
    assert [item.open_lost for item in page.groups[0].lines] == ["", "10.00", "2.50", ""]
    assert page.score.parts_add_up


def test_risk_says_what_can_still_be_won_back(half_approved):
    said = [str(risk.reasons[-1]) for risk in page_of(half_approved).risks]
    assert said == ["尚未核定，仍可爭取。", "實際 60%，低於目標 80%。", "尚未核定，仍可爭取。"]


def test_table_splits_what_is_lost(half_approved):
    made = table(load_overview(half_approved, DAY), DAY)
    lost, still = made.heads.index("已失"), made.heads.index("已失之中尚未核定")
    assert [(row[lost], row[still]) for row in made.rows] == [
        (Decimal("5.00"), Decimal("0.00")),
        (Decimal("10.00"), Decimal("10.00")),
        (Decimal("2.50"), Decimal("2.50")),
        (None, None),
    ]
    assert made.notes == ("已得 42.50 分，已失 17.50 分（其中 12.50 分尚未核定），尚可得 20.00 分",)


def test_page_names_the_open_part_in_words_and_bars(half_approved, make_user, sign_in):
    client = sign_in(make_user("supervisor", half_approved.agency))
    page = client.get("/tc-made/108/dashboard/")
    said = text(page)
    assert "其中 12.50 尚未核定，仍可爭取" in said
    assert "失 10.00 分，尚未核定，仍可爭取" in said
    assert page.content.decode().count('class="kp-c-stripes"') == 2  # of the plan, its perspective


def test_page_says_where_the_two_kinds_of_lost_points_do_not_add_up(db):
    """Of 20 points at a target of 80.00, 79.98 loses 0.005 twice: 0.01 and 0.01 for 0.01."""
    near = given("79.98", target=Decimal(80), decimals=2)
    plan = stored(near, near)
    first = plan.indicators.order_by("pk").first()
    plan.indicators.filter(pk=first.pk).update(status="approved")
    total = page_of(plan).score.totals
    assert (total.score, total.lost, total.open_lost) == ("39.99", "0.01", "0.01")
    assert not page_of(plan).score.parts_add_up
    assert ROUNDED_PARTS in table(load_overview(plan, DAY), DAY).notes


def test_page_says_where_the_most_there_can_be_is_not_its_printed_parts(db):
    """Lost: 0.0075 + 0.02 + 0.0975 = 0.125, approved, and 0.0208 that is open: 0.1458 of 57.25.

    Earned 57.1042 and open 0.0208 print as 57.10 and 0.02, the 57.125 that they come to as 57.13.
    """
    values = [("39.97", 40, 10), ("39.96", 40, 20), ("79.61", 80, 20), ("79.77", 80, "7.25")]
    plan = stored(
        *(
            replace(given(actual, target=Decimal(target), decimals=2), weight=Decimal(weight))
            for actual, target, weight in values
        )
    )
    last = plan.indicators.order_by("-pk").first()
    plan.indicators.exclude(pk=last.pk).update(status="approved")
    score = page_of(plan).score
    total = score.totals
    assert (total.score, total.lost, total.open_lost) == ("57.10", "0.15", "0.02")
    assert total.reachable == "57.13"
    assert not score.parts_add_up


def test_page_says_where_a_weight_has_more_places_than_points(db):
    item = replace(given(None), weight=Decimal("33.335"))
    score = page_of(stored(item)).score
    assert (score.totals.weight, score.totals.winnable) == ("33.335", "33.34")
    assert not score.parts_add_up


def test_ledger_names_perspectives_and_the_goals_of_those_that_have_several(secretariat):
    rows = page_of(secretariat).ledger.rows
    assert [(row.name, row.weight, row.earned) for row in rows if row.anchor] == [
        ("業務面向", "70", "70.00"),
        ("人力面向", "15", "15.00"),
        ("經費面向", "15", "15.00"),
    ]
    assert [row.weight for row in rows if not row.anchor] == ["15", "40", "15", "10", "5"]


def test_points_are_those_of_the_scorecard(secretariat):
    record = load_overview(secretariat, DAY).record
    assert page_of(secretariat).score == scorecard_page(score_plan(record))


def test_page_says_how_much_of_the_points_is_approved(secretariat, users):
    row = secretariat.indicators.get(lineage="failed-tender-rate")  # 15 points
    models.Indicator.objects.filter(pk=row.pk).update(status="approved")
    page = page_of(secretariat)
    assert (page.approved, page.is_all_approved) == ("15.00", False)


# Lights -------------------------------------------------------------------------------------------


def test_lights_go_by_the_plan_s_thresholds(db):
    """Against 80: 72 is 90 %, 68 is 85 %, 56 is 70 %, 40 is 50 %."""
    specs = [given("72"), given("68"), given("56"), given("40"), given(None)]
    usual = page_of(stored(*specs))
    assert [(item.tag.word, item.count) for item in usual.lights] == [
        ("綠燈", 1),
        ("黃燈", 2),
        ("紅燈", 1),
        ("未亮燈", 1),
    ]
    strict = page_of(stored(*specs, year=109, policy=Policy("", Decimal(95), Decimal(85))))
    assert [item.count for item in strict.lights] == [0, 2, 2, 1]
    assert (strict.thresholds.green, strict.thresholds.yellow) == ("95", "85")


# Duties -------------------------------------------------------------------------------------------


@pytest.fixture
def row(secretariat):
    return secretariat.indicators.get(lineage="failed-tender-rate")


@pytest.fixture
def clerk(secretariat):
    unit = secretariat.agency.units.get(name="採購管理科")
    return person("王承辦", "clerk", secretariat.agency, unit)


@pytest.fixture
def boss(secretariat):
    return person("李主管", "supervisor", secretariat.agency)


def names(duty) -> list[str]:
    return [seat.person for seat in duty.with_whom]


def due(row: models.Indicator, days: int) -> None:
    models.Indicator.objects.filter(pk=row.pk).update(due=DAY + timedelta(days=days))


@pytest.mark.parametrize(("days", "kind"), [(-1, "late"), (0, "soon"), (7, "soon"), (8, None)])
def test_duty_is_overdue_from_the_day_after_and_shown_a_week_before(row, clerk, days, kind):
    due(row, days)
    found = page_of(row.plan).duties
    assert [duty.kind for duty in found] == ([kind] if kind else [])
    assert all(names(duty) == ["王承辦"] for duty in found)


def test_what_is_submitted_lies_with_the_supervisor(row, clerk, boss):
    submit(row, clerk)
    (duty,) = page_of(row.plan).duties
    assert (duty.kind, names(duty)) == ("sent", ["李主管"])


def test_what_is_returned_says_why_and_lies_with_the_clerk(row, clerk, boss):
    submit(row, clerk)
    give_back(row, boss, "月報不符")
    (duty,) = page_of(row.plan).duties
    assert (duty.kind, names(duty), duty.reason) == ("back", ["王承辦"], "月報不符")


def test_most_overdue_is_first_then_returned_then_due_then_submitted(secretariat, clerk, boss):
    names = ["failed-tender-rate", "e-tender-rate", "basic-class-pass-rate"]
    sent, back, late = (secretariat.indicators.get(lineage=name) for name in names)
    later = secretariat.indicators.get(lineage="volunteer-growth")
    submit(sent, clerk)
    submit(back, clerk)
    give_back(back, boss, "月報不符")
    due(late, -2)
    due(later, -5)
    assert [duty.pk for duty in page_of(secretariat).duties] == [
        later.pk,
        late.pk,
        back.pk,
        sent.pk,
    ]


def test_plan_at_the_city_has_no_duties(row):
    due(row, -9)
    models.Plan.objects.filter(pk=row.plan_id).update(status="approved")
    row.plan.refresh_from_db()
    assert page_of(row.plan).duties == ()


# Risks --------------------------------------------------------------------------------------------


def test_risk_is_what_was_lost_and_why_the_most_first(db):
    """Lower is better, 90 against 80: 1 − 10/80 = 87.5 %, of 20 points 2.5 are lost."""
    plan = stored(given("90", direction=Direction.LOWER, number=7), given("60", number=8))
    assert [
        (risk.title, risk.printed, [str(reason) for reason in risk.reasons])
        for risk in page_of(plan).risks
    ] == [
        ("指標 8", "5.00", ["實際 60%，低於目標 80%。", "尚未核定，仍可爭取。"]),
        ("指標 7", "2.50", ["實際 90%，高於目標 80%。", "尚未核定，仍可爭取。"]),
    ]


def test_miss_that_rounding_turned_into_met_is_to_be_checked(db):
    plan = stored(given("79.96"))
    (risk,) = page_of(plan).risks
    assert (risk.kind, risk.points) == ("check", 0)
    assert str(risk.reasons[0]) == "四捨五入後才達到目標 80%。"


# Years --------------------------------------------------------------------------------------------


def test_years_before_come_from_their_own_plans(db):
    approved(given("70"), year=106)
    approved(given("75"), year=107)
    plan = stored(given("80"), lineages=True)
    (line,) = page_of(plan).groups[0].lines
    assert line.change == Number("＋5")
    assert line.spark_words == "106 年 70、107 年 75、108 年 80"
    assert line.line.bullet.earlier == "93.75"  # 75 of 80


def with_stated(plan: models.Plan, actual: str) -> models.Plan:
    plan.indicators.update(previous_actual=Decimal(actual))
    return plan


def test_what_this_year_s_plan_states_comes_before_last_year_s_and_the_page_says_so(db):
    """88 stated, 90 known: 92 of 100 is 4 more than what is stated, which 88 of 100 marks."""
    approved(given("90", target=Decimal(100)), year=107)
    plan = with_stated(stored(given("92", target=Decimal(100)), lineages=True), "88")
    (line,) = page_of(plan).groups[0].lines
    assert (line.change, line.line.bullet.earlier) == (Number("＋4"), "88.00")
    assert line.spark_words == "107 年 88、108 年 92"
    assert str(line.differs) == "本年計畫引用去年實際 88，去年計畫為 90。"
    (risk,) = page_of(plan).risks
    assert [str(reason) for reason in risk.reasons] == [
        "實際 92%，低於目標 100%。",
        "去年 88%。",
        "本年計畫引用去年實際 88，去年計畫為 90。",
        "尚未核定，仍可爭取。",
    ]
    said = "「指標 1」：本年計畫引用去年實際 88，去年計畫為 90。"
    assert said in table(load_overview(plan, DAY), DAY).notes


def test_last_year_s_figure_that_is_not_approved_is_not_taken(db):
    approved(given("70"), year=106)
    stored(given("75"), year=107, lineages=True)
    (line,) = page_of(stored(given("80"), lineages=True)).groups[0].lines
    assert (line.change, line.differs) == (Number("—"), None)
    assert line.spark_words == "106 年 70、107 年無數字、108 年 80"


def test_another_agency_s_indicator_of_the_same_lineage_is_not_it(db):
    record = plan_of(IndicatorRecord(given("70"), lineage="line-1"), code="tc-else")
    actions.replace_plan(replace(record, year=107), by=None, now=NOW).indicators.update(
        status="approved"
    )
    (line,) = page_of(stored(given("80"), lineages=True)).groups[0].lines
    assert (line.change, line.spark_words) == (Number("—"), "108 年 80")


def test_last_year_s_figure_of_the_plan_itself_is_used_where_no_plan_has_it(secretariat):
    lines = [item for group in page_of(secretariat).groups for item in group.lines]
    records = {item.pk: item for item in load_overview(secretariat, DAY).record.indicators()}
    for item in lines:
        previous = records[item.line.pk].previous_actual
        assert (item.change == Number("—")) == (previous is None)


def test_a_year_with_another_definition_is_not_compared(db):
    approved(given("70", unit="件"), year=107)
    (line,) = page_of(stored(given("80"), lineages=True)).groups[0].lines
    assert (line.change, line.spark_words, line.line.bullet.earlier) == (
        Number("—"),
        "108 年 80",
        "",
    )


def test_change_of_30_digits_is_exact(db):
    huge = "123456789012345678901234567890"
    approved(given(huge, decimals=0), year=107)
    plan = stored(given(f"{huge[:-1]}5", decimals=0), lineages=True)
    assert page_of(plan).groups[0].lines[0].change == Number("＋5")


def test_page_says_where_printed_points_do_not_add_up(db):
    """38 of 80 at 15 points: 7.125 earned and 7.875 lost print as 7.13 and 7.88, 15.01 in all."""
    item = replace(given("38", decimals=0), weight=Decimal(15))
    assert not page_of(stored(item)).score.parts_add_up


# Within the year ----------------------------------------------------------------------------------


@pytest.fixture
def followed_years(secretariat):
    """107 with ten months entered and its year's value open; 106 and 105 whole, as in the demo."""
    for name in PAST:
        plan = actions.replace_plan(read_plan(read_file(str(FIXTURES / name))), by=None, now=NOW)
        import_interims(plan_id=plan.pk, followed=followed(plan.year), note="示範", now=NOW)
    import_interims(plan_id=secretariat.pk, followed=followed(107), note="示範", now=NOW)
    row = secretariat.indicators.get(lineage="lifelong-learning")  # 2 points, at least 90 %
    models.InterimValue.objects.filter(indicator=row, period__gt=10).delete()
    models.Input.objects.filter(indicator=row, symbol="完成學習人數").update(value=None)
    return row


def line_of(page: DashboardPage, row: models.Indicator):
    lines = [item for group in page.groups for item in group.lines]
    return next(item for item in lines if item.line.pk == row.pk)


def test_line_says_how_far_it_is_within_the_year(followed_years):
    """79 of 98 by October are 81 %; the path is 90 × 10/12 = 75; 106 had 76 of 98, 78 %."""
    line = line_of(page_of(followed_years.plan), followed_years)
    assert str(line.so_far) == "10 月底 81%，同期應為 75%；去年同期 78%。"
    assert line.pace == Tag("met", "符合進度")


def test_forecast_whose_worse_end_misses_is_a_risk_of_so_many_points(followed_years):
    """105 added 18 and 106 added 17 from October on: 71 + 17 or 18. 88 of 90 loses 2 × 2/90."""
    models.InterimValue.objects.filter(
        indicator=followed_years, symbol="完成學習人數", period=10
    ).update(value="70")  # of 98: 71 %
    (risk,) = page_of(followed_years.plan).risks
    assert (risk.kind, risk.printed) == ("may_lose", "0.04")
    assert str(risk.reasons[1]) == "推估年底 88% 至 89%，目標 90%。"


def test_behind_its_path_with_too_few_values_is_a_risk_of_nobody_knows_how_many(followed_years):
    models.InterimValue.objects.filter(indicator=followed_years, period__gt=2).delete()
    models.InterimValue.objects.exclude(indicator=followed_years).delete()
    (risk,) = page_of(followed_years.plan).risks  # 11 of 98 by February: 11 %, the path says 15
    assert (risk.kind, risk.points) == ("behind", 0)
    assert "數值太少" in str(risk.reasons[1])


def test_same_time_compares_only_what_both_years_know(followed_years):
    """As of the last month each. Of 107 and 106, achievement × this year's weight:

    failed tenders 9.3 and 11.1 of at most 11.5: 15 and 15. Safety 107 and 118 of 120 and 125:
    15, 15. Learning by October 81/90 and 78/88 of 2: 1.80, 1.77. Languages 61/58, 58/57: 3, 3.
    """
    found = page_of(followed_years.plan).same_time
    assert (found.count, found.weight) == (4, "35")
    assert (found.now, found.then, found.change) == ("34.80", "34.77", "＋0.03")


def test_without_last_year_s_values_nothing_is_compared(secretariat):
    assert page_of(secretariat).same_time is None


# The page -----------------------------------------------------------------------------------------


def test_page_of_a_plan_without_indicators_says_what_comes(db, make_user, sign_in):
    plan = actions.replace_plan(plan_of(), by=None, now=NOW)
    client = sign_in(make_user("supervisor", plan.agency))
    assert "這份計畫還沒有指標" in text(client.get("/tc-made/108/dashboard/"))


def test_page_asks_the_same_queries_for_few_and_many_indicators(db, make_user, sign_in):
    stored(given("80"), year=107, lineages=True)
    few = stored(given("80"), lineages=True)
    client = sign_in(make_user("supervisor", few.agency))
    counts = [counted(client, "/tc-made/108/dashboard/")]
    stored(*[given("80")] * 30, year=109, lineages=True)
    counts.append(counted(client, "/tc-made/109/dashboard/"))
    assert counts == [24, 24]


def test_table_has_every_indicator_with_exact_cells(db):
    made = table(load_overview(stored(given("60"), given(None, number=2)), DAY), DAY)
    heads = dict(zip(made.heads, made.rows[0], strict=True))
    assert (heads["實際"], heads["已得"], heads["已失"]) == (
        Decimal(60),
        Decimal("15.00"),
        Decimal("5.00"),
    )
    heads = dict(zip(made.heads, made.rows[1], strict=True))
    assert (heads["實際"], heads["已得"], heads["尚可得"]) == (None, None, Decimal(20))
