"""Which of the collected tests run on which database; how many were left out is printed."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.shared_rows import asks_the_database

LEFT_OUT = pytest.StashKey[int]()
OTHER = {"sqlite": "postgresql", "postgresql": "sqlite"}
# What tests/indicators/live.py makes databases with.
LIVE = {"LiveDatabase", "portal_database", "empty_database"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what needs the other database and, on PostgreSQL, what asks none."""
    out = [item for item in items if not _runs_on(connection.vendor, item)]
    config.hook.pytest_deselected(items=out)
    items[:] = [item for item in items if item not in set(out)]
    config.stash[LEFT_OUT] = len(out)


def _runs_on(vendor: str, item: pytest.Item) -> bool:
    """SQLite, where all of it runs, has proven whatever asks no database."""
    if item.get_closest_marker(OTHER[vendor]):
        return False
    return vendor == "sqlite" or _asks_a_database(item)


def _asks_a_database(item: pytest.Item) -> bool:
    return asks_the_database(item) or bool(LIVE & set(vars(item.module)))


# pytest-xdist's workers collect, each of them everything; the process that prints does not.


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left out"] = session.config.stash[LEFT_OUT]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node) -> None:
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left out", 0)


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    left_out = config.stash.get(LEFT_OUT, 0)
    terminalreporter.line(f"{left_out} tests left out on {connection.vendor}")
