"""Django's migrate between taking the guards off and putting them back; and the cache's table."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from indicators import guards


class Command(migrate.Command):
    def check(self, *args: Any, **kwargs: Any) -> None:
        """Missing guards are no reason not to run what installs them."""
        (alias,) = kwargs["databases"]
        with guards.without_check(alias):
            super().check(*args, **kwargs)

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        looks_only = options["plan"] or options["check_unapplied"]
        if looks_only or not (options["app_label"] or _has_work(connection)):
            super().handle(*args, **options)  # what is missing is installed after it
        else:
            with guards.lifted(connection):
                super().handle(*args, **options)
        if not looks_only:
            call_command("createcachetable", database=connection.alias, verbosity=0)


def _has_work(connection: BaseDatabaseWrapper) -> bool:
    connection.prepare_database()
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
