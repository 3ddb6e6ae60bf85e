"""Two plans with a row of every kind, one of them published, and SQL past Django's models."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from indicators import guards, models
from indicators.actions import replace_plan
from indicators.guards.rules import OWNED
from indicators.interchange.json_tree import read_file
from indicators.interchange.plan_reading import read_plan

SEED = Path(__file__).resolve().parent.parent.parent / "fixtures/taichung-secretariat-107.json"


@dataclass(frozen=True)
class TwoPlans:
    """Rows of each, by model."""

    open: dict[type, int]
    published: dict[type, int]


def stored_plan(year: int = 107) -> models.Plan:
    record = replace(read_plan(read_file(str(SEED))), year=year)
    return replace_plan(record, by=None, now=timezone.now())


def two_plans() -> TwoPlans:
    plans = [_with_every_kind(stored_plan(year)) for year in (107, 108)]
    models.Plan.objects.filter(pk=plans[1][models.Plan]).update(status="published")
    return TwoPlans(*plans)


def _with_every_kind(plan: models.Plan) -> dict[type, int]:
    indicator = plan.indicators.order_by("pk")[0]
    models.Milestone.objects.create(indicator=indicator, position=0, title="階段", percent="25")
    models.MissedTargetReview.objects.create(
        indicator=indicator, cause="因", action="策", responsible="人", due="2018-12-31"
    )
    clerk, _ = models.User.objects.get_or_create(username="frozen-clerk")
    models.Evidence.objects.create(
        indicator=indicator,
        kind="document",
        name="字第1號",
        dated="2018-12-31",
        added_at=timezone.now(),
        added_by=clerk,
    )
    models.Draft.objects.create(
        indicator=indicator, user=clerk, revision=0, content="{}", saved_at=timezone.now()
    )
    models.InterimValue.objects.create(
        indicator=indicator, period=1, value="5", recorded_at=timezone.now(), recorded_by=clerk
    )
    models.Step.objects.create(
        plan=plan, indicator=indicator, name="submit", by=clerk, at=timezone.now()
    )
    models.Reminder.objects.create(
        plan=plan,
        indicator=indicator,
        kind="fill",
        to=clerk,
        by=clerk,
        at=timezone.now(),
        day="2018-12-31",
    )
    ways = {
        models.Plan: "pk",
        models.Goal: "perspective__plan",
        models.InputRow: "input__indicator__plan",
    }
    return {
        model: model.objects.filter(**{_way(model, ways): plan.pk}).order_by("pk")[0].pk
        for model in (models.Plan, *OWNED)
    }


def _way(model: type, ways: dict[type, str]) -> str:
    if model in ways:
        return ways[model]
    return "plan" if OWNED[model][0] == "plan" else "indicator__plan"


def table(model: type) -> str:
    return f'"{model._meta.db_table}"'


def sql(statement: str, *values: object) -> int:
    """Run it as somebody with the application's own connection; how many rows it changed."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def row_of(model: type, pk: int) -> dict[str, object]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table(model)} WHERE id = %s", [pk])
        return dict(
            zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True)
        )


def insert(model: type, row: dict[str, object], verb: str = "INSERT") -> int:
    columns = ", ".join(f'"{name}"' for name in row)
    places = ", ".join(["%s"] * len(row))
    return sql(f"{verb} INTO {table(model)} ({columns}) VALUES ({places})", *row.values())


@contextmanager
def without_guards():
    """What an attacker can do who owns the tables."""
    connection.check_constraints()  # PostgreSQL drops no trigger while checks are pending
    with guards.lifted(connection):
        yield
        connection.check_constraints()
