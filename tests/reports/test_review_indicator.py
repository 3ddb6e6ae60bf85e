"""One indicator under review: what the page shows, the decision, and the way to the next."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators import actions, models
from indicators.permissions import actor_of
from indicators.records import Review
from tests.conftest import NOW
from tests.indicators.test_steps import TODAY, prove, stored, submit, with_failed
from tests.reports.test_review import QUEUE, address, give_back, revision, save, status, value


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
    assert answer.url == QUEUE + "done/"
    assert (status(first), status(second)) == ("approved", "approved")


def test_the_message_names_what_was_decided_and_leads_back(secretariat, hand_in, users, sign_in):
    first, second = secretariat.indicators.order_by("pk")[:2]
    models.Indicator.objects.filter(pk=first.pk).update(title="<b>率</b>")
    for row in (first, second):
        hand_in(row)
    sent = {"decision": "approve", "revision": "0"}
    page = sign_in(users["supervisor"]).post(address(first), sent, follow=True).content.decode()
    assert "「&lt;b&gt;率&lt;/b&gt;」已核定，關帳前仍可退回。" in page
    assert f'<a href="{address(first)}">回到這項指標</a>' in page


def test_the_page_says_which_of_how_many_it_is_and_leads_on(secretariat, hand_in, users, sign_in):
    first, second, third = secretariat.indicators.order_by("pk")[:3]
    for row in (first, second, third):
        hand_in(row)
    page = sign_in(users["supervisor"]).get(address(second)).content.decode()
    assert "第 2 項，共 3 項" in page
    assert f'href="{address(first)}" rel="prev"' in page
    assert f'href="{address(third)}" rel="next"' in page
    last = sign_in(users["supervisor"]).get(address(third)).content.decode()
    assert 'rel="next"' not in last


def test_what_one_submitted_oneself_is_no_station_on_the_way(secretariat, hand_in, users, sign_in):
    own, other = secretariat.indicators.order_by("pk")[:2]
    supervisor = users["supervisor"]
    models.Role.objects.create(user=supervisor, name="clerk", agency=secretariat.agency)
    prove(own, supervisor)
    submit(own, actor_of(supervisor, TODAY))
    hand_in(other)
    client = sign_in(supervisor)
    assert "第 1 項，共 1 項" in client.get(address(other)).content.decode()
    assert "另有 1 項待審核" in client.get(address(own)).content.decode()
    answer = client.post(address(other), {"decision": "approve", "revision": "0"})
    assert answer.url == QUEUE + "done/"


def test_the_page_takes_the_same_queries_whatever_waits(
    secretariat, hand_in, users, sign_in, django_assert_num_queries
):
    rows = list(secretariat.indicators.order_by("pk")[:3])
    hand_in(rows[0])
    client = sign_in(users["supervisor"])
    with CaptureQueriesContext(connection) as one:
        client.get(address(rows[0]))
    for row in rows[1:]:
        hand_in(row)
    with django_assert_num_queries(len(one)):
        client.get(address(rows[0]))


@pytest.mark.parametrize("of", ["review/", ""])
def test_numbers_stand_beside_what_proves_them(of, row, hand_in, users, sign_in):
    hand_in(row)
    row.evidence.filter(about="招標案件數").delete()
    path = f"/tc-secretariat/107/indicators/{row.pk}/{of}"
    page = sign_in(users["supervisor"]).get(path).content.decode()
    shown = page.partition('id="evidence"')[2].partition("</table>")[0]
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", shown))
    assert "147 件 中市秘採字第1號" in text
    assert "1,586 件 沒有佐證資料" in text


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
