"""What-if: the plan with values that only an address moves."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.apps import apps
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings

from indicators import actions, models
from indicators.forms.what_if import MOST_MOVES, read
from indicators.records import IndicatorRecord, PlanRecord
from indicators.scorecards.page import scorecard_page
from indicators.scorecards.scored import score_plan
from indicators.scorecards.signs import points_change
from indicators.scorecards.what_if import movables_of, table, what_if, what_if_page
from indicators.scorecards.what_if_fields import MOST_FIELDS
from indicators.scoring.types import Direction, Input, InputRow, Method, Milestone, Status
from tests.conftest import NOW
from tests.indicators import strategies
from tests.indicators.test_pages import plan_of, spec, text
from tests.indicators.work_scenes import counted

PATH = "/tc-secretariat/107/what-if/"
TENDERS, CLASSES = "failed-tender-rate", "basic-class-pass-rate"


@pytest.fixture
def key(secretariat):
    """key(lineage): the key of an indicator's actual in an address."""
    return lambda lineage: f"i{secretariat.indicators.get(lineage=lineage).pk}"


def row(page, title: str):
    (found,) = [r for part in page.perspectives for r in part.rows if title in r.now.title]
    return found


def figures(response, title: str = "流廢標"):
    """Of an indicator and the plan: now → then."""
    page = response.context["page"]
    one = row(page, title)
    return (
        (
            one.now.actual.whole + one.now.actual.fraction,
            one.then.actual.whole + one.then.actual.fraction,
        ),
        (one.now.achievement, one.then.achievement),
        (one.now.score, one.then.score, one.difference),
        (one.now.tag.word, one.then.tag.word),
        (page.total.now, page.total.then, page.total.difference),
    )


# The figures, worked out by hand ------------------------------------------------------------------


def test_an_input_is_moved(clerk_client, key):
    """200 of 1,586 are 12.6 %; against at most 11.5: 1 − 1.1 ÷ 11.5 = 90.43 %, of 15: 13.57."""
    assert figures(clerk_client.get(PATH, {f"{key(TENDERS)}.1": "200"})) == (
        ("9.3", "12.6"),
        ("100.00", "90.43"),
        ("15.00", "13.57", "−1.43"),
        ("達標", "未達標"),
        ("100.00", "98.57", "−1.43"),
    )


def test_the_actual_itself_is_moved(clerk_client, key):
    assert figures(clerk_client.get(PATH, {key(TENDERS): "12.6"}))[1:3] == (
        ("100.00", "90.43"),
        ("15.00", "13.57", "−1.43"),
    )


def test_the_target_is_moved(clerk_client, key):
    """9.3 against at most 7.5: 1 − 1.8 ÷ 7.5 = 76 %, of 15: 11.4."""
    answer = clerk_client.get(PATH, {f"{key(TENDERS)}.t": "7.5"})
    assert figures(answer)[1:3] == (("100.00", "76.00"), ("15.00", "11.40", "−3.60"))


def test_a_row_of_a_list_is_moved(clerk_client, secretariat):
    """One class fewer by 24: (357 − 24) ÷ 410 = 81 %; 81 ÷ 83 = 97.59 %."""
    indicator = secretariat.indicators.get(lineage=CLASSES)
    lists = list(indicator.inputs.order_by("position"))
    number = next(n for n, given in enumerate(lists, 1) if given.symbol == "取得證照人數")
    first = lists[number - 1].rows.order_by("position")[0]
    assert first.value == 64
    answer = clerk_client.get(PATH, {f"i{indicator.pk}.{number}.1": "40"})
    assert figures(answer, "基礎班")[:2] == (("87", "81"), ("100.00", "97.59"))


def test_perspectives_and_kinds_of_points_are_then_and_now(clerk_client, key):
    page = clerk_client.get(PATH, {f"{key(TENDERS)}.1": "200"}).context["page"]
    assert [(p.sum.now, p.sum.then, p.sum.difference) for p in page.perspectives] == [
        ("70.00", "68.57", "−1.43"),
        ("15.00", "15.00", "±0"),
        ("15.00", "15.00", "±0"),
    ]
    assert [(s.name, s.now, s.then, s.difference) for s in page.points] == [
        ("已得", "100.00", "98.57", "−1.43"),
        ("已失", "0.00", "1.43", "＋1.43"),
        ("其中尚未核定", "0.00", "1.43", "＋1.43"),
        ("尚可得", "0.00", "0.00", "±0"),
    ]


