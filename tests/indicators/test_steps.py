"""The journey of an entry through the actions: record, submit, return, approve, close, publish."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from indicators import actions, models
from indicators.entries import Entry, entry_of
from indicators.permissions import NotAllowed, actor_of
from indicators.queries import find_indicator, load_indicator
from indicators.records import Review
from tests.conftest import NOW

TODAY = NOW.date()


@pytest.fixture
def row(secretariat):
    return secretariat.indicators.get(lineage="failed-tender-rate")


@pytest.fixture
def act(users):
    """act("clerk"): who that person is today."""
    return lambda role: actor_of(users[role], TODAY)


def stored(row: models.Indicator) -> Entry:
    return entry_of(load_indicator(find_indicator(row.plan, row.pk)))


def with_failed(entry: Entry, number: str) -> Entry:
    return replace(entry, inputs={**entry.inputs, "流廢標件數": Decimal(number)})


def prove(row: models.Indicator, by: models.User) -> None:
    """A document number behind each input, without the evidence's own action."""
    for symbol in row.inputs.values_list("symbol", flat=True):
        models.Evidence.objects.create(
            indicator=row,
            about=symbol,
            kind="document",
            name="中市秘採字第1號",
            dated=TODAY,
            added_at=NOW,
            added_by=by,
        )


def record(row, act, number, revision=None):
    revision = models.Indicator.objects.get(pk=row.pk).revision if revision is None else revision
    return actions.record_entry(
        indicator_id=row.pk,
        entry=with_failed(stored(row), number),
        revision=revision,
        actor=act("clerk"),
        now=NOW,
    )


def submit(row, actor):
    revision = models.Indicator.objects.get(pk=row.pk).revision
    actions.submit(indicator_id=row.pk, revision=revision, actor=actor, now=NOW)


def test_record_stores_the_field_and_one_event_with_both_values(row, act, users):
    saved = record(row, act, "151")
    assert saved == actions.Saved(1, ("input:流廢標件數",))
    assert row.inputs.get(symbol="流廢標件數").value == Decimal(151)
    event = models.AuditEvent.objects.get(action="record")
    assert event.content()["before"] == {"input:流廢標件數": "147"}
    assert event.content()["after"] == {"input:流廢標件數": "151"}
    assert (event.actor, event.object_id) == (users["clerk"], row.pk)


def test_record_of_the_same_values_changes_nothing(row, act):
    assert record(row, act, "147", revision=99) == actions.Saved(0, ())
    assert not models.AuditEvent.objects.filter(action="record").exists()


def test_record_from_an_older_revision_is_a_conflict_and_keeps_what_is_stored(row, act):
    record(row, act, "151", revision=0)
    with pytest.raises(actions.Conflict) as conflict:
        record(row, act, "152", revision=0)
    assert conflict.value.revision == 1
    assert stored(row).inputs["流廢標件數"] == Decimal(151)


@pytest.mark.parametrize("role", ["supervisor", "plan_manager", "reviewer", "administrator"])
def test_only_a_clerk_records(row, act, role):
    with pytest.raises(NotAllowed):
        actions.record_entry(
            indicator_id=row.pk, entry=stored(row), revision=0, actor=act(role), now=NOW
        )


def test_a_clerk_of_another_unit_does_not_record(row, make_user, secretariat):
    user = models.User.objects.create(username="other-unit")
    unit = secretariat.agency.units.get(name="人事室")
    models.Role.objects.create(user=user, name="clerk", agency=secretariat.agency, unit=unit)
    with pytest.raises(NotAllowed):
        actions.record_entry(
            indicator_id=row.pk, entry=stored(row), revision=0, actor=actor_of(user, TODAY), now=NOW
        )


def test_submit_without_evidence_is_not_ready(row, act):
    with pytest.raises(actions.NotReady) as found:
        submit(row, act("clerk"))
    assert {f.field for f in found.value.findings} == {
        "evidence:流廢標件數",
        "evidence:招標案件數",
    }


def test_a_missed_target_is_not_submitted_without_its_review(row, act, users):
    prove(row, users["clerk"])
    record(row, act, "400")
    with pytest.raises(actions.NotReady) as found:
        submit(row, act("clerk"))
    assert [f.field for f in found.value.findings] == [
        "review:cause",
        "review:action",
        "review:responsible",
        "review:due",
    ]
    whole = replace(
        stored(row), review=Review("工期短", "提早招標", "採購管理科", date(2019, 6, 30))
    )
    actions.record_entry(indicator_id=row.pk, entry=whole, revision=1, actor=act("clerk"), now=NOW)
    submit(row, act("clerk"))


def test_submitted_is_locked_until_it_is_returned(row, act, users):
    prove(row, users["clerk"])
    submit(row, act("clerk"))
    with pytest.raises(NotAllowed, match="欄位鎖定"):
        record(row, act, "151")
    actions.return_for_correction(
        indicator_id=row.pk, reason="請核對件數", actor=act("supervisor"), now=NOW
    )
    assert record(row, act, "151").changed


