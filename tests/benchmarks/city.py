"""A city of any size in PostgreSQL: one agency's ten years, copied with other keys."""

from __future__ import annotations

from decimal import Decimal

from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from indicators import actions
from indicators.interchange.plan_reading import read_plan
from indicators.models import Agency, Input, InterimValue, Plan, Role, User
from tests.benchmarks import documents

YEARS = range(99, 109)
INDICATORS = 12
MONTHS = 10
STRIDE = 1_000_000  # between the keys of two copies; more than one agency's rows of any table
UNIQUE = {
    ("indicators_agency", "code"),
    ("indicators_user", "username"),
    ("indicators_chain", "name"),
}


def fill(agencies: int) -> User:
    """The city; returns a plan manager and supervisor of its first agency."""
    boss = _first_agency()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # copies need no triggers
        for model in _models():
            cursor.execute(_copy(model), [agencies - 1])
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE")
    return boss


def _first_agency() -> User:
    for year in YEARS:
        document = documents.with_indicators(INDICATORS, staged=True) | {"year": year}
        record = read_plan(documents.as_bytes(document))
        follow(actions.replace_plan(record, by=None, now=timezone.now()))
    agency = Agency.objects.get()
    Plan.objects.exclude(year=YEARS[-1]).update(status="approved")
    boss = User.objects.create_user("bench-boss")
    for name in (Role.Name.SUPERVISOR, Role.Name.PLAN_MANAGER):
        Role.objects.create(user=boss, name=name, agency=agency)
    return boss


def follow(plan: Plan) -> None:
    """Single inputs by month, with ten months of values; three indicators wait for approval."""
    plan.indicators.update(period="month")
    inputs = list(Input.objects.filter(indicator__plan=plan, is_list=False).order_by("pk"))
    Input.objects.filter(pk__in=[item.pk for item in inputs]).update(gather="last")
    InterimValue.objects.bulk_create(
        InterimValue(
            indicator_id=item.indicator_id,
            symbol=item.symbol,
            period=month,
            value=Decimal(month),
            recorded_at=timezone.now(),
        )
        for item in inputs
        for month in range(1, MONTHS + 1)
    )
    waiting = plan.indicators.order_by("pk").values("pk")[:3]
    plan.indicators.filter(pk__in=list(waiting.values_list("pk", flat=True))).update(
        status="submitted"
    )
    opened = plan.indicators.order_by("-pk").values_list("pk", flat=True)[:4]
    Input.objects.filter(indicator__in=list(opened), is_list=False).update(value=None)


def _models() -> list[type[models.Model]]:
    return list(apps.get_app_config("indicators").get_models())


def _copy(model: type[models.Model]) -> str:
    """One statement for all copies: keys and what refers to them are moved by a stride each."""
    table = model._meta.db_table
    columns = model._meta.local_concrete_fields
    names = ", ".join(f'"{field.column}"' for field in columns)
    values = ", ".join(_value(table, field) for field in columns)
    rows = f'SELECT {values} FROM "{table}" t, generate_series(1, %s) AS n'
    return f'INSERT INTO "{table}" ({names}) {rows}'


def _value(table: str, field: models.Field) -> str:
    column = f't."{field.column}"'
    if field.primary_key or (field.is_relation and field.related_model in _models()):
        return f"{column} + n * {STRIDE}::bigint"
    if (table, field.column) in UNIQUE:
        return f"{column} || '-' || n"
    return column
