"""What the tests of work, history and figures share: people, and an entry on its way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators import actions, models
from indicators.entries import entry_of
from indicators.permissions import Actor, actor_of
from indicators.queries import find_indicator, load_indicator
from tests.conftest import NOW

TODAY = NOW.date()


def person(name: str, role: str, agency: models.Agency, unit: models.Unit | None = None):
    user = models.User.objects.create(username=name, first_name=name)
    models.Role.objects.create(user=user, name=role, agency=agency, unit=unit)
    return user


def acting(user: models.User, day: date = TODAY) -> Actor:
    return actor_of(user, day)


def prove(row: models.Indicator, by: models.User) -> None:
    for symbol in row.inputs.values_list("symbol", flat=True):
        models.Evidence.objects.create(
            indicator=row,
            about=symbol,
            kind="document",
            name="中市秘採字第1號",
            dated=TODAY,
            added_at=NOW,
            added_by=by,
        )


def revision(row: models.Indicator) -> int:
    return models.Indicator.objects.get(pk=row.pk).revision


def record(row: models.Indicator, user: models.User, symbol: str, number: str, **others) -> None:
    """`others`: further fields of the entry."""
    entry = entry_of(load_indicator(find_indicator(row.plan, row.pk)))
    actions.record_entry(
        indicator_id=row.pk,
        entry=replace(entry, inputs={**entry.inputs, symbol: Decimal(number)}, **others),
        revision=revision(row),
        actor=acting(user),
        now=NOW,
    )


def submit(row: models.Indicator, user: models.User) -> None:
    prove(row, user)
    actions.submit(indicator_id=row.pk, revision=revision(row), actor=acting(user), now=NOW)


def give_back(row: models.Indicator, user: models.User, reason: str, **notes: str) -> None:
    actions.return_for_correction(
        indicator_id=row.pk, reason=reason, notes=notes, actor=acting(user), now=NOW
    )


def counted(client, path: str) -> int:
    """The queries of a page that has been asked for once before."""
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)
