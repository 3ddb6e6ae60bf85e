"""Locks in one order, and a second try for a whole transaction that lost a race."""

from __future__ import annotations

import functools
import random
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import connection
from django.db.utils import OperationalError

from indicators.models import Plan

TRIES = 6
LONGEST_FIRST_PAUSE = 0.05  # seconds; twice as long each time
# Deadlock, serialization failure, lock not available: the same again may well succeed.
PASSING = frozenset({"40P01", "40001", "55P03"})

P = ParamSpec("P")
R = TypeVar("R")


def lock_plan(plan_id: int) -> Plan:
    """The plan as it is now, held until the transaction ends. An action takes this lock first."""
    return Plan.objects.select_for_update(no_key=True).get(pk=plan_id)


def lock_plan_of(indicator_id: int) -> Plan:
    """The plan of an indicator, as `lock_plan`."""
    plans = Plan.objects.select_for_update(no_key=True, of=("self",))
    return plans.get(indicators=indicator_id)


def retry(transaction: Callable[P, R]) -> Callable[P, R]:
    """Run a whole transaction again, a few times, when the database says that it lost a race.

    Stands outside `@transaction.atomic`. Inside somebody else's transaction it does nothing:
    there only the outermost can be run again.
    """

    @functools.wraps(transaction)
    def retried(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(1 if connection.in_atomic_block else TRIES):
            try:
                return transaction(*args, **kwargs)
            except OperationalError as error:
                if not _passes(error) or connection.in_atomic_block or attempt == TRIES - 1:
                    raise
                time.sleep(random.uniform(0, LONGEST_FIRST_PAUSE * 2**attempt))  # noqa: S311
        raise AssertionError("unreachable")

    return retried


def _passes(error: OperationalError) -> bool:
    return getattr(error.__cause__, "pgcode", None) in PASSING
