"""A plan on its way: what tests of review and publication start from."""

from __future__ import annotations

from datetime import timedelta

import pytest

from indicators import actions, models
from indicators.permissions import actor_of
from tests.conftest import NOW
from tests.indicators.test_steps import TODAY, prove, submit


@pytest.fixture
def act(users):
    return lambda role: actor_of(users[role], TODAY)


@pytest.fixture
def row(secretariat):
    return secretariat.indicators.get(lineage="failed-tender-rate")


@pytest.fixture
def hand_in(act, users):
    """hand_in(row): proven and submitted by the clerk."""

    def hand(row: models.Indicator) -> None:
        prove(row, users["clerk"])
        submit(row, act("clerk"))

    return hand


@pytest.fixture
def approved(secretariat, hand_in, act):
    """Every indicator approved; the plan can be closed."""
    for row in secretariat.indicators.order_by("pk"):
        hand_in(row)
    revisions = dict(secretariat.indicators.values_list("pk", "revision"))
    actions.approve(revisions=revisions, actor=act("supervisor"), now=NOW)
    return secretariat


@pytest.fixture
def closed(approved, act):
    actions.close(plan_id=approved.pk, actor=act("plan_manager"), now=NOW)
    return approved


@pytest.fixture
def reviewed(closed, act):
    actions.review(plan_id=closed.pk, actor=act("reviewer"), now=NOW + timedelta(minutes=1))
    return closed
