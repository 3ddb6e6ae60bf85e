"""Filling in an indicator through its pages: what no browser sends, and what must not get lost."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from indicators import actions, models
from indicators.entry_queries import saves_since
from indicators.permissions import actor_of
from tests.conftest import NOW
from tests.indicators.test_steps import TODAY, record

PASSWORD = "only-for-tests"


def page(row: models.Indicator, name: str = "entry") -> str:
    return reverse(name, args=[row.plan.agency.code, row.plan.year, row.pk])


def drafts(row: models.Indicator) -> list[str]:
    return [draft.user.username for draft in row.drafts.order_by("pk")]


# A session that ends ------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["test-clerk", "colleague"])
def test_typing_that_a_log_in_interrupts_stays_its_owner_s(
    who, row, users, make_user, client, sign_in
):
    make_user("clerk", row.plan.agency, name="colleague")
    typed = {"op": "save", "revision": "0", "by": str(users["clerk"].pk), "analysis": "還沒寫完"}
    client.post(page(row), typed)
    client.post(reverse("login"), {"username": who, "password": PASSWORD})
    shown = client.get(page(row)).content.decode()
    is_owner = who == "test-clerk"
    assert ("還沒寫完" in shown) == is_owner
    assert drafts(row) == (["test-clerk"] if is_owner else [])


def test_form_says_whose_it_is(row, users, sign_in):
    shown = sign_in(users["clerk"]).get(page(row)).content.decode()
    assert f'name="by" value="{users["clerk"].pk}"' in shown


@pytest.mark.parametrize(
    ("origin", "is_kept"), [("http://testserver", True), ("http://elsewhere.example", False)]
)
def test_typing_under_the_token_of_an_earlier_log_in_comes_back(origin, is_kept, row, users):
    client = Client(enforce_csrf_checks=True)
    client.force_login(users["clerk"])
    typed = {"op": "save", "revision": "0", "by": str(users["clerk"].pk), "analysis": "還沒寫完"}
    answer = client.post(page(row), typed, headers={"Origin": origin})
    assert (answer.status_code, drafts(row)) == (302 if is_kept else 403, [])
    shown = client.get(page(row)).content.decode()
    assert ("還沒寫完" in shown) == is_kept
    assert drafts(row) == (["test-clerk"] if is_kept else [])
    assert models.Indicator.objects.get(pk=row.pk).revision == row.revision


def test_other_forms_of_an_earlier_log_in_are_refused(row, users):
    client = Client(enforce_csrf_checks=True)
    client.force_login(users["clerk"])
    answer = client.post(page(row, "entry_check"), headers={"Origin": "http://testserver"})
    assert answer.status_code == 403
    assert "表單已過期" in answer.content.decode()


# Two people at one indicator ----------------------------------------------------------------------


def test_submitting_leaves_a_colleague_s_draft_alone(row, users, make_user, hand_in):
    colleague = make_user("clerk", row.plan.agency, name="colleague")
    for person in (users["clerk"], colleague):
        who = actor_of(person, TODAY)
        actions.keep_draft(row=row, content="{}", revision=0, actor=who, now=NOW)
    hand_in(row)
    assert drafts(row) == ["colleague"]


@pytest.mark.parametrize("name", ["entry", "entry_draft"])
def test_what_is_typed_while_a_colleague_submits_waits_for_the_return(
    name, row, users, make_user, hand_in, act, sign_in
):
    colleague = make_user("clerk", row.plan.agency, name="colleague")
    hand_in(row)
    client = sign_in(colleague)
    posted = {"op": "save", "revision": str(row.revision), "analysis": "還沒寫完"}
    answer = client.post(page(row, name), posted)
    assert answer.status_code == 403
    assert "您填寫的內容已保留" in answer.content.decode()
    assert drafts(row) == ["colleague"]
    actions.return_for_correction(
        indicator_id=row.pk, reason="再看一次", actor=act("supervisor"), now=NOW
    )
    assert "還沒寫完" in client.get(page(row)).content.decode()


def test_nothing_is_kept_of_a_closed_plan_or_of_who_may_not_fill_it_in(closed, row, users, client):
    for person in ("clerk", "auditor"):
        client.force_login(users[person])
        assert client.post(page(row), {"op": "save", "analysis": "晚了"}).status_code == 403
    assert drafts(row) == []


def test_a_return_is_not_taken_for_a_save(row, users, hand_in, act):
    """Who began after the last save and before a return differs from nobody."""
    record(row, act, "140")
    hand_in(row)
    began = models.Indicator.objects.get(pk=row.pk).revision
    actions.return_for_correction(
        indicator_id=row.pk, reason="再看一次", actor=act("supervisor"), now=NOW
    )
    record(row, act, "150")
    now = models.Indicator.objects.get(pk=row.pk)
    changed = [event.content()["after"] for event in saves_since(now, began)]
    assert [set(fields) for fields in changed] == [{"input:流廢標件數"}]
    assert "150" in str(changed)


@pytest.mark.parametrize(
    ("typed", "expected"), [("150", "150"), ("一百五", "140"), (None, "140")], ids=str
)
def test_what_can_t_be_read_is_not_stored_as_missing(typed, expected, row, users, act, sign_in):
    """A conflict is open in one tab while the same person types on in another."""
    client = sign_in(users["clerk"])
    began = row.revision
    record(row, act, "140")
    symbols = list(row.inputs.order_by("position").values_list("symbol", flat=True))
    field = f"v-{symbols.index('流廢標件數')}"
    if typed:
        client.post(page(row, "entry_draft"), {"revision": began, field: typed})
    posted = {"op": "resolve", "revision": began + 1, "take:input:流廢標件數": "mine"}
    client.post(page(row), posted)
    assert row.inputs.get(symbol="流廢標件數").value == Decimal(expected)
    assert drafts(row) == (["test-clerk"] if typed == "一百五" else [])


# What no browser sends ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["entry", "entry_draft", "entry_check"])
@pytest.mark.parametrize(
    "posted",
    [
        {"op": "withdraw-²"},
        {"op": "withdraw-" + "9" * 30},
        {"op": "suggest", "year": "abc"},
        {"op": "insert:\x00"},
        {"op": "remove-0-999"},
        {"revision": "²"},
        {"table-0": "9" * 5000, "block-0": ""},
        {"v-0": "9" * 5000},
        {"analysis": "{{ =" + "(" * 5000 + " }}"},
    ],
)
def test_odd_posts_are_answered(name, posted, row, users, sign_in):
    client = sign_in(users["clerk"])
    assert client.post(page(row, name), posted).status_code < 500
    assert client.get(page(row)).status_code == 200


def test_reason_that_nobody_can_see_is_none(row, users, hand_in, sign_in):
    hand_in(row)
    row.refresh_from_db()
    posted = {"decision": "return", "reason": "\u200b\u200b", "revision": row.revision}
    answer = sign_in(users["supervisor"]).post(page(row, "review_indicator"), posted)
    assert "請寫明原因。" in answer.content.decode()
    row.refresh_from_db()
    assert row.status == row.Status.SUBMITTED


def test_half_a_character_in_the_figures_form_is_answered(secretariat, users, sign_in):
    figure = secretariat.figures.first()
    started = f'{{"value-{figure.pk}":"\\ud800"}}'
    posted = {"started": started, f"value-{figure.pk}": "1"}
    where = reverse("figures", args=[secretariat.agency.code, secretariat.year])
    answer = sign_in(users["plan_manager"]).post(where, posted)
    assert "表單不完整" in answer.content.decode()