STAGED = spec(
    1,
    method=Method.MILESTONES,
    inputs=(),
    formula="",
    decimals=0,
    target=Decimal(70),
    milestones=(
        Milestone("規劃", Decimal(25), True),
        Milestone("發包", Decimal(70), False),
        Milestone("完工", Decimal(100), False),
    ),
)


@pytest.fixture
def staged(db, make_user, sign_in):
    """A plan of a staged indicator and one that is not reported, and a client of its agency."""
    empty = spec(2, inputs=(Input("甲", rows=(InputRow("一", None),)),))
    record = plan_of(IndicatorRecord(STAGED), IndicatorRecord(empty))
    plan = actions.replace_plan(record, by=None, now=NOW)
    return plan, sign_in(make_user("clerk", plan.agency))


def test_a_stage_is_done_or_not(staged):
    plan, client = staged
    pk = plan.indicators.get(title="指標 1").pk
    answer = client.get("/tc-made/108/what-if/", {f"i{pk}.m2": "1"})
    assert figures(answer, "指標 1")[:2] == (("25", "70"), ("35.71", "100.00"))
    nothing = client.get("/tc-made/108/what-if/", {f"i{pk}.m1": "0"})
    assert figures(nothing, "指標 1")[0] == ("25", "0")


def test_what_is_not_reported_can_be_supposed(staged):
    """Of weight 1: still winnable before, lost or earned then; 100 % of 1 point."""
    plan, client = staged
    pk = plan.indicators.get(title="指標 2").pk
    page = client.get("/tc-made/108/what-if/", {f"i{pk}": "80"}).context["page"]
    assert (row(page, "指標 2").now.tag.word, row(page, "指標 2").then.tag.word) == (
        "未填報",
        "達標",
    )
    assert [(s.now, s.then) for s in page.points] == [
        ("0.36", "1.36"),
        ("0.64", "0.64"),
        ("0.64", "0.64"),
        ("1.00", "0.00"),
    ]


# No change is the scorecard ---------------------------------------------------------------------


@settings(max_examples=60)
@given(record=strategies.plans)
def test_nothing_moved_is_exactly_the_scorecard(record: PlanRecord):
    plan = score_plan(numbered(record))
    asked = read(QueryDict(""), movables_of(plan), [])
    then = what_if(plan, asked.moves)
    page, card = what_if_page(plan, then), scorecard_page(plan)
    assert then == plan
    assert page.now == page.then == card.totals
    lines = [line for p in card.perspectives for goal in p.goals for line in goal.indicators]
    rows = [row for part in page.perspectives for row in part.rows]
    assert [row.now for row in rows] == [row.then for row in rows] == lines
    assert {row.difference for row in rows} <= {"±0"}
    assert [part.sum.now for part in page.perspectives] == [p.score for p in card.perspectives]


@settings(max_examples=40)
@given(record=strategies.plans)
def test_what_is_stored_already_is_no_move(record: PlanRecord):
    """Everything as it stands, sent back: nothing differs, and the address is empty."""
    plan = score_plan(numbered(record))
    query = QueryDict(mutable=True)
    for name, field in movables_of(plan).items():
        if isinstance(field.stored, bool):
            query[name] = str(int(field.stored))
        elif field.stored is not None:
            query[name] = format(field.stored, "f")
    asked = read(query, movables_of(plan), [])
    assert (dict(asked.moves), asked.address(), dict(asked.faults)) == ({}, "", {})


def numbered(record: PlanRecord) -> PlanRecord:
    """With a key for each indicator, as stored ones have."""
    numbers = iter(range(1, 10_000))
    perspectives = tuple(
        replace(
            part,
            goals=tuple(
                replace(
                    goal,
                    indicators=tuple(replace(item, pk=next(numbers)) for item in goal.indicators),
                )
                for goal in part.goals
            ),
        )
        for part in record.perspectives
    )
    return replace(record, perspectives=perspectives)


# Addresses --------------------------------------------------------------------------------------


