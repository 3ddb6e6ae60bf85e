"""Each guard, tried by raw SQL over the application's own connection, on both databases."""

import uuid
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import IntegrityError, ProgrammingError, connection, connections, transaction
from django.db.models import UniqueConstraint
from django.utils import timezone

from indicators import guards, history, models
from indicators.guards.rules import OWNED, SENTENCES
from indicators.permissions import NotAllowed
from tests.indicators.frozen import (
    insert,
    row_of,
    sql,
    stored_plan,
    table,
    two_plans,
    without_guards,
)
from tests.shared_rows import shared_rows

pytestmark = pytest.mark.django_db
PARTS = [models.Plan, *OWNED]
WAYS = [(model, way) for model, ways in OWNED.items() for way in ways]


def name_of(value):
    return getattr(value, "__name__", value)


@shared_rows
def plans():
    return two_plans()


@shared_rows
def plan():
    return stored_plan()


def is_unique_beyond_its_key(model):
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    rules = model._meta.constraints
    return any(f.unique for f in fields) or any(isinstance(r, UniqueConstraint) for r in rules)


def frozen():
    return pytest.raises(IntegrityError, match=f"{guards.FROZEN}: {SENTENCES[guards.FROZEN]}")


def append_only():
    return pytest.raises(IntegrityError, match=f"{guards.HISTORY}: {SENTENCES[guards.HISTORY]}")


# A published plan ---------------------------------------------------------------------------------


@pytest.mark.parametrize("model", PARTS, ids=name_of)
def test_a_published_row_is_not_updated(plans, model):
    with frozen():
        sql(f"UPDATE {table(model)} SET id = id WHERE id = %s", plans.published[model])
    assert sql(f"UPDATE {table(model)} SET id = id WHERE id = %s", plans.open[model]) == 1


@pytest.mark.parametrize("model", PARTS, ids=name_of)
def test_a_published_row_is_not_deleted(plans, model):
    with frozen():
        sql(f"DELETE FROM {table(model)} WHERE id = %s", plans.published[model])
    point = transaction.savepoint()
    assert sql(f"DELETE FROM {table(model)} WHERE id = %s", plans.open[model]) == 1
    transaction.savepoint_rollback(point)


@pytest.mark.parametrize("model", OWNED, ids=name_of)
def test_no_row_is_added_to_a_published_plan(plans, model):
    with frozen():
        insert(model, row_of(model, plans.published[model]) | {"id": 10_000_000})
    past_the_guard = row_of(model, plans.open[model]) | {"id": 10_000_000}
    if not is_unique_beyond_its_key(model):
        assert insert(model, past_the_guard) == 1
        return
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        insert(model, past_the_guard)


@pytest.mark.parametrize(("model", "way"), WAYS, ids=name_of)
def test_no_row_is_moved_into_a_published_plan(plans, model, way):
    parent = model._meta.get_field(way)
    target = plans.published[parent.related_model]
    with frozen():
        sql(
            f"UPDATE {table(model)} SET {parent.column} = %s WHERE id = %s",
            target,
            plans.open[model],
        )


@pytest.mark.parametrize(("model", "way"), WAYS, ids=name_of)
def test_no_row_is_moved_out_of_a_published_plan(plans, model, way):
    parent = model._meta.get_field(way)
    with frozen():
        sql(
            f"UPDATE {table(model)} SET {parent.column} = %s WHERE id = %s",
            plans.open[parent.related_model],
            plans.published[model],
        )


@pytest.mark.sqlite  # PostgreSQL has no such statement
@pytest.mark.parametrize("model", PARTS, ids=name_of)
def test_no_published_row_is_displaced(plans, model):
    """OR REPLACE deletes the row that is in the way without firing its DELETE trigger."""
    with frozen():
        insert(
            model,
            row_of(model, plans.open[model]) | {"id": plans.published[model]},
            "INSERT OR REPLACE",
        )
    with frozen():
        sql(
            f"UPDATE OR REPLACE {table(model)} SET id = %s WHERE id = %s",
            plans.published[model],
            plans.open[model],
        )


