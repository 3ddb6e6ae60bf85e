"""Rows that many tests start from, made once for all of them.

Each of those tests works in a savepoint above the rows, so that none sees what another one did.
A test that commits for others to see (a live server, `transaction=True`) makes them for itself.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from django.db import connection, transaction

COMMITS = {"transactional_db", "live_server"}


def shared_rows(make: Callable[..., Any]) -> Callable[..., Any]:
    """The decorator of such a fixture. It may ask for others like it and for those of the session.

    A test gets a copy of what it returns.
    """

    def fixture(request: pytest.FixtureRequest, db: None, ground: Ground) -> Any:
        if make in ground.made:
            return copy.deepcopy(ground.made[make])
        return make(*map(request.getfixturevalue, _asked(make)))

    fixture.make = make
    return pytest.fixture(name=make.__name__)(fixture)


class Ground:
    """The rows that are there before the next test begins: layers, the later above the earlier."""

    def __init__(self) -> None:
        self.made: dict[Callable[..., Any], Any] = {}
        self._blocks: list[transaction.Atomic] = []

    def prepare(self, item: pytest.Item, request: pytest.FixtureRequest) -> None:
        wanted = layers(item)
        while tuple(self.made) != wanted[: len(self.made)]:
            self._take_off()
        for make in wanted[len(self.made) :]:
            self._put_on(make, [self._given(name, item, request) for name in _asked(make)])

    def clear(self) -> None:
        while self.made:
            self._take_off()

    def _given(self, name: str, item: pytest.Item, request: pytest.FixtureRequest) -> Any:
        made = _layer(name, item)
        return self.made[made] if made else request.getfixturevalue(name)

    def _put_on(self, make: Callable[..., Any], given: Sequence[Any]) -> None:
        block = transaction.atomic()
        block._from_testcase = True  # as Django's own: what must commit by itself may run in it
        block.__enter__()
        try:
            self.made[make] = make(*given)
            connection.check_constraints()
        except BaseException:
            self.made.pop(make, None)
            transaction.set_rollback(True)
            block.__exit__(None, None, None)
            raise
        self._blocks.append(block)
        connection.close = lambda: None  # which Django does after each test

    def _take_off(self) -> None:
        self.made.popitem()
        transaction.set_rollback(True)
        self._blocks.pop().__exit__(None, None, None)
        if not self._blocks:
            del connection.close


@pytest.fixture(scope="session")
def ground(django_db_setup: None, django_db_blocker: Any) -> Iterator[Ground]:
    ground = Ground()
    yield ground
    with django_db_blocker.unblock():
        ground.clear()


@pytest.fixture(autouse=True, scope="class")  # that is: before the test's own transaction begins
def _ground_is_ready(request: pytest.FixtureRequest, django_db_blocker: Any) -> None:
    if asks_the_database(request.node):
        with django_db_blocker.unblock():
            request.getfixturevalue("ground").prepare(request.node, request)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those on the same ground follow each other."""
    items.sort(key=lambda item: [make.__qualname__ for make in layers(item)], reverse=True)


def asks_the_database(item: pytest.Item) -> bool:
    """Whether pytest-django opens the test database for it; else it refuses every query."""
    return bool(item.get_closest_marker("django_db") or "db" in item.fixturenames or _commits(item))


def layers(item: pytest.Item) -> tuple[Callable[..., Any], ...]:
    """What is shared of what the test asks for, each after what it is made of."""
    if _commits(item):
        return ()
    found = (_layer(name, item) for name in item.fixturenames)
    return tuple(dict.fromkeys(one for make in found if make for one in _below(make, item)))


def _below(make: Callable[..., Any], item: pytest.Item) -> Iterator[Callable[..., Any]]:
    for name in _asked(make):
        if under := _layer(name, item):
            yield from _below(under, item)
    yield make


def _layer(name: str, item: pytest.Item) -> Callable[..., Any] | None:
    found = item.session._fixturemanager.getfixturedefs(name, item)
    return getattr(found[-1].func, "make", None) if found else None


def _asked(make: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(make).parameters)


def _commits(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    return bool(COMMITS & set(item.fixturenames) or (marker and marker.kwargs.get("transaction")))
