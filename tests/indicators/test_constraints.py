"""What must never be false in the data: one row against each constraint, past every form."""

from contextlib import nullcontext
from datetime import date

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.models import CharField, Value
from django.utils import timezone

from indicators import models
from indicators.actions import replace_plan
from indicators.interchange.plan_reading import read_plan
from tests.indicators.documents import as_bytes, base
from tests.indicators.frozen import without_guards
from tests.shared_rows import shared_rows

pytestmark = pytest.mark.django_db

NOT_NUMBERS = ["", "x", "1e3", "1.", ".5", "+1", "1,0", "１", "NaN", "Infinity", "5\n", " 5"]
ABSENT = 999_999  # the primary key of who is away
NOT_KEYS = ["", "a", "a" * 41, "Ab", "a b", "ab\n", "甲乙"]
TITLES = ("x" * 201,)
TEXTS = ("x" * 100_001,)
CONTROLS = ("a\x01", "a\x0b", "a\x1f", "a\x7f", "a\x9f")
BLANKS = ("", " ", "\u3000\n", "\u200b")

# constraint: (model, field, values that it refuses)
CHECKS = {
    "agency_code_form": (models.Agency, "code", [v for v in [*NOT_KEYS, "a_b"] if len(v) <= 40]),
    "plan_year_range": (models.Plan, "year", [0, 1000]),
    "plan_status_choice": (models.Plan, "status", ["", "open"]),
    "plan_lower_policy_choice": (models.Plan, "lower_policy", ["median"]),
    "plan_green_from_number": (models.Plan, "green_from", NOT_NUMBERS),
    "plan_yellow_from_number": (models.Plan, "yellow_from", NOT_NUMBERS),
    "plan_lights_together": (models.Plan, "green_from", [None]),
    "goal_weight_number": (models.Goal, "weight", [*NOT_NUMBERS, "0", "-1", "0.0", "-0"]),
    "indicator_weight_number": (models.Indicator, "weight", [*NOT_NUMBERS, "0", "-1", "000.00"]),
    "indicator_target_number": (models.Indicator, "target", NOT_NUMBERS),
    "indicator_target_side": (models.Indicator, "target", ["-1", "-0.5"]),
    "indicator_previous_target_number": (models.Indicator, "previous_target", NOT_NUMBERS),
    "indicator_previous_actual_number": (models.Indicator, "previous_actual", NOT_NUMBERS),
    "indicator_decimals_range": (models.Indicator, "decimals", [7]),
    "indicator_direction_choice": (models.Indicator, "direction", ["", "up"]),
    "indicator_method_choice": (models.Indicator, "method", ["", "guess"]),
    "indicator_formula_of_method": (models.Indicator, "formula", [""]),
    "indicator_lineage_form": (
        models.Indicator,
        "lineage",
        [v for v in NOT_KEYS if v and len(v) <= 40],
    ),
    "indicator_period_choice": (models.Indicator, "period", ["week"]),
    "indicator_path_choice": (models.Indicator, "path", ["", "steep"]),
    "indicator_gather_choice": (models.Indicator, "gather", ["median"]),
    "indicator_gather_of_method": (models.Indicator, "gather", ["sum"]),
    "input_gather_choice": (models.Input, "gather", ["median"]),
    "input_list_or_gather": (models.Input, "gather", ["sum"]),
    "interim_period_range": (models.InterimValue, "period", [0, 13]),
    "interim_value_number": (models.InterimValue, "value", NOT_NUMBERS),
    "input_value_number": (models.Input, "value", NOT_NUMBERS),
    "input_list_or_value": (models.Input, "is_list", [True]),
    "input_row_value_number": (models.InputRow, "value", NOT_NUMBERS),
    "milestone_percent_number": (
        models.Milestone,
        "percent",
        [*NOT_NUMBERS, "-1", "100.01", "101", "1000"],
    ),
    "measurement_actual_number": (models.Measurement, "actual", NOT_NUMBERS),
    "figure_key_form": (models.Figure, "key", [v for v in NOT_KEYS if len(v) <= 40]),
    "figure_value_number": (models.Figure, "value", NOT_NUMBERS),
    "figure_previous_number": (models.Figure, "previous", NOT_NUMBERS),
    "section_path_form": (
        models.ReportSection,
        "path",
        ["", "1", "00000010000002", "0000001.", "0000001\n", ".".join(["0000001"] * 21)],
    ),
    "plan_correction_has_reason": (models.Plan, "version", [2]),
    "indicator_status_choice": (models.Indicator, "status", ["", "published"]),
    "milestone_date_of_done": (models.Milestone, "done_on", [date(2018, 12, 31)]),
    "evidence_file_or_document": (models.Evidence, "stored_as", ["a" * 32, "../x"]),
    "step_name_choice": (models.Step, "name", ["", "skip"]),
    "follow_up_outcome_choice": (models.FollowUp, "outcome", ["", "great"]),
    "follow_up_note_filled": (models.FollowUp, "note", BLANKS),
    "reminder_kind_choice": (models.Reminder, "kind", ["", "scold"]),
    "notice_kind_choice": (models.Notice, "kind", ["", "daily"]),
    "notice_claimed_before_sent": (models.Notice, "sent_at", [timezone.now()]),
    "deputyship_days": (models.Deputyship, "last_day", [date(2018, 12, 30)]),
    "deputyship_of_another": (models.Deputyship, "deputy", [ABSENT]),
    "role_city_or_agency": (models.Role, "name", ["reviewer", "king", ""]),
    "role_unit_in_agency": (models.Role, "name", ["plan_manager"]),
}
NAMES = {
    "agency": (models.Agency, "name"),
    "unit": (models.Unit, "name"),
    "plan": (models.Plan, "agency_name"),
    "perspective": (models.Perspective, "name"),
    "goal": (models.Goal, "title"),
    "indicator": (models.Indicator, "title"),
    "input": (models.Input, "symbol"),
    "input_row": (models.InputRow, "label"),
    "milestone": (models.Milestone, "title"),
    "figure": (models.Figure, "label"),
    "section": (models.ReportSection, "title"),
    "evidence": (models.Evidence, "name"),
}
OTHER_TITLES = {
    "indicator": [(models.Indicator, "unit")],
    "input": [(models.Input, "label"), (models.Input, "unit")],
    "review": [(models.MissedTargetReview, "responsible")],
    "figure": [(models.Figure, "unit")],
    "evidence": [(models.Evidence, "about")],
    "calendar_day": [(models.CalendarDay, "note")],
    "interim": [(models.InterimValue, "symbol")],
}
OTHER_TEXTS = {
    "indicator": [(models.Indicator, "measure"), (models.Indicator, "evaluation")],
    "measurement": [(models.Measurement, "analysis")],
    "review": [(models.MissedTargetReview, "cause"), (models.MissedTargetReview, "action")],
    "figure": [(models.Figure, "source")],
    "section": [(models.ReportSection, "body")],
    "plan": [(models.Plan, "correction_reason")],
    "step": [(models.Step, "reason")],
    "follow_up": [(models.FollowUp, "note")],
}