@pytest.mark.sqlite  # PostgreSQL has no such statement
def test_no_published_plan_is_displaced_by_its_year(plans):
    with frozen():
        insert(
            models.Plan,
            row_of(models.Plan, plans.open[models.Plan]) | {"id": 10_000_000, "year": 108},
            "INSERT OR REPLACE",
        )
    with frozen():
        sql("UPDATE OR REPLACE indicators_plan SET year = 108 WHERE year = 107")


def test_a_plan_is_not_born_published(plan):
    with frozen():
        row = row_of(models.Plan, plan.pk)
        insert(models.Plan, row | {"id": 10_000_000, "year": 109, "status": "published"})


def test_a_published_plan_goes_back_to_no_other_status(plans):
    with frozen():
        sql("UPDATE indicators_plan SET status = 'draft' WHERE year = 108")


def test_an_upsert_is_an_update(plans):
    row = row_of(models.Figure, plans.published[models.Figure])
    with frozen(), transaction.atomic(), connection.cursor() as cursor:
        columns = ", ".join(f'"{name}"' for name in row)
        cursor.execute(
            f"INSERT INTO indicators_figure ({columns}) VALUES ({', '.join(['%s'] * len(row))})"
            " ON CONFLICT (id) DO UPDATE SET label = '改'",
            list(row.values()),
        )


def test_what_belongs_to_a_plan_is_guarded():
    """A new model with a way to the plan belongs into `OWNED`, or here with a reason."""
    of_history = {models.Chain, models.AuditEvent}
    of_later = {models.FollowUp}  # what came of a published plan's promises is known afterwards
    of_no_report = {models.Comment}  # also on what is published; see comments/test_comments.py
    ways = {
        model
        for model in apps.get_app_config("indicators").get_models()
        for field in model._meta.concrete_fields
        if field.related_model in {models.Plan, *OWNED}
    }
    assert ways - of_history - of_later - of_no_report == set(OWNED)


def test_a_refusal_is_a_sentence(plans):
    with pytest.raises(NotAllowed) as refused, guards.spoken(), transaction.atomic():
        models.Figure.objects.filter(pk=plans.published[models.Figure]).update(label="改")
    assert str(refused.value) == SENTENCES[guards.FROZEN]


def test_another_error_keeps_its_own_words(plan):
    with pytest.raises(IntegrityError), guards.spoken(), transaction.atomic():
        models.Plan.objects.filter(pk=plan.pk).update(year=0)


# What came of a promise ---------------------------------------------------------------------------


@pytest.fixture
def follow_up(plans):
    """Of a published plan's indicator, as a row."""
    made = models.FollowUp.objects.create(
        indicator_id=plans.published[models.Indicator],
        outcome="kept",
        note="已辦理",
        by=models.User.objects.get(),
        at=timezone.now(),
    )
    return row_of(models.FollowUp, made.pk)


def followed_up():
    message = f"{guards.FOLLOWED}: {SENTENCES[guards.FOLLOWED]}"
    return pytest.raises(IntegrityError, match=message)


@pytest.mark.parametrize("column", ["id", "indicator_id", "outcome", "note", "by_id", "at"])
def test_a_follow_up_is_not_changed(follow_up, column):
    with followed_up():
        sql(f'UPDATE indicators_followup SET "{column}" = "{column}"')


def test_a_follow_up_is_not_deleted(follow_up):
    with followed_up():
        sql("DELETE FROM indicators_followup")


def test_a_follow_up_goes_with_no_indicator(follow_up, plans):
    models.FollowUp.objects.create(
        indicator_id=plans.open[models.Indicator],
        outcome="kept",
        note="已辦理",
        by=models.User.objects.get(),
        at=timezone.now(),
    )
    with followed_up(), transaction.atomic():
        models.Indicator.objects.get(pk=plans.open[models.Indicator]).delete()


def test_another_follow_up_is_added(follow_up):
    assert insert(models.FollowUp, follow_up | {"id": 10_000_000, "note": "又查"}) == 1


