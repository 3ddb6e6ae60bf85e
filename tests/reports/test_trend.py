"""The trend of an indicator: years, what can't be compared, and whether promises were kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators import actions, models
from indicators.actions.follow_ups import record_follow_up
from indicators.actions.plans import fill_plan
from indicators.actions.refusals import Refused
from indicators.permissions import NotAllowed, actor_of
from indicators.records import FigureRecord, IndicatorRecord
from indicators.records import Review as ReviewRecord
from indicators.scorecards.trend import table, trend_page
from indicators.scoring.types import Direction, Input, InputRow, Method
from indicators.tables import Table
from indicators.trend_queries import whole_plans, years_of
from tests.conftest import NOW
from tests.indicators.test_pages import plan_of, spec, text
from tests.indicators.work_scenes import counted

TODAY = NOW.date()
PROMISE = ReviewRecord("開班較晚", "提早於三月開班", "訓練科", TODAY - timedelta(days=1))


def year(
    number: int, ratio: int = 7, /, target: str = "80", lineage: str = "pass-rate", **around
) -> models.Plan:
    """A plan of one indicator with `ratio` tenths as its result; `around` of its record or spec."""
    own = {key: around.pop(key) for key in tuple(around) if key in SPEC}
    rows = (InputRow("一", Decimal(ratio - 4)), InputRow("二", Decimal(4)))
    measured = {"target": Decimal(target), "inputs": (Input("甲", rows=rows),)} | own
    record = plan_of(IndicatorRecord(spec(1, **measured), lineage=lineage, **around))
    plan = actions.replace_plan(replace(record, year=number), by=None, now=NOW)
    models.Plan.objects.filter(pk=plan.pk).update(status="published")
    return plan


SPEC = {"unit", "decimals", "direction", "formula", "method", "inputs", "actual"}


def row_of(plan: models.Plan) -> models.Indicator:
    return models.Indicator.objects.select_related("plan").get(plan=plan)


def shown(plan: models.Plan):
    return trend_page(years_of(row_of(plan)), plan.year, TODAY)


def words(number) -> str:
    return number.whole + number.fraction


def lines(page) -> list[tuple[object, ...]]:
    return [
        (
            line.year,
            words(line.target),
            words(line.actual),
            line.change,
            line.achievement,
            line.light and line.light.word,
            line.tag and line.tag.word,
        )
        for line in page.lines
    ]


# Years ------------------------------------------------------------------------------------------


def test_years_stand_with_change_achievement_light_and_status(db):
    year(106, 7, previous_target=Decimal(78), previous_actual=Decimal(75))
    year(107, 6)
    page = shown(year(108, 9, target="90"))
    assert lines(page) == [
        (105, "78", "75", "—", "—", None, None),
        (106, "80", "70", "−5", "87.50", "黃燈", "未達標"),
        (107, "80", "60", "−10", "75.00", "黃燈", "未達標"),
        (108, "90", "90", "＋30", "100.00", "綠燈", "達標"),
    ]


def test_what_the_year_after_says_stands_only_where_that_year_has_no_plan(db):
    year(107, 7)
    page = shown(year(108, 8, previous_target=Decimal(80), previous_actual=Decimal(70)))
    assert [line.year for line in page.lines] == [107, 108]
    assert page.findings == ()


def test_only_the_newest_version_of_a_year_counts(db):
    old = year(107, 7)
    record = replace(plan_of(IndicatorRecord(spec(1), lineage="pass-rate")), year=107)
    new = models.Plan.objects.create(
        agency=old.agency, agency_name="虛構機關", year=107, version=2, correction_reason="更正"
    )
    fill_plan(new, record, by=None, now=NOW)
    assert [(line.year, line.pk) for line in shown(new).lines] == [(107, row_of(new).pk)]


def test_without_a_lineage_a_year_stands_alone(db):
    year(107, 7, lineage="")
    page = shown(year(108, 8, lineage="", previous_actual=Decimal("69.5")))
    assert [line[:3] for line in lines(page)] == [(107, "—", "69.5"), (108, "80", "80")]
    assert not page.has_lineage


def test_each_year_is_rated_by_its_own_policy(db):
    direct = {"direction": Direction.LOWER, "method": Method.DIRECT, "inputs": (), "formula": ""}
    year(107, target="8", actual=Decimal(9), **direct)
    record = plan_of(
        IndicatorRecord(
            spec(1, target=Decimal(8), actual=Decimal(9), **direct), lineage="pass-rate"
        )
    )
    policy = replace(record.policy, lower="ratio", green=Decimal(88), yellow=Decimal(60))
    second = actions.replace_plan(replace(record, policy=policy), by=None, now=NOW)
    assert [line[4:6] for line in lines(shown(second))] == [("87.50", "黃燈"), ("88.89", "綠燈")]


# What can't be compared --------------------------------------------------------------------------


def test_another_definition_breaks_line_and_change(db):
    year(106, 7)
    year(107, 8)
    page = shown(year(108, 9, formula="SUM(甲)/11*100%"))
    assert [line.redefined for line in page.lines] == ["", "", "公式"]
    assert [line.change for line in page.lines] == ["—", "＋10", "—"]
    actual = [line for line in page.chart.lines if line.kind == "actual"]
    assert [len(line.pieces) for line in actual] == [1, 0]
    assert [len(line.dots) for line in actual] == [2, 1]
    assert [line.end.label if line.end else None for line in actual] == [None, "實際"]


def test_a_missing_year_breaks_the_line_too(db):
    year(105, 7)
    page = shown(year(107, 8))
    assert [line.is_after_gap for line in page.lines] == [False, True]
    assert [line.pieces for line in page.chart.lines] == [(), (), (), ()]


def test_a_year_that_is_not_reported_is_missing_in_the_chart(db):
    year(107, 7)
    rows = (InputRow("一", None),)
    page = shown(year(108, 7, inputs=(Input("甲", rows=rows),)))
    assert lines(page)[1] == (108, "80", "—", "—", "—", "未亮燈", "未填報")
    assert [len(line.dots) for line in page.chart.lines] == [1, 2]


def test_a_contradiction_between_years_is_a_finding(db):
    year(107, 7)
    page = shown(year(108, 8, previous_target=Decimal(82), previous_actual=Decimal("71.5")))
    assert [str(sentence) for sentence in page.findings] == [
        "108 年度計畫所載的 107 年度目標是 82，107 年度計畫的目標是 80，兩者不同，請核對。",
        "108 年度計畫所載的 107 年度實際值是 71.5，107 年度計畫的實際值是 70，兩者不同，請核對。",
    ]


def test_a_year_that_was_measured_in_another_way_is_no_contradiction(db):
    year(107, 7, formula="SUM(甲)/11*100%")
    assert shown(year(108, 8, previous_actual=Decimal("71.5"))).findings == ()


def test_the_seed_and_its_year_before(secretariat):
    row = secretariat.indicators.select_related("plan").get(lineage="failed-tender-rate")
    page = trend_page(years_of(row), 107, TODAY)
    assert lines(page)[-1][:3] == (107, "≤ 11.5", "9.3")
    assert lines(page)[-1][4:] == ("100.00", "綠燈", "達標")


def test_table_has_raw_cells(db):
    year(107, 7)
    page = shown(year(108, 8, formula="SUM(甲)/11*100%"))
    assert table(page) == Table(
        title="指標 1歷年趨勢",
        heads=(
            *("年度", "單位", "目標", "實際", "較上年"),
            *("達成度（%）", "燈號", "結果", "備註"),
        ),
        rows=(
            (
                107,
                "%",
                Decimal(80),
                Decimal("70.0"),
                None,
                Decimal("87.50"),
                "黃燈",
                "未達標",
                None,
            ),
            (
                *(108, "%", Decimal(80), Decimal("72.7"), None, Decimal("90.88")),
                *("綠燈", "未達標", "定義變更，不可比"),
            ),
        ),
    )


# Promises ---------------------------------------------------------------------------------------


def promises(page) -> dict[int, tuple[str, str]]:
    return {
        detail.line.year: (detail.promise.tag.word, detail.promise.following.word)
        for detail in page.details
        if detail.promise
    }


def test_a_promise_is_measured_by_the_next_year(db):
    year(105, 7, review=PROMISE)
    year(106, 7, review=PROMISE)
    year(107, 8)
    page = shown(year(108, 7, review=replace(PROMISE, due=TODAY)))
    assert promises(page) == {
        105: ("尚未追蹤", "次年仍未達標"),
        106: ("尚未追蹤", "次年達標"),
        108: ("期限未到", "次年尚無可比的結果"),
    }


def test_the_next_year_does_not_count_where_it_is_defined_otherwise(db):
    year(107, 7, review=PROMISE)
    page = shown(year(108, 9, unit="件", formula="SUM(甲)"))
    assert promises(page) == {107: ("尚未追蹤", "次年尚無可比的結果")}


@pytest.fixture
def missed(db):
    """A published year that missed its target, with the promise."""
    return year(107, 7, review=PROMISE)


@pytest.fixture
def people(missed, make_user):
    roles = ("clerk", "supervisor", "plan_manager")
    return {role: make_user(role, missed.agency) for role in roles}


def test_the_newest_follow_up_counts_and_none_is_lost(missed, people):
    for number, outcome in enumerate(("not_kept", "kept")):
        record_follow_up(
            indicator_id=row_of(missed).pk,
            outcome=outcome,
            note=f"第 {number} 次",
            actor=actor_of(people["supervisor"], TODAY),
            now=NOW,
        )
    (detail,) = shown(missed).details
    assert detail.promise.tag.word == "已兌現"
    assert [item.note for _tag, item in detail.promise.follow_ups] == ["第 1 次", "第 0 次"]
    events = models.AuditEvent.objects.filter(action="follow_up").order_by("sequence")
    contents = [event.content() for event in events]
    assert [(c["before"], c["after"], c["reason"]) for c in contents] == [
        ({}, {"outcome": "not_kept"}, "第 0 次"),
        ({"outcome": "not_kept"}, {"outcome": "kept"}, "第 1 次"),
    ]


def test_a_correction_keeps_what_was_followed_up(missed, people):
    actor = actor_of(people["supervisor"], TODAY)
    given = {"indicator_id": row_of(missed).pk, "outcome": "kept", "note": "已開班"}
    record_follow_up(**given, actor=actor, now=NOW)
    item = IndicatorRecord(spec(1), lineage="pass-rate", review=PROMISE)
    new = models.Plan.objects.create(
        agency=missed.agency, agency_name="虛構機關", year=107, version=2, correction_reason="更正"
    )
    fill_plan(new, replace(plan_of(item), year=107), by=None, now=NOW)
    assert promises(shown(new)) == {107: ("已兌現", "次年尚無可比的結果")}


def test_the_same_follow_up_again_adds_nothing(missed, people):
    for _time in range(2):
        record_follow_up(
            indicator_id=row_of(missed).pk,
            outcome="kept",
            note="已開班",
            actor=actor_of(people["plan_manager"], TODAY),
            now=NOW,
        )
    assert models.FollowUp.objects.count() == 1
    assert models.AuditEvent.objects.filter(action="follow_up").count() == 1


def test_what_was_not_promised_is_not_followed_up(db, make_user):
    plan = year(107, 9)
    actor = actor_of(make_user("supervisor", plan.agency), TODAY)
    given = {"indicator_id": row_of(plan).pk, "outcome": "kept", "note": "好", "now": NOW}
    with pytest.raises(Refused, match="不必追蹤"):
        record_follow_up(**given, actor=actor)
    clerk = actor_of(make_user("clerk", plan.agency), TODAY)
    with pytest.raises(NotAllowed):
        record_follow_up(**given, actor=clerk)


# The page ---------------------------------------------------------------------------------------


def path(plan: models.Plan) -> str:
    return reverse("trend", args=[plan.agency.code, plan.year, row_of(plan).pk])


@pytest.mark.parametrize("role", ["supervisor", "plan_manager"])
def test_a_follow_up_is_recorded_on_the_page(role, missed, people, sign_in):
    client = sign_in(people[role])
    answer = client.post(path(missed), {"outcome": "partly", "note": "三月開了一班"}, follow=True)
    assert answer.redirect_chain == [(path(missed), 302)]
    page = text(answer)
    assert "已記錄追蹤結果。" in page
    assert "部分兌現 測試者" in page
    assert models.FollowUp.objects.get().by == people[role]
    past = text(client.get(path(missed).replace("trend", "history")))
    assert "追蹤改善措施" in past
    assert "改善措施是否兌現 — 部分兌現" in past
    assert "三月開了一班" in past


def test_who_may_not_sees_no_form_and_can_not_post(missed, people, sign_in):
    client = sign_in(people["clerk"])
    assert b'name="note"' not in client.get(path(missed)).content
    body = {"outcome": "kept", "note": "好"}
    assert client.post(path(missed), body).status_code == 403
    assert not models.FollowUp.objects.exists()


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({}, "請選擇改善措施是否兌現。"),
        ({"outcome": "kept", "note": "　"}, "請寫明依據與說明。"),
        ({"outcome": "kept", "note": "\u200b"}, "請寫明原因。"),
        ({"outcome": "kept", "note": "\u0007好"}, "控制字元"),
        ({"outcome": "kept", "note": "字" * 2001}, "最多 2000 字，目前 2001 字"),
        ({"outcome": "great", "note": "好"}, "請從已兌現、部分兌現、未兌現中選一項。"),
    ],
)
def test_bad_input_is_said_and_nothing_is_written(body, sentence, missed, people, sign_in):
    page = text(sign_in(people["supervisor"]).post(path(missed), body))
    assert "還沒有記錄追蹤結果，請先修正：" in page
    assert sentence in page
    assert not models.FollowUp.objects.exists()


def test_a_year_without_a_promise_refuses_with_a_sentence(db, make_user, sign_in):
    plan = year(107, 9)
    client = sign_in(make_user("supervisor", plan.agency))
    page = text(client.post(path(plan), {"outcome": "kept", "note": "好"}))
    assert "這一年沒有未達目標項目檢討，不必追蹤。" in page


def test_a_supervisor_of_another_unit_does_not_record(missed, make_user, sign_in):
    unit = models.Unit.objects.create(agency=missed.agency, name="別科")
    user = models.User.objects.create(username="other-unit")
    models.Role.objects.create(user=user, name="supervisor", agency=missed.agency, unit=unit)
    client = sign_in(user)
    assert client.get(path(missed)).status_code == 200
    assert client.post(path(missed), {"outcome": "kept", "note": "好"}).status_code == 403


def test_another_agency_sees_nothing(missed, other_agency, make_user, sign_in):
    client = sign_in(make_user("supervisor", other_agency))
    assert client.get(path(missed)).status_code == 404
    assert client.post(path(missed), {"outcome": "kept", "note": "好"}).status_code == 404


def test_texts_are_printed_as_in_the_report_of_their_year(db, make_user, sign_in):
    year(106, 7, analysis="達成 {{ actual }}%，導覽 {{ tours }} 場次。")
    figure = FigureRecord("tours", "導覽", value=Decimal(91))
    item = IndicatorRecord(
        spec(1), lineage="pass-rate", analysis="達成 {{ actual }}%，導覽 {{ tours }} 場次。"
    )
    record = replace(plan_of(item), year=107, figures=(figure,))
    plan = actions.replace_plan(record, by=None, now=NOW)
    page = text(sign_in(make_user("clerk", plan.agency)).get(path(plan)))
    assert "達成 70%，導覽 {{ tours }} 場次。" in page
    assert "達成 70%，導覽 91 場次。" in page


def test_whole_plans_hold_all_indicators_in_order(secretariat):
    row = secretariat.indicators.select_related("plan").order_by("pk")[0]
    (known,) = years_of(row)
    (whole,) = whole_plans([known.plan]).values()
    assert [item.spec.title for item in whole.indicators()] == list(
        secretariat.indicators.order_by(
            "goal__perspective__position", "goal__position", "position"
        ).values_list("title", flat=True)
    )
    assert len(whole.figures) == secretariat.figures.count()


def test_three_years_cost_the_queries_of_one(db, make_user, sign_in):
    text_of_others = {"analysis": "導覽 {{ tours }} 場次。", "review": PROMISE}
    first = year(106, 7, **text_of_others)
    client = sign_in(make_user("supervisor", first.agency))
    one = counted(client, path(first))
    year(107, 7, **text_of_others)
    last = year(108, 8, **text_of_others)
    assert counted(client, path(last)) == one
    assert one <= 24


def test_indicator_page_leads_to_the_trend(missed, people, sign_in):
    url = reverse("indicator", args=[missed.agency.code, 107, row_of(missed).pk])
    assert path(missed) in sign_in(people["clerk"]).get(url).content.decode()


# The table --------------------------------------------------------------------------------------


def test_a_follow_up_without_a_visible_note_is_refused_by_the_database(missed, people):
    with pytest.raises(DatabaseError):
        models.FollowUp.objects.create(
            indicator=row_of(missed), outcome="kept", note="　", by=people["clerk"], at=NOW
        )


@pytest.mark.postgresql
def test_the_years_are_found_by_an_index(secretariat):
    """Of 30 agencies with ten years each, one agency's years are found without reading them all."""
    for number in range(30):
        agency = models.Agency.objects.create(code=f"tc-{number}", name=f"機關 {number}")
        for one in range(100, 110):
            _bare_plan(agency, one)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    row = models.Indicator.objects.select_related("plan").filter(lineage="line-1").order_by("pk")[0]
    with CaptureQueriesContext(connection) as queries:
        found = years_of(row)
    assert len(found) == 10
    for query in (queries[0]["sql"], queries[-1]["sql"]):
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN " + query)
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "Seq Scan on indicators_indicator" not in plan, plan


def _bare_plan(agency: models.Agency, number: int) -> None:
    plan = models.Plan.objects.create(agency=agency, agency_name=agency.name, year=number)
    perspective = models.Perspective.objects.create(plan=plan, position=0, name="業務")
    goal = models.Goal.objects.create(perspective=perspective, position=0, title="目標", weight=100)
    models.Indicator.objects.bulk_create(
        models.Indicator(
            plan=plan,
            goal=goal,
            position=position,
            lineage=f"line-{position}",
            title=f"指標 {position}",
            weight=1,
            decimals=0,
            direction="higher",
            target=1,
            method="direct",
        )
        for position in range(20)
    )


def test_due_dates_are_roc_dates(missed, people, sign_in):
    day = PROMISE.due
    page = text(sign_in(people["clerk"]).get(path(missed)))
    assert f"{day.year - 1911}年{day.month}月{day.day}日" in page