def test_return_needs_a_reason(row, act, users):
    prove(row, users["clerk"])
    submit(row, act("clerk"))
    with pytest.raises(NotAllowed, match="原因"):
        actions.return_for_correction(
            indicator_id=row.pk, reason=" ", actor=act("supervisor"), now=NOW
        )


def test_nobody_approves_what_they_submitted(row, users, secretariat):
    clerk = users["clerk"]
    models.Role.objects.create(user=clerk, name="supervisor", agency=secretariat.agency)
    prove(row, clerk)
    submit(row, actor_of(clerk, TODAY))
    with pytest.raises(NotAllowed, match="自己送出"):
        actions.approve(revisions={row.pk: 0}, actor=actor_of(clerk, TODAY), now=NOW)


def test_approve_is_refused_when_the_entry_is_another_than_the_one_looked_at(row, act, users):
    prove(row, users["clerk"])
    submit(row, act("clerk"))
    with pytest.raises(NotAllowed, match="再看一次"):
        actions.approve(revisions={row.pk: 7}, actor=act("supervisor"), now=NOW)


def test_a_deputy_acts_for_the_absent_and_both_are_on_record(row, users, make_user, secretariat):
    deputy = make_user("supervisor", secretariat.agency, name="deputy")
    days = {"first_day": TODAY, "last_day": TODAY + timedelta(days=1)}
    models.Deputyship.objects.create(absent=users["clerk"], deputy=deputy, **days)
    actor = actor_of(deputy, TODAY)
    actions.record_entry(
        indicator_id=row.pk,
        entry=with_failed(stored(row), "150"),
        revision=0,
        actor=actor,
        now=NOW,
    )
    event = models.AuditEvent.objects.get(action="record")
    assert (event.actor, event.acting_for) == (deputy, users["clerk"])
    with pytest.raises(NotAllowed):
        actions.record_entry(
            indicator_id=row.pk,
            entry=stored(row),
            revision=1,
            actor=actor_of(deputy, TODAY + timedelta(days=2)),
            now=NOW,
        )


@pytest.fixture
def approved(secretariat, act, users):
    """The plan with every indicator approved."""
    for row in secretariat.indicators.order_by("pk"):
        prove(row, users["clerk"])
        submit(row, act("clerk"))
    revisions = dict(secretariat.indicators.values_list("pk", "revision"))
    actions.approve(revisions=revisions, actor=act("supervisor"), now=NOW)
    return secretariat


def test_a_plan_with_an_open_indicator_is_not_closed(secretariat, act):
    with pytest.raises(NotAllowed, match="還有 11 項"):
        actions.close(plan_id=secretariat.pk, actor=act("plan_manager"), now=NOW)


def test_close_review_publish_freezes_the_plan(approved, act):
    actions.close(plan_id=approved.pk, actor=act("plan_manager"), now=NOW)
    actions.review(plan_id=approved.pk, actor=act("reviewer"), now=NOW)
    actions.publish(plan_id=approved.pk, actor=act("reviewer"), now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        approved.indicators.update(target=Decimal(1))
    steps = models.Step.objects.filter(plan=approved, indicator=None).order_by("pk")
    assert list(steps.values_list("name", flat=True)) == ["close", "review", "publish"]


def test_asking_back_reopens_what_is_named_and_nothing_else(approved, act, row):
    actions.close(plan_id=approved.pk, actor=act("plan_manager"), now=NOW)
    actions.ask_back(
        plan_id=approved.pk,
        reason="請補列管表",
        indicator_ids=[row.pk],
        actor=act("reviewer"),
        now=NOW,
    )
    states = dict(approved.indicators.values_list("lineage", "status"))
    assert states.pop("failed-tender-rate") == "returned"
    assert set(states.values()) == {"approved"}
    assert models.Plan.objects.get(pk=approved.pk).status == "returned"


def test_a_correction_is_a_new_version_and_the_published_one_stays(approved, act, row):
    actions.close(plan_id=approved.pk, actor=act("plan_manager"), now=NOW)
    actions.review(plan_id=approved.pk, actor=act("reviewer"), now=NOW)
    actions.publish(plan_id=approved.pk, actor=act("reviewer"), now=NOW)
    new = actions.correct(
        plan_id=approved.pk,
        reason="列管件數有誤",
        indicator_ids=[row.pk],
        actor=act("plan_manager"),
        now=NOW,
    )
    assert (new.version, new.status, new.correction_reason) == (2, "returned", "列管件數有誤")
    fresh = new.indicators.get(lineage="failed-tender-rate")
    assert (fresh.status, fresh.evidence.count()) == ("returned", 2)
    record(fresh, act, "151")
    assert stored(row).inputs["流廢標件數"] == Decimal(147)
    with pytest.raises(NotAllowed, match="更新的版本"):
        actions.correct(
            plan_id=approved.pk,
            reason="再一次",
            indicator_ids=[row.pk],
            actor=act("plan_manager"),
            now=NOW,
        )