@pytest.mark.sqlite  # PostgreSQL has no such statement
def test_no_follow_up_is_displaced(follow_up):
    with followed_up():
        insert(models.FollowUp, follow_up | {"note": "改"}, "INSERT OR REPLACE")


@pytest.mark.postgresql  # SQLite has no TRUNCATE
def test_no_follow_up_is_truncated():
    with followed_up():
        sql("TRUNCATE indicators_followup")


# The history --------------------------------------------------------------------------------------


@pytest.fixture
def chain(plan):
    """A chain with three events, as a row."""
    for number in (1, 2):
        note(plan, number)
    return row_of(models.Chain, models.Chain.objects.get(plan=plan).pk)


def note(plan, number):
    return history.record(
        plan=plan,
        action="note",
        kind="plan",
        obj_id=plan.pk,
        label="計畫",
        before={},
        after={"number": number},
        by=None,
        now=timezone.now(),
    )


def next_event(chain, **changes):
    last = row_of(models.AuditEvent, models.AuditEvent.objects.order_by("-sequence")[0].pk)
    proper = {
        "id": 10_000_000,
        "chain_id": chain["id"],
        "sequence": chain["sequence"] + 1,
        "previous_hash": chain["hash"],
        "hash": "f" * 64,
    }
    return last | proper | changes


def test_an_event_is_not_updated(chain):
    with append_only():
        sql("UPDATE indicators_auditevent SET action = action WHERE sequence = 1")


def test_an_event_is_not_deleted(chain):
    with append_only():
        sql("DELETE FROM indicators_auditevent WHERE sequence = 3")


def test_the_proper_next_event_is_accepted(chain):
    assert insert(models.AuditEvent, next_event(chain)) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"sequence": 5},
        {"sequence": 3},
        {"sequence": 2},
        {"sequence": 0},
        {"previous_hash": "e" * 64},
        {"chain_id": 10_000_000},
    ],
    ids=str,
)
def test_an_event_that_does_not_continue_its_chain_is_refused(chain, wrong):
    with append_only():
        insert(models.AuditEvent, next_event(chain, **wrong))


def test_a_second_event_continues_the_first_before_the_head_has_moved(chain):
    insert(models.AuditEvent, next_event(chain))
    following = next_event(chain, id=10_000_001, sequence=5, hash="d" * 64)
    with append_only():
        insert(models.AuditEvent, following)
    assert insert(models.AuditEvent, following | {"previous_hash": "f" * 64}) == 1


@pytest.mark.sqlite  # PostgreSQL has no such statement
def test_no_event_is_displaced(chain):
    first = models.AuditEvent.objects.order_by("sequence")[0]
    with append_only():
        insert(models.AuditEvent, next_event(chain, id=first.pk), "INSERT OR REPLACE")
    with append_only():
        sql("UPDATE OR REPLACE indicators_auditevent SET sequence = 1 WHERE sequence = 2")
    insert(models.AuditEvent, next_event(chain))
    with append_only():
        insert(models.AuditEvent, next_event(chain, id=10_000_001), "INSERT OR REPLACE")


@pytest.mark.parametrize(
    "change",
    [
        "sequence = 2, hash = (SELECT hash FROM indicators_auditevent WHERE sequence = 2)",
        f"sequence = 0, hash = '{'0' * 64}'",
        f"hash = '{'f' * 64}'",
        f"sequence = 4, hash = '{'f' * 64}'",
        "name = 'plan-0'",
        "plan_id = NULL",
        "sequence = sequence",
    ],
)
def test_the_head_only_moves_forward_to_the_newest_event(chain, change):
    with append_only():
        sql(f"UPDATE indicators_chain SET {change}")


def test_the_head_stays_while_it_is_renamed_in_moving(chain):
    insert(models.AuditEvent, next_event(chain))
    move = "UPDATE indicators_chain SET sequence = 4, hash = %s"
    with append_only():
        sql(f"{move}, name = 'plan-0'", "f" * 64)
    with append_only():
        sql(f"{move}, plan_id = NULL", "f" * 64)
    with append_only():
        sql(move, "e" * 64)
    assert sql(move, "f" * 64) == 1


