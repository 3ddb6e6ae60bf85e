"""A document in place of a plan that people have worked on in the portal."""

from __future__ import annotations

import pytest

from indicators import actions, models
from indicators.actions import assigning
from indicators.actions.refusals import Missing
from indicators.entries import entry_of
from indicators.permissions import NotAllowed
from indicators.queries import find_indicator, load_indicator
from tests.conftest import NOW, SEED
from tests.indicators import work_scenes as scenes


@pytest.fixture
def row(secretariat):
    return secretariat.indicators.get(lineage="failed-tender-rate")


def record(row, users):
    scenes.record(row, users["clerk"], "流廢標件數", "140")


def keep_draft(row, users):
    clerk = scenes.acting(users["clerk"])
    actions.keep_draft(row=row, content="{}", revision=0, actor=clerk, now=NOW)


def assign(row, users):
    manager = scenes.acting(users["plan_manager"])
    wanted = assigning.Assignment(indicators={row.pk: {"due": scenes.TODAY}})
    assigning.assign(plan_id=row.plan_id, wanted=wanted, actor=manager, now=NOW)


@pytest.mark.parametrize("work", [record, keep_draft, assign])
def test_work_in_the_portal_is_not_replaced(work, row, users, seed_record):
    work(row, users)
    with pytest.raises(NotAllowed, match="--discard-work"):
        actions.replace_plan(seed_record, by=None, now=NOW)
    with pytest.raises(NotAllowed, match="--discard-work"):
        actions.check_replace_plan(seed_record)
    assert models.Indicator.objects.filter(pk=row.pk).exists()


def test_untouched_plan_is_replaced(row, seed_record):
    actions.replace_plan(seed_record, by=None, now=NOW)
    assert not models.Indicator.objects.filter(pk=row.pk).exists()


def test_command_replaces_it_when_told_to(row, users, command):
    record(row, users)
    assert command("import_plan", str(SEED)).code == 1
    assert command("import_plan", str(SEED), "--dry-run").code == 1
    assert command("import_plan", str(SEED), "--discard-work").code == 0
    assert not models.Indicator.objects.filter(pk=row.pk).exists()


def test_what_came_of_a_promise_is_not_replaced(row, users, seed_record):
    models.FollowUp.objects.create(
        indicator=row, outcome="kept", note="已辦理", by=users["plan_manager"], at=NOW
    )
    with pytest.raises(NotAllowed, match="追蹤結果"):
        actions.replace_plan(seed_record, by=None, now=NOW, discard_work=True)
    assert models.FollowUp.objects.get().indicator_id == row.pk


def test_what_is_sent_for_an_indicator_that_was_just_replaced_finds_none(row, users, seed_record):
    entry = entry_of(load_indicator(find_indicator(row.plan, row.pk)))
    actions.replace_plan(seed_record, by=None, now=NOW)
    with pytest.raises(Missing):
        actions.record_entry(
            indicator_id=row.pk,
            entry=entry,
            revision=0,
            actor=scenes.acting(users["clerk"]),
            now=NOW,
        )