def test_the_form_leads_to_the_shortest_address(clerk_client, key):
    tenders = key(TENDERS)
    sent = {
        "go": "1",
        "open": tenders[1:],
        tenders: "",
        f"{tenders}.t": "11.50",
        f"{tenders}.1": " 2００ ",
        f"{tenders}.2": "1,586",
    }
    answer = clerk_client.get(PATH, sent)
    assert answer.status_code == 302
    parts = urlsplit(answer.headers["Location"])
    assert parts.path == PATH
    assert parse_qsl(parts.query) == [(f"{tenders}.1", "200"), ("open", tenders[1:])]


def test_a_colleague_sees_the_same(clerk_client, key, make_user, client):
    first = clerk_client.get(PATH, {f"{key(TENDERS)}.1": "200", "open": key(TENDERS)[1:]})
    address = first.context["address"]
    assert address == f"http://testserver{PATH}?{key(TENDERS)}.1=200"
    client.force_login(make_user("reviewer"))
    assert figures(client.get(address)) == figures(first)


def test_nothing_moved_leads_to_the_plain_address(clerk_client):
    assert clerk_client.get(PATH, {"go": "1"}).headers["Location"] == PATH


@pytest.mark.parametrize("taken_back", ["drop", "reset"])
def test_a_move_is_taken_back(taken_back, clerk_client, key):
    tenders, classes = key(TENDERS), key(CLASSES)
    what = f"{tenders}.1" if taken_back == "drop" else tenders[1:]
    sent = {"go": "1", f"{tenders}.1": "200", classes: "80", taken_back: what}
    assert clerk_client.get(PATH, sent).headers["Location"] == f"{PATH}?{classes}=80"


def test_what_is_moved_and_closed_stays_moved(clerk_client, key):
    tenders, classes = key(TENDERS), key(CLASSES)
    page = clerk_client.get(PATH, {f"{tenders}.1": "200", "open": classes[1:]})
    content = page.content.decode()
    assert f'<input type="hidden" name="{tenders}.1" value="200">' in content
    assert f'id="{tenders}-1"' not in content
    closed = {"go": "1", f"{tenders}.1": "200", "open": classes[1:], "close": classes[1:]}
    assert clerk_client.get(PATH, closed).headers["Location"] == f"{PATH}?{tenders}.1=200"


def test_the_page_says_that_it_is_none_of_the_data(clerk_client, key):
    page = text(clerk_client.get(PATH, {f"{key(TENDERS)}.1": "200"}))
    assert "試算，不是填報資料；沒有任何數值被更改。" in page
    assert "清除試算" in page
    assert "以目前儲存的資料計算，最近一次變更在" in page
    assert "清除試算" not in text(clerk_client.get(PATH))


def test_a_moved_actual_stands_above_its_inputs_and_says_so(clerk_client, key):
    tenders = key(TENDERS)
    sent = {tenders: "9", f"{tenders}.1": "200", "open": tenders[1:]}
    answer = clerk_client.get(PATH, sent)
    assert figures(answer)[0] == ("9.3", "9")
    assert "實際值已直接移動，同時移動的基礎資料與工作項目不影響結果。" in text(answer)


def test_new_data_counts_under_the_same_moves(clerk_client, key, secretariat):
    """150 of 1,500 are 10 %: what is stored meanwhile counts with what is moved."""
    given = models.Input.objects.filter(indicator__lineage=TENDERS).order_by("position")
    models.Input.objects.filter(pk=given[1].pk).update(value="1500")
    answer = clerk_client.get(PATH, {f"{key(TENDERS)}.1": "150"})
    assert figures(answer)[0] == ("9.8", "10")


# Hostile addresses --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("abc", "「abc」不是數字，請填數字，例如 1586 或 18.7。"),
        ("12%", "「12%」請只填數字，不加單位或百分比符號。"),
        ("NaN", "「NaN」不是數字"),
        ("1e999999", "「1e999999」"),
        ("9" * 31, "最多 30 位數字，請縮短。"),
        ("9" * 5000, "這個數值太長，請縮短。"),
        ("1" + " " * 100 + "x", "這個數值太長，請縮短。"),
        ("<script>alert(1)</script>", "不是數字"),
        ("\x00", "不是數字"),
        ("1;DROP TABLE", "不是數字"),
    ],
)
def test_a_bad_value_has_a_sentence_at_its_field(value, sentence, clerk_client, key):
    answer = clerk_client.get(PATH, {f"{key(TENDERS)}.1": value})
    assert answer.status_code == 200
    (panel,) = answer.context["fields"].panels
    faulty = [field for field in panel.fields if field.fault]
    assert [(field.key, sentence in field.fault) for field in faulty] == [
        (f"{key(TENDERS)}.1", True)
    ]
    assert len(faulty[0].value) <= 60
    assert [place for place, _said in answer.context["fields"].errors] == [faulty[0].id]
    assert b"<script>alert" not in answer.content
    assert figures(answer)[4] == ("100.00", "100.00", "±0")