def test_the_head_does_not_stop_short_of_the_newest_event(chain):
    insert(models.AuditEvent, next_event(chain))
    fifth = next_event(chain, id=10_000_001, sequence=5, previous_hash="f" * 64, hash="d" * 64)
    insert(models.AuditEvent, fifth)
    with append_only():
        sql("UPDATE indicators_chain SET sequence = 4, hash = %s", "f" * 64)


def test_a_chain_is_not_deleted(chain):
    with append_only():
        sql("DELETE FROM indicators_chain")


def test_a_chain_begins_at_its_beginning(chain):
    fresh = {"id": 10_000_000, "name": "plan-0", "plan_id": None, "sequence": 0, "hash": "0" * 64}
    with append_only():
        insert(models.Chain, fresh | {"sequence": 1})
    with append_only():
        insert(models.Chain, fresh | {"hash": "f" * 64})
    assert insert(models.Chain, fresh) == 1


@pytest.mark.sqlite  # PostgreSQL has no such statement
def test_no_chain_is_displaced(chain):
    fresh = {"id": 10_000_000, "name": "plan-0", "plan_id": None, "sequence": 0, "hash": "0" * 64}
    with append_only():
        insert(models.Chain, fresh | {"name": chain["name"]}, "INSERT OR REPLACE")
    with append_only():
        insert(models.Chain, fresh | {"id": chain["id"]}, "INSERT OR REPLACE")


@pytest.mark.postgresql  # SQLite has no TRUNCATE
@pytest.mark.parametrize("model", [models.AuditEvent, models.Chain, *PARTS], ids=name_of)
def test_no_guarded_table_is_truncated(db, model):
    marker = guards.FROZEN if model in PARTS else guards.HISTORY
    with pytest.raises(IntegrityError, match=marker):
        sql(f"TRUNCATE {table(model)} CASCADE")


@pytest.mark.postgresql  # SQLite's triggers see no others
def test_a_temporary_table_of_the_same_name_deceives_no_guard(plans):
    sql("CREATE TEMPORARY TABLE indicators_plan AS SELECT * FROM indicators_plan")
    sql("UPDATE pg_temp.indicators_plan SET status = 'draft'")
    with frozen():
        sql(
            "UPDATE indicators_figure SET label = '改' WHERE id = %s",
            plans.published[models.Figure],
        )


@pytest.mark.postgresql  # SQLite has one kind of =
def test_an_operator_of_the_same_name_deceives_no_guard(plans):
    sql("CREATE SCHEMA deceit")
    sql("CREATE FUNCTION deceit.never(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT false'")
    sql("CREATE OPERATOR deceit.= (LEFTARG = text, RIGHTARG = text, FUNCTION = deceit.never)")
    sql("SET LOCAL search_path = deceit, pg_catalog, public")
    with frozen():
        sql(
            "UPDATE indicators_figure SET label = '改' WHERE id = %s",
            plans.published[models.Figure],
        )


@pytest.mark.postgresql  # SQLite has no roles
def test_the_role_that_the_manual_advises_can_work_and_no_more(plan):
    manual = Path(__file__).resolve().parent.parent.parent / "docs" / "history.md"
    own = f"r{uuid.uuid4().hex}_"  # roles are the whole server's
    sql(manual.read_text("utf-8").split("```sql\n")[1].split("```")[0].replace("portal_", own))
    connection.check_constraints()
    sql(f"SET LOCAL ROLE {own}app")
    note(plan, 1)
    models.Figure.objects.filter(plan=plan).update(label="改")
    assert list(history.verify()) == []
    for refused in (
        "UPDATE indicators_auditevent SET action = 'x'",
        "DELETE FROM indicators_auditevent",
        "DELETE FROM indicators_chain",
        "TRUNCATE indicators_figure",
        "ALTER TABLE indicators_auditevent DISABLE TRIGGER ALL",
        "DROP FUNCTION guard_indicators_auditevent_update CASCADE",
    ):
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
            sql(refused)


