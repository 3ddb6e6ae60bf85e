"""Triggers that keep the history growing only, and a published plan as it is.

No migration contains them: SQLite rebuilds a table by renaming, which loses some triggers and
trips over others. They are dropped before a migration and installed after it; see
`management/commands/migrate.py`. What they refuse is in `rules`, how in `sql`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core import checks
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import DatabaseError, Error

from indicators.guards.rules import FOLLOWED, FROZEN, HISTORY, KEPT, SAID, SENTENCES, keep
from indicators.guards.sql import triggers_of
from indicators.permissions import NotAllowed

__all__ = [
    "FOLLOWED",
    "FROZEN",
    "HISTORY",
    "KEPT",
    "SAID",
    "check_installed",
    "install",
    "install_after_migrate",
    "keep",
    "lifted",
    "missing",
    "sentence",
    "spoken",
    "without_check",
]

_unchecked: set[str] = set()


def install(connection: BaseDatabaseWrapper) -> None:
    """Create what is missing or differs; drop what no rule asks for any more."""
    triggers = triggers_of(connection)
    expected, existing = triggers.expected(), triggers.existing()
    stale = {name: sql for name, sql in existing.items() if expected.get(name) != sql}
    if stale.keys() & {getattr(triggers, "helper", None)}:
        stale = existing
    absent = {name: sql for name, sql in expected.items() if name not in existing or name in stale}
    _execute(connection, triggers.drop(stale) + triggers.create(absent))


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The guards that aren't there, are switched off or are not what the rules say."""
    triggers = triggers_of(connection)
    existing = triggers.existing()
    return [name for name, sql in triggers.expected().items() if existing.get(name) != sql]


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Without guards inside: for migrations and for emptying a test database."""
    triggers = triggers_of(connection)
    _execute(connection, triggers.drop(triggers.existing()))
    try:
        yield
    finally:
        install(connection)


def install_after_migrate(using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    install(connections[using])


def sentence(error: Error) -> str | None:
    """What to tell the user where a guard refused; None for any other error."""
    return next((text for marker, text in SENTENCES.items() if marker in str(error)), None)


@contextmanager
def spoken() -> Iterator[None]:
    """A guard's refusal as `NotAllowed`, whose message is a sentence. Outside the transaction."""
    try:
        yield
    except DatabaseError as error:
        if text := sentence(error):
            raise NotAllowed(text) from error
        raise


@checks.register(checks.Tags.database)
def check_installed(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """`manage.py check --database default`: no guard is missing."""
    return [
        checks.Error(
            f"Database guards are missing: {', '.join(names)}.",
            hint="Run manage.py migrate.",
            id="indicators.E001",
        )
        for alias in databases or ()
        if alias not in _unchecked and (names := missing(connections[alias]))
    ]


@contextmanager
def without_check(alias: str) -> Iterator[None]:
    """For the command that installs what the check would miss."""
    _unchecked.add(alias)
    try:
        yield
    finally:
        _unchecked.discard(alias)


def _execute(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    """All or nothing. Nothing is begun where there is nothing to do."""
    if statements:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
