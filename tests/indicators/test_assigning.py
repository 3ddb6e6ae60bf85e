"""Owners and deadlines: one save, an event for each row that changed and for no other."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators import actions, models
from indicators.actions import assigning
from indicators.actions.assigning import Assignment
from indicators.actions.refusals import Missing
from indicators.permissions import NotAllowed, actor_of
from indicators.records import IndicatorRecord
from tests.conftest import NOW
from tests.indicators.test_pages import plan_of, spec, text

PATH = "/tc-secretariat/107/assign/"


@pytest.fixture
def act(users):
    return lambda role: actor_of(users[role], NOW.date())


@pytest.fixture
def row(secretariat):
    """Owned by 採購管理科."""
    return secretariat.indicators.get(lineage="failed-tender-rate")


@pytest.fixture
def personnel(secretariat):
    return secretariat.agency.units.get(name="人事室")


@pytest.fixture
def manager(users, sign_in):
    """A client logged in as the plan manager."""
    return sign_in(users["plan_manager"])


def assign(actor, of_plan, **wanted):
    return assigning.assign(
        plan_id=of_plan.pk, wanted=Assignment(**wanted), actor=actor, now=NOW, reason="組織調整"
    )


def events():
    return list(models.AuditEvent.objects.filter(action="assign").order_by("pk"))


# Action ------------------------------------------------------------------------------------------


def test_several_rows_change_at_once_with_one_event_each(act, secretariat, row, personnel, users):
    figure = secretariat.figures.order_by("position")[0]
    changed = assign(
        act("plan_manager"),
        secretariat,
        plan={"due": date(2019, 1, 18)},
        indicators={row.pk: {"owner": personnel.pk, "due": date(2019, 1, 15)}},
        figures={figure.pk: {"owner": personnel.pk}},
    )
    assert changed == 3
    assert models.Plan.objects.get(pk=secretariat.pk).due == date(2019, 1, 18)
    fresh = models.Indicator.objects.get(pk=row.pk)
    assert (fresh.owner, fresh.due) == (personnel, date(2019, 1, 15))
    assert models.Figure.objects.get(pk=figure.pk).owner == personnel
    whole, one, number = events()
    assert (whole.object_kind, one.object_kind, number.object_kind) == (
        "plan",
        "indicator",
        "figure",
    )
    assert whole.content()["before"] == {"due": None}
    assert one.content()["before"] == {"owner": "採購管理科", "due": None}
    assert one.content()["after"] == {"owner": "人事室", "due": "2019-01-15"}
    assert number.content()["before"] == {"owner": ""}
    assert {e.plan for e in events()} == {secretariat}
    assert {e.content()["reason"] for e in events()} == {"組織調整"}


def test_what_is_the_same_already_is_no_event(act, secretariat, row):
    same = {row.pk: {"owner": row.owner_id, "due": None}}
    assert assign(act("plan_manager"), secretariat, indicators=same, plan={"due": None}) == 0
    assert events() == []


def test_an_owner_can_be_taken_away(act, secretariat, row):
    assign(act("plan_manager"), secretariat, indicators={row.pk: {"owner": None}})
    assert models.Indicator.objects.get(pk=row.pk).owner is None
    assert events()[0].content()["after"] == {"owner": ""}


def test_the_new_owner_s_clerk_records_and_the_old_one_s_does_not(
    act, secretariat, row, personnel, django_user_model
):
    def of(unit):
        user = django_user_model.objects.create(username=f"clerk-{unit.pk}")
        models.Role.objects.create(user=user, name="clerk", agency=unit.agency, unit=unit)
        return user

    old, new = of(row.owner), of(personnel)
    assign(act("plan_manager"), secretariat, indicators={row.pk: {"owner": personnel.pk}})
    owner = models.Indicator.objects.get(pk=row.pk).owner_id
    for user, may in ((old, False), (new, True)):
        post = actor_of(user, NOW.date()).post({"clerk"}, secretariat.agency_id, owner)
        assert (post is not None) == may


@pytest.mark.parametrize("role", ["clerk", "supervisor", "reviewer", "administrator", "auditor"])
def test_only_the_plan_manager_assigns(role, act, secretariat, row, personnel):
    with pytest.raises(NotAllowed, match="研考承辦"):
        assign(act(role), secretariat, indicators={row.pk: {"owner": personnel.pk}})


@pytest.mark.parametrize("status", ["approved", "reviewed", "published"])
def test_a_plan_that_is_closed_keeps_its_owners(status, act, secretariat, row, personnel):
    models.Plan.objects.filter(pk=secretariat.pk).update(status=status)
    with pytest.raises(NotAllowed):
        assign(act("plan_manager"), secretariat, indicators={row.pk: {"owner": personnel.pk}})


def test_foreign_rows_and_units_are_missing(act, secretariat, row, other_agency):
    unit = models.Unit.objects.create(agency=other_agency, name="別科")
    other = actions.replace_plan(plan_of(IndicatorRecord(spec(1))), by=None, now=NOW)
    foreign = other.indicators.get().pk
    for wanted in ({row.pk: {"owner": unit.pk}}, {foreign: {"owner": None}}):
        with pytest.raises(Missing):
            assign(act("plan_manager"), secretariat, indicators=wanted)
    with pytest.raises(Missing):
        assign(act("plan_manager"), secretariat, figures={999999: {"owner": None}})
    assert models.Indicator.objects.get(pk=row.pk).owner == row.owner
    assert events() == []


def test_a_deputy_assigns_and_both_are_on_record(users, secretariat, row, make_user):
    deputy = make_user("clerk", secretariat.agency, name="deputy")
    today = NOW.date()
    models.Deputyship.objects.create(
        absent=users["plan_manager"], deputy=deputy, first_day=today, last_day=today
    )
    assign(actor_of(deputy, today), secretariat, indicators={row.pk: {"owner": None}})
    (event,) = events()
    assert (event.actor, event.acting_for) == (deputy, users["plan_manager"])


# Page --------------------------------------------------------------------------------------------


def shown(client) -> dict[str, str]:
    """What the form sends when nothing is touched, hidden values included."""
    page = client.get(PATH).content.decode()
    body = page.split('<form method="post" novalidate>')[1]
    values = {}
    for tag in re.findall(r"<input[^>]+>", body):
        found = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        values[found["name"]] = found.get("value", "")
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', body, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        values[name] = chosen[1] if chosen else ""
    return values


def test_page_saves_only_what_was_changed(manager, secretariat, row, personnel):
    changes = {
        "due": "108/1/18",
        f"indicator-{row.pk}": str(personnel.pk),
        f"due-{row.pk}": "108年1月15日",
        "reason": "組織調整",
    }
    response = manager.post(PATH, shown(manager) | changes)
    assert response.headers["Location"] == PATH
    assert "已儲存 2 項異動" in text(manager.get(PATH))
    assert len(events()) == 2
    assert 'value="108/1/15"' in manager.get(PATH).content.decode()


def test_page_without_a_change_says_so(manager, secretariat):
    manager.post(PATH, shown(manager))
    assert "沒有異動" in text(manager.get(PATH))
    assert events() == []


def test_page_does_not_undo_what_somebody_else_changed_meanwhile(
    manager, act, secretariat, row, personnel
):
    before = shown(manager)
    assign(act("plan_manager"), secretariat, indicators={row.pk: {"owner": personnel.pk}})
    manager.post(PATH, before | {"due": "108/1/18"})
    assert models.Indicator.objects.get(pk=row.pk).owner == personnel
    assert [e.object_kind for e in events()] == ["indicator", "plan"]


def test_page_says_how_many_have_no_owner(manager, secretariat, personnel):
    assert "2 項指標還沒有負責單位" in text(manager.get(PATH))
    secretariat.indicators.update(owner=personnel)
    assert "每項指標都有負責單位" in text(manager.get(PATH))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("明天", "請用民國年月日填寫"),
        ("108/2/30", "沒有「108/2/30」這一天"),
        ("18/1/15", "請核對年份"),
        ("1080/1/15", "請核對年份"),
        ("1" * 31, "30"),
    ],
)
@pytest.mark.parametrize("field", ["due", "due-{pk}"])
def test_bad_dates_get_a_sentence(field, typed, sentence, manager, secretariat, row):
    response = manager.post(PATH, shown(manager) | {field.format(pk=row.pk): typed})
    assert response.status_code == 200
    assert text(response).count(sentence) >= 2
    assert events() == []


def test_a_unit_of_another_agency_gets_a_sentence(manager, secretariat, row, other_agency):
    unit = models.Unit.objects.create(agency=other_agency, name="別科")
    response = manager.post(PATH, shown(manager) | {f"indicator-{row.pk}": str(unit.pk)})
    assert "流廢標下降率 負責單位：這個選項已經不在" in text(response)
    assert events() == []


def test_a_reason_too_long_gets_a_sentence(manager, secretariat):
    response = manager.post(PATH, shown(manager) | {"due": "108/1/18", "reason": "字" * 501})
    assert "最多 500 個字" in text(response)
    assert events() == []


@pytest.mark.parametrize("role", ["clerk", "supervisor", "reviewer", "administrator"])
def test_others_are_refused(role, users, sign_in):
    client = sign_in(users[role])
    assert client.get(PATH).status_code == 403
    assert client.post(PATH, {"due": "108/1/18"}).status_code == 403
    assert events() == []


def test_another_agency_s_plan_manager_finds_nothing(secretariat, make_user, other_agency, sign_in):
    client = sign_in(make_user("plan_manager", other_agency))
    assert client.get(PATH).status_code == 404
    assert client.post(PATH, {"due": "108/1/18"}).status_code == 404


def test_a_closed_plan_says_why_it_can_t_be_changed(manager, secretariat):
    models.Plan.objects.filter(pk=secretariat.pk).update(status="approved")
    response = manager.get(PATH)
    assert response.status_code == 403
    assert "計畫已關帳送研考會" in text(response)


def counted(client, path):
    client.get(path)  # the session's first page takes more
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_page_takes_the_same_queries_for_more_indicators(make_user, sign_in, db):
    plan = actions.replace_plan(plan_of(IndicatorRecord(spec(1))), by=None, now=NOW)
    client = sign_in(make_user("plan_manager", plan.agency))
    first = counted(client, "/tc-made/108/assign/")
    many = [IndicatorRecord(spec(n), owner=f"科 {n}") for n in range(3)]
    actions.replace_plan(plan_of(*many), by=None, now=NOW)
    assert counted(client, "/tc-made/108/assign/") == first


def test_saving_takes_the_same_queries_for_more_rows(manager, secretariat, personnel):
    rows = list(secretariat.indicators.exclude(owner=personnel).order_by("pk")[:4])

    def saving(some) -> int:
        values = shown(manager) | {f"indicator-{row.pk}": str(personnel.pk) for row in some}
        with CaptureQueriesContext(connection) as queries:
            assert manager.post(PATH, values).status_code == 302
        return len(queries)

    saving(rows[:1])  # the first event of the chain takes more
    assert saving(rows[1:2]) == saving(rows[2:])