# Installing ---------------------------------------------------------------------------------------


def test_no_guard_is_missing_after_the_migrations(db):
    assert guards.missing(connection) == []
    assert guards.check_installed(databases=["default"]) == []


def drop_one():
    drop = {
        "sqlite": 'DROP TRIGGER "guard_indicators_auditevent_delete"',
        "postgresql": "DROP TRIGGER guard_indicators_auditevent_delete ON indicators_auditevent",
    }
    sql(drop[connection.vendor])


def weaken_one():
    name, on = "guard_indicators_auditevent_delete", "indicators_auditevent"
    if connection.vendor == "sqlite":
        drop_one()
        sql(f'CREATE TRIGGER "{name}" BEFORE DELETE ON {on} BEGIN SELECT 1; END')
    else:
        sql(f"ALTER TABLE {on} DISABLE TRIGGER {name}")


def reroute_one():
    """Of the right name and body, at the wrong event."""
    name, on = "guard_indicators_auditevent_delete", "indicators_auditevent"
    drop_one()
    if connection.vendor == "postgresql":
        sql(f"CREATE TRIGGER {name} AFTER DELETE ON {on} EXECUTE FUNCTION {name}()")


@pytest.mark.parametrize("harm", [drop_one, weaken_one, reroute_one], ids=name_of)
def test_a_guard_that_was_harmed_is_missed_and_repaired(db, harm):
    harm()
    assert guards.missing(connection) == ["guard_indicators_auditevent_delete"]
    (error,) = guards.check_installed(databases=["default"])
    assert error.id == "indicators.E001"
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    assert guards.missing(connection) == []


def test_a_trigger_that_no_rule_asks_for_is_dropped(db):
    if connection.vendor == "sqlite":
        sql("CREATE TRIGGER guard_old BEFORE DELETE ON indicators_unit BEGIN SELECT 1; END")
    else:
        sql(
            "CREATE FUNCTION guard_old() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN RETURN OLD; END'"
        )
    guards.install(connection)
    assert "guard_old" not in guards.sql.triggers_of(connection).existing()


def test_lifted_guards_come_back(plans):
    with without_guards():
        assert len(guards.missing(connection)) > 30
        sql("UPDATE indicators_plan SET id = id")
    assert guards.missing(connection) == []


def test_the_migrate_command_repairs_without_a_migration(db):
    drop_one()
    call_command("migrate", verbosity=0, skip_checks=False)
    assert guards.missing(connection) == []


def test_looking_at_the_migrations_changes_nothing(db, capsys):
    drop_one()
    call_command("migrate", plan=True, verbosity=0)
    assert guards.missing(connection) == ["guard_indicators_auditevent_delete"]


@pytest.mark.django_db(transaction=True)
def test_a_migration_there_and_back_leaves_the_guards():
    call_command("migrate", "indicators", "0001", verbosity=0)
    assert models.Chain._meta.db_table not in connection.introspection.table_names()
    assert guards.missing(connection) == []
    call_command("migrate", verbosity=0)
    assert len(guards.sql.triggers_of(connection).existing()) > 30
    assert guards.missing(connection) == []


@pytest.mark.django_db(transaction=True)
def test_a_test_database_is_emptied_for_the_next_test():
    two_plans()
    call_command("flush", interactive=False, verbosity=0)
    assert not models.AuditEvent.objects.exists()
    assert guards.missing(connection) == []


@pytest.mark.parametrize(
    "name", ["/srv/portal.sqlite3", "portal", "/srv/test_files/portal.sqlite3"]
)
def test_no_other_database_is_emptied(db, monkeypatch, name):
    monkeypatch.setitem(connections["default"].settings_dict, "NAME", name)
    with pytest.raises(CommandError, match="只有測試資料庫可以清空"):
        call_command("flush", interactive=False)
