"""A supervisor's queue, one indicator under review, and what changed since it was returned."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators import actions, models
from indicators.permissions import NotAllowed, actor_of
from indicators.queries import find_indicator, load_indicator
from indicators.records import Review
from indicators.scorecards.changes import Change, since_return
from indicators.scorecards.text_diff import text_diff
from tests.conftest import NOW
from tests.indicators.test_steps import TODAY, prove, stored, submit, with_failed

QUEUE = "/tc-secretariat/107/review/"


def address(row):
    return f"/tc-secretariat/107/indicators/{row.pk}/review/"


def revision(row):
    return models.Indicator.objects.get(pk=row.pk).revision


def status(row):
    return models.Indicator.objects.get(pk=row.pk).status


def value(row):
    return f"{row.pk}:{revision(row)}"


def give_back(row, act, reason="請核對件數", at=NOW, **more):
    actions.return_for_correction(
        indicator_id=row.pk, reason=reason, actor=act("supervisor"), now=at, **more
    )


def save(row, act, entry):
    actions.record_entry(
        indicator_id=row.pk, entry=entry, revision=revision(row), actor=act("clerk"), now=NOW
    )


def plainly(_record, text):
    return text


def comparison(row):
    found = find_indicator(row.plan, row.pk)
    return since_return(found, load_indicator(found), plainly)


# What changed -------------------------------------------------------------------------------------


def test_never_returned_is_nothing_to_compare(row, hand_in):
    hand_in(row)
    assert comparison(row) is None


def test_a_number_and_the_actual_that_follows_from_it_are_set_side_by_side(row, hand_in, act):
    hand_in(row)
    give_back(row, act)
    save(row, act, with_failed(stored(row), "151"))
    found = comparison(row)
    # 147/1,586 is 9.3 %, 151/1,586 is 9.5 %
    assert found.changes == (
        Change("實際值（%）", "9.3", "9.5", "＋0.2"),
        Change("流廢標列管件數（件）", "147", "151", "＋4"),
    )
    assert found.unchanged == ("公告金額以上之工程採購招標案件數（件）", "達成情形分析")


def test_rows_of_a_list_are_compared_by_their_label(secretariat, hand_in, act):
    row = secretariat.indicators.get(lineage="basic-class-pass-rate")
    hand_in(row)
    give_back(row, act)
    entry = stored(row)
    symbol = next(name for name, rows in entry.inputs.items() if isinstance(rows, tuple))
    first, *rest = entry.inputs[symbol]
    rows = (replace(first, value=first.value - 1), *rest)
    save(row, act, replace(entry, inputs={**entry.inputs, symbol: rows}))
    changes = [c for c in comparison(row).changes if first.label in c.label]
    assert [(c.before, c.after, c.difference) for c in changes] == [
        (str(first.value), str(first.value - 1), "−1")
    ]


def test_texts_dates_and_stages_are_compared_as_people_read_them(row, hand_in, act):
    hand_in(row)
    give_back(row, act)
    entry = stored(row)
    review = Review("工期短", "提早招標", "採購管理科", date(2019, 6, 30))
    save(row, act, replace(entry, analysis=entry.analysis + "\n已更正。", review=review))
    changes = {c.label: c for c in comparison(row).changes}
    assert changes["改善的完成期限"] == Change("改善的完成期限", "—", "108年6月30日")
    assert changes["未達原因"].pieces == (("ins", "工期短"),)
    assert changes["達成情形分析"].pieces[-1] == ("ins", "\n已更正。")


def test_evidence_added_and_withdrawn_since_is_named(row, hand_in, act, users):
    hand_in(row)
    give_back(row, act, at=NOW + timedelta(hours=1))
    later = NOW + timedelta(hours=2)
    old = row.evidence.get(about="流廢標件數")
    models.Evidence.objects.filter(pk=old.pk).update(withdrawn_at=later)
    new = models.Evidence.objects.create(
        indicator=row,
        about="流廢標件數",
        kind="document",
        name="中市秘採字第2號",
        dated=TODAY,
        added_at=later,
        added_by=users["clerk"],
    )
    found = comparison(row)
    assert [(e.pk, e.place, e.is_added) for e in found.evidence] == [
        (old.pk, "流廢標列管件數的佐證資料", False),
        (new.pk, "流廢標列管件數的佐證資料", True),
    ]
    assert found.count == 2


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("", "", ()),
        ("同", "同", (("same", "同"),)),
        ("共151件", "共147件", (("same", "共"), ("del", "151"), ("ins", "147"), ("same", "件"))),
        ("9.5%", "9.3%", (("del", "9.5%"), ("ins", "9.3%"))),
        ("甲\n乙\n", "甲\n", (("same", "甲\n"), ("del", "乙\n"))),
        (
            "前" * 70 + "1",
            "前" * 70 + "2",
            (("same", "……" + "前" * 30), ("del", "1"), ("ins", "2")),
        ),
    ],
)
def test_text_diff_by_words(before, after, pieces):
    assert text_diff(before, after) == pieces


def test_a_very_long_text_is_compared_at_once():
    pieces = text_diff("一二三" * 30_000, "一二四" * 30_000)
    assert [kind for kind, _text in pieces] == ["del", "ins"]


# The queue ----------------------------------------------------------------------------------------


def test_the_queue_shows_what_a_decision_needs(row, hand_in, users, sign_in):
    hand_in(row)
    page = sign_in(users["supervisor"]).get(QUEUE).content.decode()
    assert "1 項指標待審核" in page
    assert f'value="{row.pk}:0"' in page
    assert "有，2 件" in page
    assert "無提醒" in page
    assert " checked" not in page


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


def test_several_are_approved_at_once(secretariat, hand_in, users, sign_in):
    rows = list(secretariat.indicators.order_by("pk")[:3])
    for row in rows:
        hand_in(row)
    data = {"item": [value(row) for row in rows[:2]]}
    page = sign_in(users["supervisor"]).post(QUEUE, data, follow=True).content.decode()
    assert "已核定 2 項指標。" in page
    assert [status(row) for row in rows] == ["approved", "approved", "submitted"]


def test_those_without_findings_can_be_chosen_but_not_approved_by_a_link(
    secretariat, hand_in, users, sign_in
):
    clean, doubtful = secretariat.indicators.order_by("pk")[:2]
    models.Indicator.objects.filter(pk=doubtful.pk).update(previous_actual=Decimal(1))
    for row in (clean, doubtful):
        hand_in(row)
    page = sign_in(users["supervisor"]).get(QUEUE, {"select": "clean"}).content.decode()
    assert page.count(" checked") == 1
    assert "1 項提醒" in page
    assert (status(clean), status(doubtful)) == ("submitted", "submitted")


def test_none_chosen_is_a_sentence(row, hand_in, users, sign_in):
    hand_in(row)
    page = sign_in(users["supervisor"]).post(QUEUE, {}).content.decode()
    assert "請至少勾選一項指標。" in page


def test_one_changed_meanwhile_keeps_all_from_being_approved(
    secretariat, hand_in, act, users, sign_in
):
    first, second = secretariat.indicators.order_by("pk")[:2]
    for row in (first, second):
        hand_in(row)
    looked_at = {"item": [value(first), value(second)]}
    give_back(second, act)
    submit(second, act("clerk"))
    page = sign_in(users["supervisor"]).post(QUEUE, looked_at).content.decode()
    assert f"「{second.title}」在您審核時又有更改，請再看一次。" in page
    assert (status(first), status(second)) == ("submitted", "submitted")


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


@pytest.mark.parametrize("role", ["clerk", "plan_manager", "reviewer", "auditor"])
def test_others_approve_nothing_in_the_queue(row, hand_in, users, sign_in, role):
    hand_in(row)
    assert sign_in(users[role]).post(QUEUE, {"item": value(row)}).status_code == 403
    assert status(row) == "submitted"


@pytest.mark.parametrize("item", ["x", "1", "1:-1", "1:2:3", "9" * 30 + ":0"])
def test_a_malformed_choice_is_a_400(row, hand_in, users, sign_in, item):
    hand_in(row)
    assert sign_in(users["supervisor"]).post(QUEUE, {"item": item}).status_code == 400


def test_an_indicator_of_another_plan_is_a_404(row, hand_in, users, sign_in):
    hand_in(row)
    answer = sign_in(users["supervisor"]).post(QUEUE, {"item": "99999:0"})
    assert answer.status_code == 404


def test_the_queue_takes_the_same_queries_for_three(
    secretariat, hand_in, users, sign_in, django_assert_num_queries
):
    rows = list(secretariat.indicators.order_by("pk")[:3])
    hand_in(rows[0])
    client = sign_in(users["supervisor"])
    with CaptureQueriesContext(connection) as one:
        client.get(QUEUE)
    for row in rows[1:]:
        hand_in(row)
    with django_assert_num_queries(len(one)):
        client.get(QUEUE)


# One indicator ------------------------------------------------------------------------------------


def test_the_page_shows_all_that_is_needed_to_decide(row, hand_in, act, users, sign_in):
    hand_in(row)
    give_back(row, act, notes={"input:流廢標件數": "應為 151"})
    save(row, act, with_failed(stored(row), "151"))
    submit(row, act("clerk"))
    page = sign_in(users["supervisor"]).get(address(row)).content.decode()
    assert "退回後改了 3 處" in page  # the number, the actual, the analysis that quotes both
    assert "<del>147</del><ins>151</ins>" in page
    assert "151/1,586*100%" in page
    assert "中市秘採字第1號" in page
    assert "請核對件數" in page
    assert "應為 151" in page
    assert "第 2 次送出" in page


def test_remarks_on_a_missed_target_are_asked_for_where_it_was_missed(
    row, hand_in, act, users, sign_in
):
    review = Review("工期短", "提早招標", "採購管理科", date(2019, 6, 30))
    hand_in(row)
    supervisor = sign_in(users["supervisor"])
    assert "改善的完成期限" not in supervisor.get(address(row)).content.decode()
    give_back(row, act)
    save(row, act, replace(with_failed(stored(row), "300"), review=review))
    submit(row, act("clerk"))
    form = supervisor.get(address(row)).content.decode().partition('id="return"')[2]
    assert "改善的完成期限" in form


@pytest.mark.parametrize("role", ["clerk", "reviewer", "administrator", "auditor"])
def test_others_are_led_to_the_indicators_page_and_decide_nothing(
    row, hand_in, users, sign_in, role
):
    hand_in(row)
    client = sign_in(users[role])
    answer = client.get(address(row))
    assert (answer.status_code, answer.url) == (302, f"/tc-secretariat/107/indicators/{row.pk}/")
    for decision in ("approve", "return"):
        data = {"decision": decision, "reason": "因", "revision": "0"}
        assert client.post(address(row), data).status_code == 403
    assert status(row) == "submitted"


def test_a_manager_may_return_and_not_approve(row, hand_in, users, sign_in):
    hand_in(row)
    client = sign_in(users["plan_manager"])
    assert "不能核定" in client.get(address(row)).content.decode()
    assert client.post(address(row), {"decision": "approve", "revision": "0"}).status_code == 403
    client.post(address(row), {"decision": "return", "reason": "請補", "revision": "0"})
    assert status(row) == "returned"


def test_approving_leads_to_the_next_that_waits(secretariat, hand_in, users, sign_in):
    first, second = secretariat.indicators.order_by("pk")[:2]
    for row in (first, second):
        hand_in(row)
    client = sign_in(users["supervisor"])
    answer = client.post(address(first), {"decision": "approve", "revision": revision(first)})
    assert answer.url == address(second)
    answer = client.post(address(second), {"decision": "approve", "revision": revision(second)})
    assert answer.url == QUEUE
    assert (status(first), status(second)) == ("approved", "approved")


def test_returning_keeps_reason_and_remarks(row, hand_in, users, sign_in):
    hand_in(row)
    data = {"decision": "return", "revision": "0", "reason": "請核對", "note-0": "應為 151"}
    sign_in(users["supervisor"]).post(address(row), data)
    step = models.Step.objects.get(indicator=row, name="return")
    assert (step.reason, step.notes) == ("請核對", {"input:流廢標件數": "應為 151"})
    assert (step.by, status(row)) == (users["supervisor"], "returned")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"reason": "  "}, "請寫明原因。"),
        ({"reason": "長" * 2001}, "最多 2000 字"),
        ({"reason": "字\u0007"}, "控制字元"),
        ({"reason": "因", "note-0": "長" * 501}, "最多 500 字"),
    ],
)
def test_a_return_that_can_not_be_stored_is_a_sentence_at_its_field(
    row, hand_in, users, sign_in, data, sentence
):
    hand_in(row)
    sent = {"decision": "return", "revision": "0"} | data
    page = sign_in(users["supervisor"]).post(address(row), sent).content.decode()
    assert page.count(sentence) == 2  # in the summary and at the field
    assert status(row) == "submitted"


def test_a_decision_about_an_earlier_state_is_refused(row, hand_in, act, users, sign_in):
    hand_in(row)
    give_back(row, act)
    submit(row, act("clerk"))
    client = sign_in(users["supervisor"])
    for data in ({"decision": "approve"}, {"decision": "return", "reason": "因"}):
        answer = client.post(address(row), data | {"revision": "0"}, follow=True)
        assert "請再看一次" in answer.content.decode()
    assert status(row) == "submitted"


def test_what_is_approved_meanwhile_is_said(row, hand_in, act, users, sign_in):
    hand_in(row)
    actions.approve(revisions={row.pk: 0}, actor=act("supervisor"), now=NOW)
    client = sign_in(users["supervisor"])
    answer = client.post(address(row), {"decision": "approve", "revision": "0"}, follow=True)
    assert "主管已核定" in answer.content.decode()


def test_what_is_not_submitted_has_nothing_to_review(row, users, sign_in):
    answer = sign_in(users["supervisor"]).get(address(row))
    assert answer.url == f"/tc-secretariat/107/indicators/{row.pk}/"


@pytest.mark.parametrize("data", [{}, {"decision": "publish"}, {"decision": "approve"}])
def test_no_decision_is_a_400(row, hand_in, users, sign_in, data):
    hand_in(row)
    assert sign_in(users["supervisor"]).post(address(row), data).status_code == 400


def test_another_agency_gets_a_404(row, hand_in, other_agency, make_user, sign_in):
    hand_in(row)
    client = sign_in(make_user("supervisor", other_agency, name="stranger"))
    data = {"decision": "approve", "revision": "0"}
    assert client.post(address(row), data).status_code == 404
    assert client.post(QUEUE, {"item": value(row)}).status_code == 404


def test_the_indicators_page_says_why_it_is_locked_and_who_unlocks(row, hand_in, users, sign_in):
    client = sign_in(users["clerk"])
    page = f"/tc-secretariat/107/indicators/{row.pk}/"
    assert "已鎖定" not in client.get(page).content.decode()
    hand_in(row)
    assert "需要更改時，請主管退回" in client.get(page).content.decode()
