"""The rules as triggers: how each database spells, lists and drops them."""

# ruff: noqa: S608  all names are the models' own

from __future__ import annotations

from collections.abc import Mapping

from django.db.backends.base.base import BaseDatabaseWrapper

from indicators.guards.rules import PREFIX, Model, Rule, rules
from indicators.models import Plan

# pg_trigger.tgtype: row 1, before 2, insert 4, delete 8, update 16, truncate 32
POSTGRES_TYPES = {"INSERT": 7, "DELETE": 11, "UPDATE": 19, "TRUNCATE": 34}


class SqliteTriggers:
    """A trigger is its own text, which the database keeps as it was written."""

    replaces = True
    truncates = False

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection

    def table(self, model: Model) -> str:
        return f'"{model._meta.db_table}"'

    def published(self, keys: list[str]) -> str:
        return (
            f"EXISTS (SELECT 1 FROM {self.table(Plan)}"
            f" WHERE status = 'published' AND id IN ({', '.join(keys)}))"
        )

    def expected(self) -> dict[str, str]:
        return {rule.name: self._text(rule) for rule in _on_existing_tables(self)}

    def existing(self) -> dict[str, str]:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            return {name: sql for name, sql in cursor.fetchall() if name.startswith(PREFIX)}

    def create(self, names: Mapping[str, str]) -> list[str]:
        return list(names.values())

    def drop(self, names: Mapping[str, str]) -> list[str]:
        return [f'DROP TRIGGER "{name}"' for name in names]

    def _text(self, rule: Rule) -> str:
        return (
            f'CREATE TRIGGER "{rule.name}" BEFORE {rule.operation} ON {self.table(rule.model)} '
            f"FOR EACH ROW WHEN {rule.broken} BEGIN SELECT RAISE(ABORT, '{rule.message}'); END"
        )


class PostgresTriggers:
    """A trigger calls a function of its own name. What is compared is the function's body.

    Tables are named with their schema and the functions have a search path of their own: a
    temporary table or an operator of the same name would otherwise be found first.
    """

    replaces = False
    truncates = True
    helper = f"{PREFIX}plan_is_published"

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        with connection.cursor() as cursor:
            cursor.execute("SELECT quote_ident(current_schema())")
            self.schema = cursor.fetchone()[0]

    def table(self, model: Model) -> str:
        return f'{self.schema}."{model._meta.db_table}"'

    def published(self, keys: list[str]) -> str:
        return f"{self.schema}.{self.helper}({', '.join(keys)})"

    def expected(self) -> dict[str, str]:
        """Names with bodies; the shared question first, since the others call it."""
        triggers = {rule.name: self._body(rule) for rule in _on_existing_tables(self)}
        return {self.helper: self._helper_body()} | triggers if triggers else {}

    def existing(self) -> dict[str, str]:
        """A trigger counts when it is enabled and fires before everything it should."""
        types = {rule.name: POSTGRES_TYPES[rule.operation] for rule in rules(self)}
        with self.connection.cursor() as cursor:
            cursor.execute(
                """SELECT p.proname, p.prosrc, t.tgtype, t.tgenabled IN ('O', 'A')
                    AND t.tgqual IS NULL AND t.tgattr::text = '' AND t.tgname = p.proname
                FROM pg_proc p LEFT JOIN pg_trigger t ON t.tgfoid = p.oid
                WHERE p.pronamespace = current_schema()::regnamespace AND p.proname LIKE %s""",
                [PREFIX.replace("_", r"\_") + "%"],
            )
            return {
                name: body if name == self.helper or (whole and kind == types.get(name)) else ""
                for name, body, kind, whole in cursor.fetchall()
            }

    def create(self, names: Mapping[str, str]) -> list[str]:
        by_name = {rule.name: rule for rule in rules(self)}
        return [self._function(name, body) for name, body in names.items()] + [
            self._trigger(by_name[name]) for name in names if name != self.helper
        ]

    def drop(self, names: Mapping[str, str]) -> list[str]:
        """A function takes its trigger with it."""
        return [f"DROP FUNCTION {self.schema}.{name} CASCADE" for name in names]

    def _trigger(self, rule: Rule) -> str:
        each = "STATEMENT" if rule.operation == "TRUNCATE" else "ROW"
        return (
            f"CREATE TRIGGER {rule.name} BEFORE {rule.operation} ON {self.table(rule.model)} "
            f"FOR EACH {each} EXECUTE FUNCTION {self.schema}.{rule.name}()"
        )

    def _function(self, name: str, body: str) -> str:
        is_helper = name == self.helper
        signature = (
            "(VARIADIC keys bigint[]) RETURNS boolean" if is_helper else "() RETURNS trigger"
        )
        return (
            f"CREATE FUNCTION {self.schema}.{name}{signature} LANGUAGE plpgsql "
            f"SET search_path = pg_catalog, pg_temp AS $guard${body}$guard$"
        )

    def _helper_body(self) -> str:
        """Locks before it looks, or an edit slips into a plan that is being published."""
        return f"""
DECLARE state text;
BEGIN
    FOR state IN SELECT status FROM {self.table(Plan)} WHERE id = ANY (keys) ORDER BY id FOR SHARE
    LOOP
        IF state = 'published' THEN RETURN TRUE; END IF;
    END LOOP;
    RETURN FALSE;
END"""

    def _body(self, rule: Rule) -> str:
        row = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD", "TRUNCATE": "NULL"}
        return f"""
BEGIN
    IF {rule.broken} THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = '{rule.message}';
    END IF;
    RETURN {row[rule.operation]};
END"""


Triggers = SqliteTriggers | PostgresTriggers


def triggers_of(connection: BaseDatabaseWrapper) -> Triggers:
    if connection.vendor == "postgresql":
        return PostgresTriggers(connection)
    return SqliteTriggers(connection)


def _on_existing_tables(triggers: Triggers) -> list[Rule]:
    tables = set(triggers.connection.introspection.table_names())
    return [rule for rule in rules(triggers) if rule.table in tables]