def checks():
    """Every check constraint with a value that it refuses."""
    for name, (model, field, values) in CHECKS.items():
        yield from ((name, model, field, value) for value in values)
    for prefix, (model, field) in NAMES.items():
        yield from ((f"{prefix}_{field}_filled", model, field, value) for value in BLANKS)
        yield from text_checks(prefix, model, field, TITLES)
    for prefix, fields in OTHER_TITLES.items():
        for model, field in fields:
            yield from text_checks(prefix, model, field, TITLES)
    for prefix, fields in OTHER_TEXTS.items():
        for model, field in fields:
            yield from text_checks(prefix, model, field, TEXTS)
    yield from text_checks("indicator", models.Indicator, "formula", ["1" * 2001])
    for field in ("sample_note", "interim_note"):
        yield from text_checks("plan", models.Plan, field, ["字" * 1001])


def text_checks(prefix, model, field, too_long):
    yield from ((f"{prefix}_{field}_length", model, field, value) for value in too_long)
    yield from ((f"{prefix}_{field}_clean", model, field, value) for value in CONTROLS)


@shared_rows
def plan():
    """A plan with a row of every kind, and people with a role in each kind of place."""
    plan = replace_plan(read_plan(as_bytes(base())), by=None, now=timezone.now())
    user = models.User.objects.create(username="clerk")
    unit = models.Unit.objects.get()
    models.Role.objects.create(user=user, name="clerk", agency=plan.agency, unit=unit)
    _add_work(plan, user, models.User.objects.create(pk=ABSENT, username="absent"))
    return plan


def _add_work(plan, user, absent):
    row = plan.indicators.get(method="formula")
    now, day = timezone.now(), date(2018, 12, 31)
    models.Evidence.objects.create(
        indicator=row, kind="document", name="字第1號", dated=day, added_at=now, added_by=user
    )
    models.Step.objects.create(plan=plan, indicator=row, name="submit", by=user, at=now)
    models.Draft.objects.create(indicator=row, user=user, revision=0, content="{}", saved_at=now)
    models.InterimValue.objects.create(indicator=row, symbol="x", period=1, recorded_at=now)
    models.FollowUp.objects.create(indicator=row, outcome="kept", note="因", by=user, at=now)
    models.Deputyship.objects.create(absent=absent, deputy=user, first_day=day, last_day=day)
    models.Notice.objects.create(user=user, kind="weekly", day=day)
    models.CalendarDay.objects.create(agency=plan.agency, day=day, is_workday=False)
    models.Reminder.objects.create(
        plan=plan, indicator=row, kind="fill", to=user, by=absent, at=now, day=day
    )