def test_a_negative_target_is_refused_with_a_sentence(clerk_client, key):
    answer = clerk_client.get(PATH, {f"{key(TENDERS)}.t": "-1"})
    assert "目標值不能小於 0。" in text(answer)


def test_a_stage_is_nothing_but_done_or_not(staged):
    plan, client = staged
    pk = plan.indicators.get(title="指標 1").pk
    page = text(client.get("/tc-made/108/what-if/", {f"i{pk}.m2": "2"}))
    assert "請選「已完成」或「未完成」。" in page


def test_a_result_that_is_impossible_says_why(clerk_client, key):
    answer = clerk_client.get(PATH, {f"{key(TENDERS)}.2": "0"})
    assert "無法計算：除數「招標案件數」等於 0" in text(answer)
    assert answer.context["page"].points[2].then == "15.00"


@pytest.mark.parametrize(
    "name", ["i999999", "i0", f"i{'9' * 50}", "i1.999", "x", "i", "i1.t.t", "i-1", "i１", "\x00"]
)
def test_an_unknown_item_is_left_out_and_said(name, clerk_client, key):
    answer = clerk_client.get(PATH, {name: "1", f"{key(TENDERS)}.1": "200"})
    assert figures(answer)[4] == ("100.00", "98.57", "−1.43")
    assert "不屬於這個計畫，已略過" in text(answer)


def test_many_unknown_items_are_counted(clerk_client):
    page = text(clerk_client.get(PATH, {f"x{n}": "1" for n in range(2000)}))
    assert "網址裡有 2000 個項目不屬於這個計畫，已略過，例如 「x0」、「x1」、「x2」。" in page


def test_another_plans_indicator_is_unknown(staged, secretariat):
    _plan, client = staged
    foreign = secretariat.indicators.order_by("pk")[0].pk
    page = text(client.get("/tc-made/108/what-if/", {f"i{foreign}": "1"}))
    assert "不屬於這個計畫，已略過" in page


@pytest.mark.parametrize("opened", ["abc", "-1", "9" * 40, "1.5", ""])
def test_what_can_not_be_opened_is_not(opened, clerk_client):
    answer = clerk_client.get(PATH, {"open": opened})
    assert answer.status_code == 200
    assert answer.context["fields"].panels == ()


def test_nothing_is_written(clerk_client, key, secretariat):
    def content():
        return {
            model: list(model.objects.order_by("pk").values())
            for model in apps.get_models()
            if model._meta.app_label in ("indicators", "reports")
        }

    before = content()
    tenders = key(TENDERS)
    with CaptureQueriesContext(connection) as queries:
        clerk_client.get(PATH, {f"{tenders}.1": "200", f"{tenders}.2": "x", "nonsense": "1"})
        clerk_client.get(PATH, {"go": "1", f"{tenders}.1": "200"})
    assert content() == before
    written = [q["sql"] for q in queries if re.match(r"(?i)insert|update|delete", q["sql"])]
    assert written == []


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_it_only_reads(method, clerk_client):
    assert getattr(clerk_client, method)(PATH).status_code == 405


def test_another_agency_sees_nothing(secretariat, other_agency, make_user, sign_in, key):
    client = sign_in(make_user("supervisor", other_agency))
    assert client.get(PATH, {key(TENDERS): "1"}).status_code == 404


# Size -------------------------------------------------------------------------------------------


def large(count: int, rows: int = 2) -> PlanRecord:
    given = tuple(
        Input(f"數{n}", rows=tuple(InputRow(str(r), Decimal(3)) for r in range(rows)))
        for n in range(3)
    )
    items = [
        IndicatorRecord(spec(n, inputs=given, formula="SUM(數0)/20*100%")) for n in range(count)
    ]
    return plan_of(*items)


