"""The pages of supervision: of few and many indicators, among few and many agencies."""

from __future__ import annotations

import logging
import os
import re
import time

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators import actions
from indicators.interchange.plan_reading import read_plan
from indicators.models import Indicator, Role, User
from tests.benchmarks import city, documents
from tests.benchmarks.timing import interleaved, table

AGENCIES = {"small": 30, "large": int(os.environ.get("AGENCIES", "8000"))}
PAGES = {
    "dashboard": "/{code}/108/dashboard/",
    "board": "/{code}/108/board/",
    "what-if": "/{code}/108/what-if/",
    "year at a glance": "/{code}/108/glance/",
    "trend": "/{code}/108/indicators/{pk}/trend/",
    "interim values": "/{code}/108/indicators/{pk}/interim/",
    "comments": "/{code}/108/indicators/{pk}/comments/",
    "review queue": "/{code}/108/review/",
    "my work": "/my-work/",
}
MEASURED = re.compile(
    r"Seq Scan on "
    r"(indicators_(?:input|inputrow|measurement|milestone|indicator|interimvalue|auditevent)) "
)


def run(runs: int) -> None:
    """In a PostgreSQL cluster of its own: `make bench` starts one."""
    logging.disable(logging.WARNING)
    if connection.vendor != "postgresql":
        print("\nSupervision: needs PostgreSQL; `make bench` starts one.")
        return
    clients = {name: _prepare(name, agencies) for name, agencies in AGENCIES.items()}
    _sizes(runs, clients["small"])
    _cities(runs, clients)
    _plans(clients["large"])


def _prepare(name: str, agencies: int) -> Client:
    """A database of its own, with its city."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE bench_{name}")
    _use(name)
    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    boss = city.fill(agencies)
    seconds = time.perf_counter() - started
    print(f"  {agencies} agencies, {Indicator.objects.count():,} indicators: {seconds:.0f} s")
    client = Client(headers={"host": "localhost"})
    client.force_login(boss)
    return client


def _use(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = f"bench_{name}"


def _get(name: str, client: Client, address: str) -> None:
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{name} {address}: {response.status_code}")


def _sizes(runs: int, small: Client) -> None:
    """A plan of 12 and of 300 indicators, in one database."""
    _use("small")
    for year in (106, 107, 108):
        record = read_plan(documents.as_bytes(documents.with_indicators(300) | {"year": year}))
        plan = actions.replace_plan(record, by=None, now=timezone.now())
        city.follow(plan)
    user = User.objects.create_user("bench-300")
    Role.objects.create(user=user, name=Role.Name.SUPERVISOR, agency=plan.agency)
    many = Client(headers={"host": "localhost"})
    many.force_login(user)
    rows = {}
    for page, address in PAGES.items():
        few_at, many_at = (_address(address, count) for count in (city.INDICATORS, 300))
        counts = [_queries(small, few_at), _queries(many, many_at)]
        seconds = interleaved(
            runs,
            few=lambda at=few_at: _get("12", small, at),
            many=lambda at=many_at: _get("300", many, at),
        )
        title = f"{page} of 12 and 300 indicators: {counts[0]}, {counts[1]} queries"
        rows[title] = f"{1000 * seconds['few']:.0f}, {1000 * seconds['many']:.0f} ms"
    table("Supervision (median)", rows)


def _address(address: str, indicators: int) -> str:
    code = f"plan-{indicators}"
    pk = Indicator.objects.filter(plan__agency__code=code, plan__year=108).order_by("pk").first()
    return address.format(code=code, pk=pk.pk if pk else 0)


def _queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


def _cities(runs: int, clients: dict[str, Client]) -> None:
    """12 indicators among 30 and among very many agencies, turn by turn."""
    rows = {}
    for page, address in PAGES.items():
        seconds: dict[str, list[float]] = {name: [] for name in clients}
        for _turn in range(runs):
            for name, client in clients.items():
                seconds[name].append(_timed(name, client, address))
        few, many = (sorted(values)[len(values) // 2] for values in seconds.values())
        title = f"{page} among {AGENCIES['small']} and {AGENCIES['large']} agencies"
        rows[title] = f"{1000 * few:.0f}, {1000 * many:.0f} ms = {many / few:.2f}"
    table("12 indicators, ten years (aim 1.3)", rows)


def _timed(name: str, client: Client, address: str) -> float:
    """Warm: the connection and the caches of its database have been used just before."""
    _use(name)
    at = _address(address, city.INDICATORS)
    _get(name, client, at)
    start = time.perf_counter()
    _get(name, client, at)
    return time.perf_counter() - start


def _plans(client: Client) -> None:
    """Which page scans a table of measurements from end to end."""
    _use("large")
    rows = {}
    for page, address in PAGES.items():
        with CaptureQueriesContext(connection) as queries:
            client.get(_address(address, city.INDICATORS))
        scans = {scan for query in queries.captured_queries for scan in _scans(query["sql"])}
        rows[f"{page}: tables of measurements scanned"] = ", ".join(sorted(scans)) or "none"
    table("Query plans among the many", rows)


def _scans(sql: str) -> list[str]:
    if not sql.startswith("SELECT"):
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        return MEASURED.findall("\n".join(line for (line,) in cursor.fetchall()) + " ")
