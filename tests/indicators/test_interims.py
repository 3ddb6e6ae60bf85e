"""Interim values: stored with the year's value that they come to, refused, and how they are set."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators import actions, models
from indicators.actions.refusals import Missing, Refused
from indicators.figures import number_text
from indicators.interchange.plan_writing import write_plan
from indicators.interim_queries import (
    earlier_interims,
    load_interims,
    load_settings,
)
from indicators.interims import InterimEdit, InterimSettings
from indicators.permissions import NotAllowed
from indicators.queries import load_plan
from indicators.scoring.interim import ACTUAL, Gather, Path
from indicators.scoring.periods import Period
from indicators.scoring.year_values import year_value
from tests.conftest import NOW
from tests.indicators.work_scenes import acting, person, record, submit

FAILED, TENDERS = "流廢標件數", "招標案件數"
pytestmark = pytest.mark.django_db


@pytest.fixture
def row(secretariat) -> models.Indicator:
    """Followed by quarter; of its inputs one is summed, the other is constant."""
    row = secretariat.indicators.get(lineage="failed-tender-rate")
    row.period = "quarter"
    row.save(update_fields=["period"])
    row.inputs.filter(symbol=FAILED).update(gather="sum", value=None)
    return row


@pytest.fixture
def clerk(secretariat):
    unit = secretariat.agency.units.get(name="採購管理科")
    return person("王承辦", "clerk", secretariat.agency, unit)


@pytest.fixture
def manager(secretariat):
    return person("林研考", "plan_manager", secretariat.agency)


def stored(row, symbol: str, period: int) -> str:
    found = models.InterimValue.objects.filter(indicator=row, symbol=symbol, period=period).first()
    return number_text(found.value) if found else ""


def edit(row, period: int, now: str, was: str | None = None, symbol: str = FAILED) -> InterimEdit:
    start = stored(row, symbol, period) if was is None else was
    return InterimEdit(f"{symbol}-{period}", symbol, period, start, now)


def save(row, user, *edits: InterimEdit, now=NOW) -> int:
    return actions.record_interim(indicator_id=row.pk, edits=edits, actor=acting(user), now=now)


def fill(row, user, *numbers: str, symbol: str = FAILED) -> int:
    return save(
        row, user, *(edit(row, n, text, symbol=symbol) for n, text in enumerate(numbers, start=1))
    )


def year(row, symbol: str = FAILED) -> str:
    return number_text(models.Input.objects.get(indicator=row, symbol=symbol).value)


def events(*wanted: str) -> list[models.AuditEvent]:
    return list(models.AuditEvent.objects.filter(action__in=wanted).order_by("pk"))


def revision(row) -> int:
    return models.Indicator.objects.get(pk=row.pk).revision


# Saving -------------------------------------------------------------------------------------------


def test_saving_stores_the_value_and_one_event_with_both(row, clerk):
    assert save(row, clerk, edit(row, 1, "40")) == 1
    (value,) = models.InterimValue.objects.all()
    assert (value.value, value.recorded_at, value.recorded_by) == (Decimal(40), NOW, clerk)
    (event,) = events("interim", "record")
    field = f"interim:quarter:1:{FAILED}"
    assert event.content()["before"] == {field: None}
    assert event.content()["after"] == {field: "40"}
    assert (event.object_kind, event.object_id, event.actor) == ("indicator", row.pk, clerk)


def test_a_year_not_yet_full_has_no_year_value(row, clerk):
    fill(row, clerk, "40", "30", "20")
    assert (year(row), revision(row)) == ("", 0)


def test_last_missing_value_gives_the_year_s_value_as_a_save_of_the_entry(row, clerk):
    fill(row, clerk, "40", "30", "20", "57")
    assert (year(row), revision(row)) == ("147", 1)
    interim, entry = events("interim", "record")
    assert entry.content()["after"] == {f"input:{FAILED}": "147"}
    assert interim.sequence + 1 == entry.sequence


def test_year_s_value_follows_and_goes(row, clerk):
    fill(row, clerk, "40", "30", "20", "57")
    save(row, clerk, edit(row, 2, "31"))
    assert year(row) == "148"
    save(row, clerk, edit(row, 2, ""))
    assert (year(row), revision(row)) == ("", 3)


def test_year_s_value_typed_by_hand_stays_also_when_the_year_is_full(row, clerk):
    record(row, clerk, FAILED, "151")
    fill(row, clerk, "40", "30", "20")
    save(row, clerk, edit(row, 4, "57"))
    assert year(row) == "151"


def test_another_input_s_value_leaves_what_was_typed_by_hand_alone(row, clerk):
    row.inputs.update(gather="sum")
    fill(row, clerk, "40", "30", "20", "57")
    record(row, clerk, FAILED, "151")
    save(row, clerk, edit(row, 1, "400", symbol=TENDERS))
    assert year(row) == "151"


def test_the_same_number_written_otherwise_is_no_save_of_the_entry(row, clerk):
    fill(row, clerk, "40", "30", "20", "57")
    record(row, clerk, FAILED, "147.0")
    assert save(row, clerk, edit(row, 4, "57.00")) == 1
    assert year(row) == "147.0"


def test_direct_actual_is_gathered_too(row, clerk):
    models.Indicator.objects.filter(pk=row.pk).update(
        method="direct", formula="", gather="average", decimals=1
    )
    fill(row, clerk, "90", "91", "91", "91", symbol=ACTUAL)
    assert models.Measurement.objects.get(indicator=row).actual == Decimal("90.75")


def test_last_value_and_average_of_what_is_there_wait_for_the_last_period(row, clerk):
    row.inputs.filter(symbol=FAILED).update(gather="last")
    row.inputs.filter(symbol=TENDERS).update(gather="average_given", value=None)
    save(row, clerk, edit(row, 1, "5"), edit(row, 1, "80", symbol=TENDERS))
    assert (year(row), year(row, TENDERS)) == ("", "")
    save(row, clerk, edit(row, 4, "7"), edit(row, 4, "90", symbol=TENDERS))
    assert (year(row), year(row, TENDERS)) == ("7", "85")


numbers = st.sampled_from(["", "0", "7", "2.50", "-3"])
some_edits = st.lists(
    st.tuples(st.sampled_from([FAILED, TENDERS]), st.integers(1, 4), numbers), max_size=3
)


@settings(
    max_examples=12,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(some_edits, max_size=8),
    st.sampled_from([rule for rule in Gather if rule]),
    st.sampled_from([rule for rule in Gather if rule]),
)
def test_year_s_value_is_what_the_values_come_to_after_any_edits(row, clerk, saves, one, other):
    models.InterimValue.objects.filter(indicator=row).delete()
    row.inputs.filter(symbol=FAILED).update(gather=one, value=None)
    row.inputs.filter(symbol=TENDERS).update(gather=other, value=None)
    full = [[(symbol, n, "1") for symbol in (FAILED, TENDERS) for n in range(1, 5)]]
    for wanted in [*saves, *full, *saves]:
        cells = {(symbol, n): text for symbol, n, text in wanted}
        save(row, clerk, *(edit(row, n, text, symbol=s) for (s, n), text in cells.items()))
        interim = load_interims([row.pk])[row.pk]
        for symbol in (FAILED, TENDERS):
            assert year(row, symbol) == number_text(year_value(interim, symbol, row.decimals))


def test_history_still_proves_itself(row, clerk, manager, command):
    fill(row, clerk, "40", "30", "20", "57")
    assert command("verify_history").code == 0


# Refused ------------------------------------------------------------------------------------------


def test_a_cell_that_somebody_changed_since_is_not_overwritten(row, clerk, secretariat):
    other = person("陳承辦", "clerk", secretariat.agency)
    save(row, other, edit(row, 2, "7"))
    with pytest.raises(actions.InterimClash) as clash:
        save(row, clerk, edit(row, 1, "1"), edit(row, 2, "8", was=""))
    (found,) = clash.value.clashes
    assert (found.cell, found.theirs, found.by, found.at) == (f"{FAILED}-2", "7", "陳承辦", NOW)
    assert (stored(row, FAILED, 1), stored(row, FAILED, 2)) == ("", "7")


def test_who_wants_what_is_stored_by_now_has_no_clash(row, clerk):
    save(row, clerk, edit(row, 2, "7"))
    assert save(row, clerk, edit(row, 2, "7", was="")) == 0
    assert len(events("interim")) == 1


@pytest.mark.parametrize(
    "role", ["supervisor", "plan_manager", "reviewer", "administrator", "auditor"]
)
def test_other_roles_do_not_save(role, row, users):
    with pytest.raises(NotAllowed):
        save(row, users[role], edit(row, 1, "5"))


def test_clerk_of_another_unit_does_not_save(row, secretariat):
    unit = secretariat.agency.units.get(name="人事室")
    with pytest.raises(NotAllowed):
        save(row, person("別科", "clerk", secretariat.agency, unit), edit(row, 1, "5"))


def test_submitted_indicator_and_closed_plan_are_locked(row, clerk):
    record(row, clerk, FAILED, "147")
    submit(row, clerk)
    with pytest.raises(NotAllowed, match="等候主管審核"):
        save(row, clerk, edit(row, 1, "5"))
    models.Plan.objects.update(status="approved")
    with pytest.raises(NotAllowed, match="欄位鎖定"):
        save(row, clerk, edit(row, 1, "5"))


@pytest.mark.parametrize(
    ("symbol", "period"), [(TENDERS, 1), ("沒有", 1), (ACTUAL, 1), (FAILED, 5), (FAILED, 0)]
)
def test_what_is_not_asked_is_refused(symbol, period, row, clerk):
    with pytest.raises(NotAllowed, match="期中設定已經變更"):
        save(row, clerk, edit(row, period, "5", was="", symbol=symbol))
    assert not models.InterimValue.objects.exists()


def test_period_that_has_not_begun_is_refused(row, clerk):
    taipei = ZoneInfo("Asia/Taipei")
    with pytest.raises(NotAllowed, match="還沒有開始"):
        save(row, clerk, edit(row, 3, "5"), now=datetime(2018, 6, 30, 23, 59, tzinfo=taipei))
    assert save(row, clerk, edit(row, 3, "5"), now=datetime(2018, 7, 1, tzinfo=taipei)) == 1


# Settings -----------------------------------------------------------------------------------------


def wanted(period="month", path="even", **rules: str) -> InterimSettings:
    given = {FAILED: "sum", TENDERS: ""} | rules
    return InterimSettings(
        Period(period), Path(path), {symbol: Gather(rule) for symbol, rule in given.items()}
    )


def set_to(row, user, settings: InterimSettings) -> bool:
    return actions.set_interim(
        indicator_id=row.pk, wanted=settings, actor=acting(user), now=NOW, reason="每月追蹤"
    )


def test_settings_are_stored_with_one_event(row, manager):
    assert set_to(row, manager, wanted("month", "level", **{TENDERS: "last"})) is True
    fresh = models.Indicator.objects.get(pk=row.pk)
    assert load_settings(fresh) == wanted("month", "level", **{TENDERS: "last"})
    (event,) = events("interim_set")
    assert event.content()["before"] == {
        "period": "quarter",
        "path": "even",
        f"gather:{TENDERS}": "",
    }
    assert event.content()["after"] == {
        "period": "month",
        "path": "level",
        f"gather:{TENDERS}": "last",
    }
    assert event.content()["reason"] == "每月追蹤"


def test_the_same_settings_are_no_change(row, manager):
    assert set_to(row, manager, wanted("quarter")) is False
    assert events("interim_set") == []


def test_period_is_not_changed_while_there_are_values(row, clerk, manager):
    save(row, clerk, edit(row, 4, "5"))
    with pytest.raises(Refused, match="已有期中數值，不能更改期別"):
        set_to(row, manager, wanted("month"))
    save(row, clerk, edit(row, 4, ""))
    assert set_to(row, manager, wanted("month")) is True


def test_values_taken_back_beyond_the_new_period_go(row, clerk, manager):
    set_to(row, manager, wanted("month"))
    save(row, clerk, edit(row, 12, "5"))
    save(row, clerk, edit(row, 12, ""))
    set_to(row, manager, wanted("quarter"))
    assert not models.InterimValue.objects.exists()


def test_another_rule_changes_the_year_s_value(row, clerk, manager):
    fill(row, clerk, "40", "30", "20", "57")
    set_to(row, manager, wanted("quarter", **{FAILED: "last"}))
    assert (year(row), revision(row)) == ("57", 2)


@pytest.mark.parametrize("role", ["clerk", "supervisor", "reviewer", "administrator", "auditor"])
def test_only_the_plan_manager_sets(role, row, users):
    with pytest.raises(NotAllowed):
        set_to(row, users[role], wanted("month"))


def test_settings_of_a_submitted_indicator_stay(row, clerk, manager):
    record(row, clerk, FAILED, "147")
    submit(row, clerk)
    with pytest.raises(NotAllowed, match="等候主管審核"):
        set_to(row, manager, wanted("month"))


def test_rules_of_other_inputs_are_not_found(row, manager):
    unknown = replace(wanted("month"), rules={FAILED: Gather.SUM})
    with pytest.raises(Missing):
        set_to(row, manager, unknown)


# Queries ------------------------------------------------------------------------------------------


def test_interims_are_those_that_are_followed(row, clerk, secretariat):
    save(row, clerk, edit(row, 2, "30"))
    (interim,) = load_interims(secretariat.indicators.values_list("pk", flat=True)).values()
    assert (interim.year, interim.period, interim.path) == (107, Period.QUARTER, Path.EVEN)
    assert interim.rules == {FAILED: Gather.SUM, TENDERS: Gather.CONSTANT}
    assert interim.values == {FAILED: (None, Decimal(30), None, None), TENDERS: ()}


def test_staged_work_is_followed_by_month_on_its_own(row):
    models.Indicator.objects.filter(pk=row.pk).update(method="milestones", formula="", period="")
    interim = load_interims([row.pk])[row.pk]
    assert (interim.period, interim.rules) == (Period.MONTH, {})


@pytest.mark.parametrize("number", [1, 3])
def test_interims_take_three_queries(number, row, secretariat, django_assert_num_queries):
    secretariat.indicators.update(period="month")
    keys = list(secretariat.indicators.order_by("pk").values_list("pk", flat=True)[:number])
    with django_assert_num_queries(3):
        load_interims(keys)


@pytest.mark.parametrize("number", [1, 3])
def test_earlier_years_take_eight_queries(
    number, row, secretariat, seed_record, django_assert_num_queries
):
    secretariat.indicators.update(period="month")
    lineages = list(secretariat.indicators.order_by("pk").values_list("lineage", flat=True))
    with django_assert_num_queries(8):
        found = earlier_interims(secretariat.agency_id, lineages[:number], 108)
    assert len(found) == number


def test_earlier_years_are_the_agency_s_own_of_the_last_five(row, secretariat, seed_record):
    for year_of in (101, 106):
        actions.replace_plan(replace(seed_record, year=year_of), by=None, now=NOW)
    elsewhere = replace(seed_record, agency_code="tc-other", agency_name="別的機關", year=105)
    actions.replace_plan(elsewhere, by=None, now=NOW)
    found = earlier_interims(secretariat.agency_id, ["failed-tender-rate", ""], 108)
    years = [(item.year, item.interim is not None) for item in found["failed-tender-rate"]]
    assert years == [(107, True), (106, False)]
    assert list(found) == ["failed-tender-rate"]


# A correction, and documents ----------------------------------------------------------------------


def test_a_correction_takes_settings_and_values_along(row, clerk, secretariat, manager):
    fill(row, clerk, "40", "30", "20", "57")
    models.Indicator.objects.update(status="approved")
    models.Plan.objects.update(status="published")
    new = actions.correct(
        plan_id=secretariat.pk,
        reason="列管件數有誤",
        indicator_ids=[row.pk],
        actor=acting(manager),
        now=NOW,
    )
    fresh = new.indicators.get(lineage="failed-tender-rate")
    assert load_interims([fresh.pk])[fresh.pk] == load_interims([row.pk])[row.pk]
    assert load_settings(fresh) == load_settings(row)
    recorded = models.InterimValue.objects.filter(indicator=fresh)
    assert {value.recorded_by for value in recorded} == {clerk}
    save(fresh, clerk, edit(fresh, 2, "34"))
    assert (year(fresh), year(row)) == ("151", "147")


def test_published_values_are_frozen(row, clerk):
    fill(row, clerk, "40")
    models.Plan.objects.update(status="published")
    with pytest.raises(IntegrityError, match="計畫已公告"):
        models.InterimValue.objects.update(value=1)


def test_importing_over_a_draft_with_values_says_so_and_then_keeps_them(row, clerk, seed_record):
    fill(row, clerk, "40")
    with pytest.raises(NotAllowed, match="已有人在系統填報"):
        actions.replace_plan(seed_record, by=None, now=NOW)
    actions.replace_plan(seed_record, by=None, now=NOW, discard_work=True)
    assert [str(kept.value) for kept in models.InterimValue.objects.all()] == ["40"]


def test_export_is_what_was_imported_whatever_is_followed(secretariat, row, clerk):
    before = write_plan(load_plan(secretariat))
    fill(row, clerk, "40")
    assert write_plan(load_plan(secretariat)) == before


def test_a_year_s_value_that_somebody_typed_is_not_overwritten_by_a_corrected_month(row, clerk):
    """10 a quarter make 40; who typed 147 since keeps it, and the checks say that they differ."""
    save(row, clerk, *(edit(row, period, "10") for period in range(1, 5)))
    assert row.inputs.get(symbol=FAILED).value == 40
    record(row, clerk, FAILED, "147")
    save(row, clerk, edit(row, 1, "11"))
    assert row.inputs.get(symbol=FAILED).value == 147


def test_a_rule_is_not_dropped_while_it_has_values(row, clerk, manager):
    save(row, clerk, edit(row, 1, "10"))
    wanted = load_settings(row)
    dropped = replace(wanted, rules={**wanted.rules, FAILED: Gather.CONSTANT})
    with pytest.raises(Refused, match="清空"):
        actions.set_interim(indicator_id=row.pk, wanted=dropped, actor=acting(manager), now=NOW)
