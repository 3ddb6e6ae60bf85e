"""Interim values and settings as plain data; each function has a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Q

from indicators import models
from indicators.interims import InterimSettings
from indicators.queries import load_indicators, load_plan
from indicators.records import IndicatorRecord, InterimRecord, PlanRecord, Policy
from indicators.scoring.interim import ACTUAL, Gather, Interim, Path, Values
from indicators.scoring.periods import Period
from indicators.scoring.types import LowerPolicy, Method

EARLIER_YEARS = 5  # looked back at most
Rules = dict[int, dict[str, Gather]]


@dataclass(frozen=True, slots=True)
class EarlierYear:
    """The same indicator in an earlier year; `interim` None: it was not followed then."""

    year: int
    record: IndicatorRecord
    lower_policy: LowerPolicy
    interim: Interim | None


def load_interims(keys: Collection[int]) -> dict[int, Interim]:
    """Of those that are followed within the year, by primary key. 3 queries.

    Staged work is followed by month, by the days its stages were done, where nothing else is set.
    """
    followed = ~Q(period="") | Q(method=Method.MILESTONES)
    wanted = models.Indicator.objects.filter(followed, pk__in=keys).order_by("pk")
    return _interims(wanted.select_related("plan"))


def load_interim(row: models.Indicator) -> Interim | None:
    """Of one indicator; None: it is not followed within the year. 2 queries, or none."""
    return _interims([row]).get(row.pk) if period_of(row) else None


def _interims(wanted: Iterable[models.Indicator]) -> dict[int, Interim]:
    rows = {row.pk: row for row in wanted if period_of(row)}
    rules, values = _rules(rows), _values(rows)
    return {
        pk: Interim(
            year=row.plan.year,
            period=period_of(row),
            path=Path(row.path),
            rules=rules[pk],
            values={symbol: values.get((pk, symbol), ()) for symbol in rules[pk]},
        )
        for pk, row in rows.items()
    }


def period_of(row: models.Indicator) -> Period:
    if not row.period and row.method == Method.MILESTONES:
        return Period.MONTH
    return Period(row.period)


def load_settings(row: models.Indicator) -> InterimSettings:
    """What is set for an indicator, followed or not, with every rule there could be. 1 query."""
    return InterimSettings(Period(row.period), Path(row.path), _rules({row.pk: row})[row.pk])


def has_values(row: models.Indicator, symbols: Collection[str] | None = None) -> bool:
    """Any, or of these symbols. 1 query."""
    values = models.InterimValue.objects.filter(indicator=row, value__isnull=False)
    if symbols is not None:
        values = values.filter(symbol__in=symbols)
    return values.exists()


def load_document(plan: models.Plan) -> PlanRecord:
    """The whole plan as its document holds it, interim values too. 3 queries more than a plan."""
    stored = _records(models.Indicator.objects.filter(plan=plan).order_by("pk"))
    record = replace(load_plan(plan), interim_note=plan.interim_note)
    return record.with_each(lambda item: replace(item, interim=stored.get(item.pk or 0)))


def _records(wanted: Iterable[models.Indicator]) -> dict[int, InterimRecord | None]:
    rows = {row.pk: row for row in wanted}
    rules = {
        pk: {symbol: rule for symbol, rule in found.items() if rule}
        for pk, found in _rules(rows).items()
    }
    values: dict[int, dict[tuple[str, int], Decimal]] = defaultdict(dict)
    stored = models.InterimValue.objects.filter(indicator__in=rows, value__isnull=False)
    for item in stored.order_by("pk"):
        if item.symbol in rules[item.indicator_id] and item.value is not None:
            values[item.indicator_id][item.symbol, item.period] = item.value
    return {
        pk: InterimRecord(Period(row.period), Path(row.path), rules[pk], values[pk]).or_none()
        for pk, row in rows.items()
    }


def earlier_interims(
    agency_id: int, lineages: Collection[str], before_year: int
) -> dict[str, tuple[EarlierYear, ...]]:
    """The last five years of an agency's indicators by lineage, newest first. 8 queries."""
    plans = models.Plan.objects.filter(
        agency=agency_id, year__lt=before_year, year__gte=before_year - EARLIER_YEARS
    )
    rows = models.Indicator.objects.filter(
        plan__in=plans.current(), lineage__in=set(lineages) - {""}
    )
    found = list(rows.select_related("plan").order_by("-plan__year", "pk"))
    keys = [row.pk for row in found]
    records, interims = load_indicators(keys), load_interims(keys)
    years: dict[str, list[EarlierYear]] = defaultdict(list)
    for row in found:
        policy = Policy(row.plan.lower_policy).lower_policy
        year = EarlierYear(row.plan.year, records[row.pk], policy, interims.get(row.pk))
        years[row.lineage].append(year)
    return {lineage: tuple(items) for lineage, items in years.items()}


def _rules(rows: Mapping[int, models.Indicator]) -> Rules:
    """By indicator and symbol, in the inputs' order; lists are not gathered. 1 query."""
    rules: Rules = {
        pk: {ACTUAL: Gather(row.gather)} if row.method == Method.DIRECT else {}
        for pk, row in rows.items()
    }
    inputs = models.Input.objects.filter(indicator__in=rows, is_list=False)
    for item in inputs.order_by("indicator", "position"):
        if rows[item.indicator_id].method == Method.FORMULA:
            rules[item.indicator_id][item.symbol] = Gather(item.gather)
    return rules


def _values(rows: Mapping[int, models.Indicator]) -> dict[tuple[int, str], Values]:
    """By indicator and symbol, as long as the year has periods. 1 query."""
    found: dict[tuple[int, str], list[Decimal | None]] = {}
    stored = models.InterimValue.objects.filter(indicator__in=rows)
    for item in stored.order_by("indicator", "symbol", "period"):
        count = period_of(rows[item.indicator_id]).in_year
        values = found.setdefault((item.indicator_id, item.symbol), [None] * count)
        if item.period <= count:
            values[item.period - 1] = item.value
    return {key: tuple(values) for key, values in found.items()}
