"""A supervisor's queue: its rows and their order, what was decided, and the table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from indicators import actions, models
from indicators.permissions import NotAllowed, actor_of
from indicators.scorecards.my_work import my_work
from indicators.scorecards.review import queue, table
from indicators.work_queries import load_desk
from tests.conftest import NOW
from tests.indicators.test_steps import TODAY, prove, submit
from tests.reports.test_review import QUEUE, address, give_back, status, value

CLEAN = QUEUE + "clean/"
DONE = QUEUE + "done/"


def test_a_row_shows_what_a_decision_needs(row, hand_in, users, sign_in):
    hand_in(row)
    page = sign_in(users["supervisor"]).get(QUEUE).content.decode()
    assert "1 項指標待審核" in page
    assert f'value="{row.pk}:0"' in page
    assert " checked" not in page.partition('id="keys"')[0]
    line = queue(row.plan, actor_of(users["supervisor"], TODAY), TODAY).mine[0]
    # 147/1,586 is 9.3 %, at most 11.5 %: 100 %, and all of the 15 points
    assert (line.target, line.line.actual.whole + line.line.actual.fraction) == ("≤ 11.5%", "9.3")
    assert (line.line.achievement, line.line.score, line.line.weight) == ("100.00", "15.00", "15")
    assert (line.doubts, line.evidence, line.who, line.refusal) == ((), 2, "測試者", "")
    assert line.is_clean


def test_last_year_and_the_change_stand_beside_the_actual(row, hand_in, users):
    models.Indicator.objects.filter(pk=row.pk).update(
        previous_target=Decimal(12), previous_actual=Decimal("9.5")
    )
    hand_in(row)
    line = queue(row.plan, actor_of(users["supervisor"], TODAY), TODAY).mine[0]
    previous = line.previous
    assert (previous.target, previous.actual, previous.target_change, previous.change) == (
        *("12%", "9.5%"),
        *("−0.5", "−0.2"),
    )


def test_another_figure_in_last_year_s_plan_is_a_doubt_before_approval(
    row, hand_in, users, seed_record, sign_in
):
    """107 has 9.3 % of at most 11.5 %; its copy of the year before is given 9.8 % by hand."""
    earlier = actions.replace_plan(replace(seed_record, year=106), by=None, now=NOW)
    earlier.indicators.update(status="approved")
    models.Indicator.objects.filter(pk=row.pk).update(previous_actual=Decimal("9.8"))
    hand_in(row)
    line = queue(row.plan, actor_of(users["supervisor"], TODAY), TODAY).mine[0]
    said = "本年計畫引用去年實際 9.8，去年計畫為 9.3。"
    assert [str(doubt.sentence) for doubt in line.doubts] == [said]
    assert (line.last_actual, line.previous.target, line.is_clean) == (
        *(Decimal("9.8"), "11.5%"),
        False,
    )
    client = sign_in(users["supervisor"])
    assert said in client.get(QUEUE).content.decode()
    review = client.get(reverse("review_indicator", args=["tc-secretariat", 107, row.pk]))
    assert review.content.decode().count(said) == 2  # beside the figure, and among the findings
    page = client.get(reverse("indicator", args=["tc-secretariat", 107, row.pk]))
    assert said in page.content.decode()


def test_what_is_overdue_comes_first_and_what_has_no_deadline_last(secretariat, hand_in, users):
    none, later, late, same = secretariat.indicators.order_by(
        "goal__perspective__position", "goal__position", "position"
    )[:4]
    days = {later: timedelta(3), late: timedelta(-2), same: timedelta(3)}
    for row, left in days.items():
        models.Indicator.objects.filter(pk=row.pk).update(due=TODAY + left)
    for row in (none, later, late, same):
        hand_in(row)
    found = queue(secretariat, actor_of(users["supervisor"], TODAY), TODAY).mine
    assert [line.pk for line in found] == [late.pk, later.pk, same.pk, none.pk]
    assert [line.deadline.is_late for line in found] == [True, False, False, False]
    desk = load_desk(actor_of(users["supervisor"], TODAY), TODAY)
    assert [item.pk for item in my_work(desk, TODAY).approvals] == [line.pk for line in found]


def test_an_empty_queue_says_why(secretariat, users, sign_in):
    page = sign_in(users["supervisor"]).get(QUEUE).content.decode()
    assert "目前沒有輪到您審核的指標" in page


def test_a_supervisor_of_another_unit_sees_it_waiting_without_a_box(
    row, hand_in, secretariat, sign_in
):
    hand_in(row)
    user = models.User.objects.create(username="other-unit")
    unit = secretariat.agency.units.get(name="人事室")
    models.Role.objects.create(user=user, name="supervisor", agency=secretariat.agency, unit=unit)
    client = sign_in(user)
    page = client.get(QUEUE).content.decode()
    assert "等候其他主管審核" in page
    assert 'name="item"' not in page
    assert client.post(QUEUE, {"item": value(row)}).status_code == 403
    assert status(row) == "submitted"


def test_what_one_submitted_oneself_has_no_box_and_a_sentence(row, users, secretariat, sign_in):
    clerk = users["clerk"]
    models.Role.objects.create(user=clerk, name="supervisor", agency=secretariat.agency)
    prove(row, clerk)
    submit(row, actor_of(clerk, TODAY))
    client = sign_in(clerk)
    page = client.get(QUEUE).content.decode()
    assert "是您自己送出的" in page
    assert 'name="item"' not in page
    assert "是您自己送出的" in client.post(QUEUE, {"item": value(row)}).content.decode()
    assert "不能核定" in client.get(address(row)).content.decode()


def test_a_deputy_does_not_approve_for_whom_submitted(row, users, secretariat, make_user):
    absent = users["clerk"]
    models.Role.objects.create(user=absent, name="supervisor", agency=secretariat.agency)
    deputy = make_user("clerk", secretariat.agency, name="deputy")
    days = {"first_day": TODAY, "last_day": TODAY}
    models.Deputyship.objects.create(absent=absent, deputy=deputy, **days)
    prove(row, absent)
    submit(row, actor_of(absent, TODAY))
    with pytest.raises(NotAllowed, match="自己送出"):
        actions.approve(revisions={row.pk: 0}, actor=actor_of(deputy, TODAY), now=NOW)


@pytest.mark.parametrize("path", [QUEUE, CLEAN, DONE])
def test_the_pages_take_the_same_queries_for_three(
    path, secretariat, hand_in, users, sign_in, django_assert_num_queries
):
    rows = list(secretariat.indicators.order_by("pk")[:3])
    hand_in(rows[0])
    client = sign_in(users["supervisor"])
    with CaptureQueriesContext(connection) as one:
        client.get(path)
    for row in rows[1:]:
        hand_in(row)
    with django_assert_num_queries(len(one)):
        client.get(path)


@pytest.mark.parametrize("path", [CLEAN, DONE])
def test_the_pages_that_only_show_take_no_post(path, row, hand_in, users, sign_in):
    hand_in(row)
    assert sign_in(users["supervisor"]).post(path, {"item": value(row)}).status_code == 405
    assert status(row) == "submitted"


def test_thirty_take_as_many_queries_as_one(secretariat, users, sign_in, django_assert_num_queries):
    goal = secretariat.indicators.order_by("pk")[0].goal
    new = {"plan": secretariat, "goal": goal, "weight": 1, "decimals": 0, "direction": "higher"}
    new |= {"target": 1, "method": "direct", "status": "submitted"}
    rows = models.Indicator.objects.bulk_create(
        models.Indicator(**new, position=100 + n, title=f"第 {n} 項") for n in range(30)
    )
    client = sign_in(users["supervisor"])
    models.Indicator.objects.exclude(pk=rows[0].pk).update(status="draft")
    with CaptureQueriesContext(connection) as one:
        client.get(QUEUE)
    models.Indicator.objects.filter(pk__in=[row.pk for row in rows]).update(status="submitted")
    with django_assert_num_queries(len(one)):
        page = client.get(QUEUE).content.decode()
    assert "30 項指標待審核" in page


# What was decided, and the table ------------------------------------------------------------------


def test_the_page_of_the_day_says_what_was_decided_and_where_each_is(
    secretariat, hand_in, act, users, sign_in
):
    approved, returned = secretariat.indicators.order_by("pk")[:2]
    for row in (approved, returned):
        hand_in(row)
    now = timezone.now()
    actions.approve(revisions={approved.pk: 0}, actor=act("supervisor"), now=now)
    give_back(returned, act, reason="請核對人數", at=now)
    page = sign_in(users["supervisor"]).get(DONE).content.decode()
    assert "待審核的都審完了" in page
    assert f"{address(approved)}#id_reason" in page  # it can still be returned
    assert f"{address(returned)}#id_reason" not in page
    assert "請核對人數" in page


def test_the_page_of_the_day_leaves_out_other_days_and_other_people(
    row, hand_in, act, users, sign_in, make_user, secretariat
):
    hand_in(row)
    actions.approve(
        revisions={row.pk: 0}, actor=act("supervisor"), now=timezone.now() - timedelta(days=2)
    )
    for who in (users["supervisor"], make_user("supervisor", secretariat.agency, name="second")):
        assert "您今天還沒有核定或退回" in sign_in(who).get(DONE).content.decode()


def test_the_table_has_plain_cells_and_ones_own_first(secretariat, row, hand_in, users):
    models.Indicator.objects.filter(pk=row.pk).update(
        due=date(2019, 1, 8), previous_actual=Decimal("9.5")
    )
    hand_in(row)
    found = table(queue(secretariat, actor_of(users["supervisor"], TODAY), TODAY))
    cells = dict(zip(found.heads, found.rows[0], strict=True))
    assert cells.pop("送出時間").date() == timezone.localdate(NOW)
    assert cells == {
        "指標": "流廢標下降率",
        "負責單位": row.owner.name,
        "單位": "%",
        "目標": Decimal("11.5"),
        "實際": Decimal("9.3"),
        "去年實際": Decimal("9.5"),
        "較去年增減": Decimal("-0.2"),
        "達成度（%）": Decimal(100),
        "得分": Decimal(15),
        "權重": Decimal(15),
        "須修正": 0,
        "尚缺": 0,
        "請核對": 0,
        "佐證資料（件）": 2,
        "送出者": "測試者",
        "期限": date(2019, 1, 8),
        "輪到您": "是",
    }
