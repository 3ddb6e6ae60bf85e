"""A plan on its way: what tests of review and publication start from."""

from __future__ import annotations

from datetime import timedelta

import pytest

from indicators import actions, models
from indicators.permissions import actor_of
from tests.conftest import NOW
from tests.indicators.test_steps import TODAY, prove, submit
from tests.shared_rows import shared_rows


@pytest.fixture
def act(users):
    return lambda role: actor_of(users[role], TODAY)


@pytest.fixture
def row(secretariat):
    return secretariat.indicators.get(lineage="failed-tender-rate")


@pytest.fixture
def hand_in(users):
    """hand_in(row): proven and submitted by the clerk."""
    return lambda row: _hand_in(row, users["clerk"])


def _hand_in(row: models.Indicator, clerk: models.User) -> None:
    prove(row, clerk)
    submit(row, actor_of(clerk, TODAY))


@shared_rows
def approved(secretariat, users):
    """Every indicator approved; the plan can be closed."""
    for row in secretariat.indicators.order_by("pk"):
        _hand_in(row, users["clerk"])
    revisions = dict(secretariat.indicators.values_list("pk", "revision"))
    actions.approve(revisions=revisions, actor=actor_of(users["supervisor"], TODAY), now=NOW)
    return secretariat


@shared_rows
def closed(approved, users):
    actor = actor_of(users["plan_manager"], TODAY)
    actions.close(plan_id=approved.pk, actor=actor, now=NOW)
    return approved


@shared_rows
def reviewed(closed, users):
    actor = actor_of(users["reviewer"], TODAY)
    actions.review(plan_id=closed.pk, actor=actor, now=NOW + timedelta(minutes=1))
    return closed
