"""Several indicators approved at once: what is asked, what is left out, what changed meanwhile."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from indicators import actions, models
from indicators.actions.refusals import Missing
from indicators.entry_checks import ROUNDED
from indicators.permissions import actor_of
from indicators.scorecards.review import queue
from tests.conftest import NOW
from tests.indicators.test_steps import TODAY, prove, submit
from tests.reports.test_review import QUEUE, give_back, status, value

CLEAN = QUEUE + "clean/"
DONE = QUEUE + "done/"


def test_several_are_approved_at_once(secretariat, hand_in, users, sign_in):
    rows = list(secretariat.indicators.order_by("pk")[:3])
    for row in rows:
        hand_in(row)
    data = {"item": [value(row) for row in rows[:2]]}
    page = sign_in(users["supervisor"]).post(QUEUE, data, follow=True).content.decode()
    assert "已核定 2 項指標。" in page
    assert [status(row) for row in rows] == ["approved", "approved", "submitted"]


def doubtful(row):
    """So far from last year's figure that it is to be looked at."""
    models.Indicator.objects.filter(pk=row.pk).update(previous_actual=Decimal(1))


def items(page):
    """What a page's form would send."""
    return re.findall(r'name="item" value="([0-9:]+)"', page)


def test_all_without_findings_are_asked_for_by_name_and_then_approved(
    secretariat, hand_in, users, sign_in
):
    clean, other, doubted = secretariat.indicators.order_by("pk")[:3]
    doubtful(doubted)
    for row in (clean, other, doubted):
        hand_in(row)
    client = sign_in(users["supervisor"])
    assert "核定全部沒有疑義的 2 項" in client.get(QUEUE).content.decode()
    page = client.get(CLEAN).content.decode()
    assert sorted(items(page)) == sorted([value(clean), value(other)])
    asked, _, left_out = page.partition('id="left-out"')
    assert clean.title in asked
    assert doubted.title in left_out
    assert "實際值 100 約是去年 1 的 100 倍" in left_out
    assert {status(row) for row in (clean, other, doubted)} == {"submitted"}
    answer = client.post(QUEUE, {"item": items(page)}, follow=True)
    assert answer.redirect_chain == [(DONE, 302)]
    said = answer.content.decode()
    assert "已核定 2 項指標。" in said
    assert "還有 1 項指標待審核" in said
    assert clean.title in said
    assert [status(row) for row in (clean, other, doubted)] == ["approved", "approved", "submitted"]


def test_without_evidence_or_submitted_by_oneself_is_left_out(
    secretariat, row, hand_in, users, sign_in
):
    other = secretariat.indicators.exclude(pk=row.pk).order_by("pk")[0]
    supervisor = users["supervisor"]
    models.Role.objects.create(user=supervisor, name="clerk", agency=secretariat.agency)
    prove(other, supervisor)
    submit(other, actor_of(supervisor, TODAY))
    hand_in(row)
    row.evidence.filter(about="流廢標件數").update(withdrawn_at=NOW)
    found = queue(secretariat, actor_of(supervisor, TODAY), TODAY)
    assert (found.clean, {line.pk for line in found.left_out}) == ((), {row.pk, other.pk})
    answer = sign_in(supervisor).get(CLEAN)
    assert (answer.status_code, answer.url) == (302, QUEUE)


def test_a_figure_that_only_rounding_makes_meet_its_target_is_left_out(row, hand_in, act, users):
    models.Indicator.objects.filter(pk=row.pk).update(decimals=0, target=Decimal(9))
    hand_in(row)  # 147/1,586 is 9.27 %, above 9 %; printed as 9 % it meets the target
    found = queue(row.plan, actor_of(users["supervisor"], TODAY), TODAY)
    assert found.clean == ()
    assert [doubt.sentence.template for doubt in found.left_out[0].doubts] == [ROUNDED]


def test_none_chosen_is_a_sentence(row, hand_in, users, sign_in):
    hand_in(row)
    page = sign_in(users["supervisor"]).post(QUEUE, {}).content.decode()
    assert "請至少勾選一項指標。" in page


def test_one_changed_meanwhile_is_named_and_the_others_are_approved(
    secretariat, hand_in, act, users, sign_in
):
    first, second, third = secretariat.indicators.order_by("pk")[:3]
    for row in (first, second, third):
        hand_in(row)
    client = sign_in(users["supervisor"])
    looked_at = {"item": items(client.get(CLEAN).content.decode())}
    give_back(second, act)
    submit(second, act("clerk"))
    actions.approve(revisions={third.pk: 0}, actor=act("supervisor"), now=NOW)
    page = client.post(QUEUE, looked_at, follow=True).content.decode()
    assert "已核定 1 項指標。" in page
    assert f"「{second.title}」在您審核時又有更改，請再看一次。" in page
    assert f"「{third.title}」沒有核定：主管已核定" in page
    assert [status(row) for row in (first, second, third)] == ["approved", "submitted", "approved"]
    steps = models.Step.objects.filter(name="approve", indicator__in=[first, second, third])
    assert steps.count() == 2


def test_where_all_have_changed_the_queue_says_so_and_keeps_the_choice(
    row, hand_in, act, users, sign_in
):
    hand_in(row)
    looked_at = {"item": [value(row)]}
    give_back(row, act)
    submit(row, act("clerk"))
    page = sign_in(users["supervisor"]).post(QUEUE, looked_at).content.decode()
    assert f"「{row.title}」在您審核時又有更改，請再看一次。" in page
    assert "還沒有核定，請先修正" in page
    assert status(row) == "submitted"


def test_an_error_in_the_middle_leaves_nothing_half_approved(row, hand_in, act):
    hand_in(row)
    revisions = {row.pk: 0, 10**9: 0}  # the second one is gone
    with pytest.raises(Missing):
        actions.approve_each(revisions=revisions, actor=act("supervisor"), now=NOW)
    assert status(row) == "submitted"
    assert not models.Step.objects.filter(name="approve").exists()


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