def first(model, name=""):
    """The row that a constraint is tried on: one that is against no other constraint too."""
    if name == "indicator_method_choice":
        return model.objects.get(method="direct")
    if name == "input_list_or_gather":
        return model.objects.filter(is_list=True)[0]
    wanted = {
        models.Indicator: {"method": "formula"},
        models.Input: {"is_list": False},
        models.Figure: {"key": "tours"},
        models.Milestone: {"done": None},
    }.get(model, {})
    return model.objects.filter(**wanted).order_by("pk")[:1].get()


@pytest.mark.parametrize(
    ("name", "model", "field", "value"),
    list(checks()),
    ids=[f"{name}-{ascii(value)[:20]}" for name, _, _, value in checks()],
)
def test_a_row_against_a_check_is_refused(plan, name, model, field, value):
    raw = Value(value, output_field=CharField()) if isinstance(value, str) else value
    rows = model.objects.filter(pk=first(model, name).pk)
    guards = without_guards() if model is models.FollowUp else nullcontext()  # never updated
    with guards, pytest.raises(DatabaseError) as refused, transaction.atomic():
        rows.update(**{field: raw})
    too_long_for_the_column = "value too long for type" in str(refused.value)
    assert name in str(refused.value) or too_long_for_the_column


REPEATS = {
    "plan_once": lambda: copy_of(models.Plan),
    "perspective_place": lambda: copy_of(models.Perspective),
    "goal_place": lambda: copy_of(models.Goal),
    "indicator_place": lambda: copy_of(models.Indicator, lineage=""),
    "indicator_lineage_once": lambda: copy_of(models.Indicator, position=99),
    "input_place": lambda: copy_of(models.Input, symbol="別名"),
    "input_symbol_once": lambda: copy_of(models.Input, position=99),
    "input_row_place": lambda: copy_of(models.InputRow),
    "milestone_place": lambda: copy_of(models.Milestone),
    "figure_place": lambda: copy_of(models.Figure, key="other"),
    "figure_key_once": lambda: copy_of(models.Figure, position=99),
    "section_place": lambda: copy_of(models.ReportSection),
    "unit_once": lambda: copy_of(models.Unit),
    "interim_once": lambda: copy_of(models.InterimValue),
    "draft_once": lambda: copy_of(models.Draft),
    "notice_once": lambda: copy_of(models.Notice),
    "calendar_day_once": lambda: copy_of(models.CalendarDay),
    "reminder_once_a_day": lambda: copy_of(models.Reminder),
    "reminder_of_figures_once_a_day": lambda: [
        copy_of(models.Reminder, indicator=None) for _ in range(2)
    ],
    "deputyship_once": lambda: copy_of(models.Deputyship),
    "role_once_in_unit": lambda: copy_of(models.Role),
    "role_once_in_agency": lambda: [copy_of(models.Role, unit=None) for _ in range(2)],
    "role_once_in_city": lambda: [
        copy_of(models.Role, name="reviewer", agency=None, unit=None) for _ in range(2)
    ],
}


def copy_of(model, **changes):
    row = first(model)
    row.pk = None
    for field, value in changes.items():
        setattr(row, field, value)
    model.objects.bulk_create([row])


@pytest.mark.parametrize("name", REPEATS)
def test_a_second_row_of_one_place_is_refused(plan, name):
    with pytest.raises(DatabaseError, match=r"(?i)unique"), transaction.atomic():
        REPEATS[name]()


def test_the_other_half_of_a_repeat_is_allowed(plan):
    copy_of(models.Indicator, position=99, lineage="")
    copy_of(models.Indicator, position=98, lineage="")
    copy_of(models.Role, unit=None)


def test_every_constraint_of_the_models_is_tried():
    tried = {name for name, *_ in checks()} | set(REPEATS)
    # Their guards refuse every change: tried in test_history.py and comments/test_comments.py.
    of_their_own = {models.Chain, models.AuditEvent, models.Comment, models.Mention}
    own = {
        constraint.name
        for model in apps.get_app_config("indicators").get_models()
        if model not in of_their_own
        for constraint in model._meta.constraints
    }
    assert own == tried


@pytest.mark.parametrize(
    ("model", "field", "value"),
    [
        (models.Figure, "value", "-0"),
        (models.Figure, "value", "-" + "9" * 30),
        (models.Figure, "value", "0." + "9" * 29),
        (models.Milestone, "percent", "100.000"),
        (models.Milestone, "percent", "-0.0"),
        (models.Indicator, "target", "-0"),
        (models.Agency, "name", "字" * 200),
        (models.ReportSection, "body", "字\n\t\r" * 25_000),
        (models.ReportSection, "path", ".".join(["0000001"] * 20)),
        (models.Indicator, "formula", "1" * 2000),
    ],
)
def test_what_a_document_may_hold_is_stored_as_it_is(plan, model, field, value):
    rows = model.objects.filter(pk=first(model).pk)
    rows.update(**{field: Value(value, output_field=CharField())})
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {field} FROM {model._meta.db_table} WHERE id = {first(model).pk}")
        assert cursor.fetchone() == (value,)


def test_a_nul_is_refused(plan):
    with pytest.raises((DatabaseError, ValueError)), transaction.atomic():
        models.Figure.objects.update(source="a\0b")
