"""What is recorded, in which words it is hashed, and that verify finds every kind of harm."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from hashlib import sha256
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.transaction import TransactionManagementError

from indicators import guards, history, locking, models
from indicators.history import Entry, Fault, Head, changes
from indicators.history.canonical import canonical, digest
from indicators.models.audit import GENESIS
from tests.indicators.frozen import SEED, insert, row_of, sql, stored_plan, without_guards

NOW = datetime(2019, 1, 31, 9, 30, tzinfo=timezone(timedelta(hours=8)))

# The text that is hashed --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (12, "12"),
        ("甲\n\u2028", '"甲\\n\u2028"'),
        (models.Plan.Status.DRAFT, '"draft"'),
        (Decimal("18.70"), '"18.70"'),
        (Decimal("1E+3"), '"1000"'),
        (Decimal("-0.000000000000000000000000000001"), '"-0.000000000000000000000000000001"'),
        (date(2018, 12, 31), '"2018-12-31"'),
        (NOW, '"2019-01-31T01:30:00.000000Z"'),
        ((1, [2]), "[1,[2]]"),
        ({"b": 1, "a": 2}, '{"a":2,"b":1}'),
    ],
)
def test_a_value_has_one_text(value, text):
    assert canonical({"value": value}) == f'{{"value":{text}}}'


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        float("nan"),
        Decimal("NaN"),
        Decimal("Infinity"),
        datetime(2019, 1, 1),
        b"x",
        {1: 2},
        {1},
    ],
    ids=repr,
)
def test_a_value_without_one_text_is_refused(value):
    with pytest.raises(TypeError):
        canonical({"value": value})


def test_changes_are_what_differs():
    before = {"a": Decimal("18.7"), "b": 1, "c": "same", "gone": 1, "nothing": None}
    after = {"a": Decimal("18.70"), "b": True, "c": "same", "new": 2, "nothing": None}
    assert changes(before, after) == (
        {"a": Decimal("18.7"), "b": 1, "gone": 1},
        {"a": Decimal("18.70"), "b": True, "new": 2},
    )


# Recording ----------------------------------------------------------------------------------------


@pytest.fixture
def plan(db):
    return stored_plan()


@pytest.fixture
def people(django_user_model):
    create = django_user_model.objects.create
    return create(username="wang", first_name="王小明"), create(username="lin", first_name="林組長")


def entry(plan, number=1, **other):
    given = {
        "plan": plan,
        "action": "entry",
        "kind": "figure",
        "obj_id": number,
        "label": f"第 {number} 項",
        "before": {"value": None},
        "after": {"value": Decimal(number)},
        "by": None,
        "now": NOW,
    }
    return given | other


def test_an_event_says_who_what_when_for_whom_and_why(plan, people):
    clerk, supervisor = people
    event = history.record(**entry(plan, by=clerk, acting_for=supervisor, reason="代理"))
    event.refresh_from_db()
    assert event.content() == {
        "acting_for": {"account": "lin", "id": supervisor.pk, "name": "林組長"},
        "action": "entry",
        "after": {"value": "1"},
        "at": "2019-01-31T01:30:00.000000Z",
        "before": {"value": None},
        "by": {"account": "wang", "id": clerk.pk, "name": "王小明"},
        "chain": f"plan-{plan.pk}",
        "id": 1,
        "kind": "figure",
        "label": "第 1 項",
        "plan": plan.pk,
        "previous": event.previous_hash,
        "reason": "代理",
        "sequence": 2,
        "version": 1,
    }
    assert event.payload == canonical(event.content())
    assert event.hash == digest(event.payload)
    assert (event.at, event.actor, event.acting_for, event.action, event.plan) == (
        NOW,
        clerk,
        supervisor,
        "entry",
        plan,
    )
    assert (event.object_kind, event.object_id, event.object_label) == ("figure", 1, "第 1 項")


def test_each_event_continues_the_one_before(plan):
    events = [history.record(**entry(plan, number)) for number in (1, 2)]
    imported = models.AuditEvent.objects.get(sequence=1)
    assert imported.previous_hash == GENESIS
    assert [event.previous_hash for event in events] == [imported.hash, events[0].hash]
    assert history.heads() == [Head(f"plan-{plan.pk}", 3, events[1].hash)]


def test_what_has_no_plan_goes_into_a_chain_of_its_own(plan):
    event = history.record(**entry(None))
    assert (event.sequence, event.previous_hash) == (1, GENESIS)
    assert history.heads()[1:] == [Head("accounts", 1, event.hash)]
    assert history.heads(plan.pk) == history.heads()[:1]


def test_a_single_event_takes_four_queries(plan, django_assert_num_queries):
    with django_assert_num_queries(4):
        history.record(**entry(plan))


def test_many_events_take_no_more(plan, django_assert_num_queries):
    with django_assert_num_queries(4):
        history.record_many([Entry(**entry(plan, number)) for number in range(50)])
    assert list(history.verify()) == []


def test_events_of_several_plans_go_into_their_chains(plan):
    other = stored_plan(108)
    plans = [other, plan, None, other]
    history.record_many([Entry(**entry(to, number)) for number, to in enumerate(plans)])
    found = models.AuditEvent.objects.filter(action="entry").order_by("chain", "sequence")
    assert [(event.plan, event.sequence, event.object_id) for event in found] == [
        (plan, 2, 1),
        (other, 2, 0),
        (other, 3, 3),
        (None, 1, 2),
    ]
    assert list(history.verify()) == []


def test_an_import_is_one_event(plan):
    (event,) = models.AuditEvent.objects.all()
    content = event.content()
    assert (event.action, content["before"], content["after"]) == (
        "import",
        {},
        {"document_sha256": ""},
    )


def test_the_import_command_keeps_the_hash_of_the_file(db, capsys):
    call_command("import_plan", str(SEED))
    (event,) = models.AuditEvent.objects.all()
    assert event.content()["after"] == {"document_sha256": sha256(SEED.read_bytes()).hexdigest()}


def test_a_long_label_is_cut(plan):
    assert history.record(**entry(plan, label="字" * 201)).object_label == "字" * 200
    assert list(history.verify()) == []


@pytest.mark.django_db(transaction=True)
def test_history_needs_the_transaction_of_the_change():
    with pytest.raises(TransactionManagementError):
        history.record(**entry(None))
    assert not models.Chain.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"hash": "x"},
        {"previous_hash": "F" * 64},
        {"object_label": "字" * 201},
        {"object_label": "\x01"},
    ],
    ids=str,
)
def test_an_event_against_a_check_is_refused(plan, changes):
    event = row_of(models.AuditEvent, models.AuditEvent.objects.get().pk)
    new = {"id": 10_000_000, "sequence": 2, "previous_hash": event["hash"]}
    with pytest.raises(DatabaseError, match=r"audit_event_|too long"), without_guards():
        insert(models.AuditEvent, event | new | changes)


@pytest.mark.parametrize("changes", [{"name": "A"}, {"hash": ""}], ids=str)
def test_a_chain_against_a_check_is_refused(plan, changes):
    with pytest.raises(DatabaseError, match="chain_"), without_guards():
        insert(
            models.Chain,
            {"name": "plan-0", "plan_id": None, "sequence": 0, "hash": GENESIS} | changes,
        )


def test_an_event_that_two_writers_give_one_number_is_stored_once(plan):
    event = row_of(models.AuditEvent, models.AuditEvent.objects.get().pk)
    with pytest.raises(DatabaseError, match=r"(?i)unique"), without_guards():
        insert(models.AuditEvent, event | {"id": 10_000_000})


# Finding harm -------------------------------------------------------------------------------------


@pytest.fixture
def chain(plan):
    """The name of a chain of five events."""
    history.record_many([Entry(**entry(plan, number)) for number in range(4)])
    return f"plan-{plan.pk}"


def harm(*statements):
    with without_guards():
        for statement in statements:
            sql(statement)


def found(anchors=()):
    return [(problem.sequence, problem.fault) for problem in history.verify(anchors=anchors)]


EVENTS = "indicators_auditevent"


def test_a_sound_history_has_no_problems(chain):
    assert list(history.verify(anchors=history.heads())) == []


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ("at = '2020-01-01 00:00:00+00:00'", "at"),
        ("actor_id = (SELECT min(id) FROM indicators_user)", "by"),
        ("acting_for_id = (SELECT min(id) FROM indicators_user)", "acting_for"),
        ("action = 'other'", "action"),
        ("plan_id = NULL", "plan"),
        ("object_kind = 'other'", "kind"),
        ("object_id = 99", "id"),
        ("object_label = '別的'", "label"),
    ],
)
def test_a_changed_column_is_named(chain, people, change, column):
    harm(f"UPDATE {EVENTS} SET {change} WHERE sequence = 3")
    (problem,) = history.verify()
    assert problem.fault == Fault.CHANGED
    assert str(problem) == f"{chain} 第 3 筆遭變更：欄位 {column} 與已雜湊的內容不同。"


def test_a_changed_payload_is_found(chain):
    harm(f"""UPDATE {EVENTS} SET payload = replace(payload, '"2"', '"9"') WHERE sequence = 4""")
    (problem,) = history.verify()
    assert str(problem) == f"{chain} 第 4 筆遭變更：內容與雜湊值不符。"


@pytest.mark.parametrize("payload", ["{}", "[]", "1", "not json", '{"by":1,"acting_for":1}'])
def test_a_payload_that_is_no_event_is_found(chain, payload):
    harm(
        f"UPDATE {EVENTS} SET payload = '{payload}', hash = '{digest(payload)}' WHERE sequence = 5"
    )
    assert found() == [(5, Fault.CHANGED), (5, Fault.HEAD_DIFFERS)]


def rewritten(sequence):
    """The same event with another value, hashed again as whoever knows the rules would do."""
    event = models.AuditEvent.objects.get(sequence=sequence)
    payload = canonical(event.content() | {"after": {"value": "100"}})
    return f"""UPDATE {EVENTS} SET payload = '{payload}', hash = '{digest(payload)}'
        WHERE sequence = {sequence}"""


def test_a_rewritten_event_breaks_the_next(chain):
    harm(rewritten(3))
    (problem,) = history.verify()
    assert problem.fault == Fault.DOES_NOT_CONTINUE
    assert str(problem) == f"{chain} 第 4 筆不接續前一筆：兩筆之一是插入、調換或改寫的。"


def test_a_rewritten_newest_event_differs_from_the_head(chain):
    harm(rewritten(5))
    (problem,) = history.verify()
    assert problem.fault == Fault.HEAD_DIFFERS
    assert str(problem) == f"{chain} 的鏈首與最新的第 5 筆雜湊值不符。"


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        ("sequence = 1", "第 1 筆遺失。"),
        ("sequence = 3", "第 3 筆遺失。"),
        ("sequence IN (2, 3, 4)", "第 2 至 4 筆遺失。"),
    ],
)
def test_missing_events_are_counted(chain, where, sentence):
    harm(f"DELETE FROM {EVENTS} WHERE {where}")
    assert [str(problem) for problem in history.verify()] == [f"{chain} {sentence}"]


def test_events_cut_off_at_the_end_leave_the_head_ahead(chain):
    harm(f"DELETE FROM {EVENTS} WHERE sequence > 3")
    assert [str(problem) for problem in history.verify()] == [
        f"{chain} 的鏈首在第 5 筆，但紀錄只到第 3 筆：其後遺失。"
    ]


def test_a_rewound_head_is_behind(chain):
    harm("UPDATE indicators_chain SET sequence = 4")
    assert [str(problem) for problem in history.verify()] == [
        f"{chain} 的鏈首停在第 4 筆，之後另有至第 5 筆的紀錄。"
    ]


def test_exchanged_events_are_found(chain):
    harm(
        f"UPDATE {EVENTS} SET sequence = 99 WHERE sequence = 2",
        f"UPDATE {EVENTS} SET sequence = 2 WHERE sequence = 3",
        f"UPDATE {EVENTS} SET sequence = 3 WHERE sequence = 99",
    )
    assert found() == [
        (2, Fault.DOES_NOT_CONTINUE),
        (2, Fault.CHANGED),
        (3, Fault.DOES_NOT_CONTINUE),
        (3, Fault.CHANGED),
        (4, Fault.DOES_NOT_CONTINUE),
    ]


def test_an_inserted_event_is_found(chain):
    third = row_of(models.AuditEvent, models.AuditEvent.objects.get(sequence=3).pk)
    harm(
        f"UPDATE {EVENTS} SET sequence = sequence + 100 WHERE sequence > 2",
        f"UPDATE {EVENTS} SET sequence = sequence - 99 WHERE sequence > 2",
        "UPDATE indicators_chain SET sequence = 6",
    )
    payload = canonical(json.loads(third["payload"]) | {"after": {"value": "7"}})
    forged = {"id": 10_000_000, "sequence": 3, "payload": payload, "hash": digest(payload)}
    with without_guards():
        insert(models.AuditEvent, third | forged)
    assert found() == [
        (4, Fault.DOES_NOT_CONTINUE),
        (4, Fault.CHANGED),
        (5, Fault.CHANGED),
        (6, Fault.CHANGED),
    ]


@pytest.mark.sqlite  # PostgreSQL's foreign keys hold even without guards
def test_events_of_a_chain_that_was_removed_are_found(chain):
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA defer_foreign_keys = ON")
        with guards.lifted(connection):
            sql("DELETE FROM indicators_chain")
        assert [problem.fault for problem in history.verify()] == [Fault.NO_CHAIN]
        transaction.set_rollback(True)


# Anchors ------------------------------------------------------------------------------------------


def test_only_an_anchor_shows_a_tail_cut_off_with_its_head(chain):
    anchor = history.heads()
    harm(
        f"DELETE FROM {EVENTS} WHERE sequence > 3",
        f"""UPDATE indicators_chain SET sequence = 3,
            hash = (SELECT hash FROM {EVENTS} WHERE sequence = 3)""",
    )
    assert found() == []
    assert [str(problem) for problem in history.verify(anchors=anchor)] == [
        f"{chain} 第 5 筆與錨點不符：已不存在。"
    ]


def test_only_an_anchor_shows_a_chain_rewritten_to_its_end(chain):
    anchor = history.heads()
    harm(rewritten(5))
    harm(f"UPDATE indicators_chain SET hash = (SELECT hash FROM {EVENTS} WHERE sequence = 5)")
    assert found() == []
    assert [str(problem) for problem in history.verify(anchors=anchor)] == [
        f"{chain} 第 5 筆與錨點不符：內容不同。"
    ]


def test_anchors_of_several_times_are_all_asked(chain):
    events = models.AuditEvent.objects.order_by("sequence")
    anchors = [Head(chain, event.sequence, event.hash) for event in events]
    assert found(anchors) == []
    wrong = Head(chain, 2, "f" * 64)
    assert found([*anchors, wrong]) == [(2, Fault.ANCHOR)]


def test_an_anchor_of_an_empty_chain_says_nothing(chain):
    assert found([Head(chain, 0, GENESIS)]) == []


def test_an_anchor_of_a_chain_that_is_gone_is_a_problem(chain):
    lost = Head("plan-0", 3, "f" * 64)
    assert [str(problem) for problem in history.verify(anchors=[lost])] == [
        "錨點中的鏈 plan-0 已不存在。"
    ]


def test_only_the_named_chains_are_checked(chain, plan):
    history.record(**entry(None))
    harm(f"DELETE FROM {EVENTS} WHERE plan_id IS NULL")
    assert list(history.verify([chain])) == []
    assert [problem.chain for problem in history.verify(["accounts"])] == ["accounts"]


# Filters ------------------------------------------------------------------------------------------


def test_events_are_found_by_plan_object_and_time(chain, plan):
    events = models.AuditEvent.objects
    assert events.of_plan(plan).count() == 5
    assert [e.sequence for e in events.of_object("figure", 2)] == [4]
    day = timedelta(days=1)
    assert events.between(NOW, NOW + day).count() == 4
    assert events.between(NOW - day, NOW).count() == 0
    numbers = [event.sequence for event in events.between(NOW, NOW + day).newest_first()]
    assert numbers == [5, 4, 3, 2]


# Trying again -------------------------------------------------------------------------------------


class Refused(Exception):
    def __init__(self, code):
        self.pgcode = code


def failing(times, code):
    calls = []

    @locking.retry
    def action():
        calls.append(1)
        if len(calls) <= times:
            raise OperationalError from Refused(code)
        return len(calls)

    return action, calls


@pytest.fixture
def outside_transactions(monkeypatch):
    monkeypatch.setattr(locking, "connection", SimpleNamespace(in_atomic_block=False))


@pytest.mark.parametrize("code", ["40P01", "40001", "55P03"])
def test_a_lost_race_is_run_again(db, outside_transactions, code):
    action, _ = failing(2, code)
    assert action() == 3


def test_the_tries_are_bounded(db, outside_transactions):
    action, calls = failing(100, "40P01")
    with pytest.raises(OperationalError):
        action()
    assert len(calls) == locking.TRIES


@pytest.mark.parametrize("code", [None, "57014", "23505"])
def test_another_error_is_not_run_again(db, outside_transactions, code):
    action, calls = failing(1, code)
    with pytest.raises(OperationalError):
        action()
    assert len(calls) == 1


def test_inside_another_transaction_nothing_is_run_again(db):
    action, calls = failing(1, "40P01")
    with pytest.raises(OperationalError):
        action()
    assert len(calls) == 1


# The command --------------------------------------------------------------------------------------


def test_an_anchor_file_is_read_from_what_the_command_wrote(chain, tmp_path):
    path = tmp_path / "heads.json"
    path.write_text(json.dumps({"heads": [head.as_json() for head in history.heads()]}))
    assert history.read_heads(path) == history.heads()


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", '{"heads":[1]}', '{"heads":[{"chain":"a","sequence":-1,"hash":"x"}]}'],
)
def test_a_file_without_heads_is_refused(tmp_path, text):
    path = tmp_path / "heads.json"
    path.write_text(text)
    with pytest.raises(ValueError, match="不是錨點檔"):
        history.read_heads(path)


def test_a_file_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(ValueError, match="讀不到"):
        history.read_heads(tmp_path / "nothing.json")


def test_times_are_the_same_in_any_zone():
    assert canonical({"at": NOW}) == canonical({"at": NOW.astimezone(UTC)})