@pytest.fixture
def opened(db, make_user, sign_in):
    def open_plan(record: PlanRecord):
        plan = actions.replace_plan(record, by=None, now=NOW)
        reader = models.User.objects.filter(username="reader").first()
        return plan, sign_in(reader or make_user("clerk", plan.agency, name="reader"))

    return open_plan


def test_three_hundred_indicators_cost_the_queries_of_one(opened):
    _plan, client = opened(large(1))
    one = counted(client, "/tc-made/108/what-if/")
    _plan, client = opened(large(300))
    assert counted(client, "/tc-made/108/what-if/") == one
    assert one <= 15


def test_only_the_fields_of_open_indicators_are_shown(opened):
    plan, client = opened(large(300))
    pk = plan.indicators.order_by("pk")[7].pk
    page = client.get("/tc-made/108/what-if/", {"open": pk}).content.decode()
    fields = re.findall(r'<input class="form-control[^>]* name="([^"]+)"', page)
    assert [name.split(".")[0] for name in fields] == [f"i{pk}"] * 8


def test_fields_beyond_what_fits_in_an_address_are_counted(opened):
    plan, client = opened(large(2, rows=60))
    keys = list(plan.indicators.order_by("pk").values_list("pk", flat=True))
    answer = client.get("/tc-made/108/what-if/", {"open": keys})
    panels = answer.context["fields"].panels
    assert [(len(p.fields), p.left_out) for p in panels] == [(MOST_FIELDS, 82), (0, 182)]
    assert "還有 82 個數值沒有列出" in text(answer)


def test_moves_beyond_what_fits_in_an_address_are_counted(opened):
    plan, client = opened(large(100))
    moves = {f"i{pk}": "1" for pk in plan.indicators.values_list("pk", flat=True)}
    answer = client.get("/tc-made/108/what-if/", moves)
    assert len(answer.context["asked"].moves) == MOST_MOVES
    assert "一次最多試算 60 個數值，其餘 40 個已略過。" in text(answer)


def test_an_empty_plan_says_why(opened):
    _plan, client = opened(plan_of())
    assert "這份計畫還沒有指標" in text(client.get("/tc-made/108/what-if/"))


# Export -----------------------------------------------------------------------------------------


def test_table_has_raw_cells():
    direct = {"method": Method.DIRECT, "inputs": (), "formula": "", "unit": "件", "decimals": 0}
    item = spec(
        1,
        direction=Direction.LOWER,
        target=Decimal(8),
        actual=Decimal(8),
        weight=Decimal(10),
        **direct,
    )
    plan = score_plan(numbered(plan_of(IndicatorRecord(item))))
    page = what_if_page(plan, what_if(plan, {"i1": Decimal(9)}))
    found = table(page)
    assert found.title == "試算"
    assert found.rows == (
        (
            *("業務面向", "指標 1", "件", Decimal(10)),
            *(Decimal(8), Decimal(8), Decimal("100.00"), Decimal("10.00"), "達標"),
            *(Decimal(8), Decimal(9), Decimal("87.50"), Decimal("8.75"), "未達標"),
            Decimal("-1.25"),
        ),
    )
    assert len(found.heads) == len(found.rows[0])
    assert found.notes == ("試算，不是填報資料；沒有任何數值被更改。",)


def test_moved_zero_is_zero():
    """0 is a value: a target of 0 is met by an actual of 0 or more."""
    plan = score_plan(numbered(plan_of(IndicatorRecord(spec(1)))))
    then = what_if(plan, {"i1.t": Decimal(0), "i1.1.1": Decimal(0)})
    (item,) = then.indicators()
    assert (item.spec.target, item.spec.inputs[0].rows[0].value) == (0, 0)
    assert (item.result.status, item.result.score) == (Status.MET, Fraction(1))


def test_address_of_the_page(db):
    assert reverse("what_if", args=["tc-secretariat", 107]) == PATH


@pytest.mark.parametrize(
    ("before", "after", "printed"),
    [
        ("74.675", "73.502", "−1.18"),  # 74.68 and 73.50, although they differ by 1.173
        ("0.004", "0.003", "±0"),
        ("1", "1.005", "＋0.01"),
        ("1", "0.9949", "−0.01"),
    ],
)
def test_change_of_points_is_what_a_reader_gets_from_the_printed_ones(before, after, printed):
    assert points_change(Fraction(before), Fraction(after)) == printed
