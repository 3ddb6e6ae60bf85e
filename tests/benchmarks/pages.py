"""Pages and imports: time and number of queries."""

from __future__ import annotations

import logging
from functools import partial

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators import actions
from indicators.interchange.plan_reading import read_plan
from indicators.models import Agency, Role, User
from tests.benchmarks import documents
from tests.benchmarks.timing import interleaved, table

SIZES = (11, 100, 1000)
WORK_SIZES = (3, 300)


def run(runs: int) -> None:
    logging.disable(logging.WARNING)
    _imports(runs)
    client = _signed_in()
    rows = {}
    for size in SIZES:
        address = "/tc-secretariat/107/" if size == 11 else f"/plan-{size}/107/"
        with CaptureQueriesContext(connection) as queries:
            status = client.get(address).status_code
        count = len(queries)  # the next request empties the log
        seconds = interleaved(runs, page=lambda address=address: client.get(address))
        rows[f"scorecard of {size} indicators: {count} queries, status {status}"] = (
            f"{1000 * seconds['page']:.0f} ms"
        )
    table("Pages (median)", rows)
    _my_work(runs)


def _my_work(runs: int) -> None:
    """A clerk's page, whose agency has few indicators or many."""
    rows = {}
    for size in WORK_SIZES:
        _store(documents.as_bytes(documents.with_indicators(size)))
        client = _signed_in(Role.Name.CLERK, Agency.objects.get(code=f"plan-{size}"))
        client.get("/my-work/")
        with CaptureQueriesContext(connection) as queries:
            status = client.get("/my-work/").status_code
        count = len(queries)
        seconds = interleaved(runs, page=lambda client=client: client.get("/my-work/"))
        rows[f"my work with {size} indicators: {count} queries, status {status}"] = (
            f"{1000 * seconds['page']:.0f} ms"
        )
    table("My work (median)", rows)


def _imports(runs: int) -> None:
    rows = {}
    for size in SIZES[1:]:
        data = documents.as_bytes(documents.with_indicators(size))
        seconds = interleaved(
            min(runs, 3), check=partial(read_plan, data), store=partial(_store, data)
        )
        rows[f"document of {size} indicators: read and checked"] = f"{seconds['check']:.2f} s"
        rows[f"document of {size} indicators: read, checked, stored"] = f"{seconds['store']:.2f} s"
    table("Import (median)", rows)


def _store(data: bytes) -> None:
    actions.replace_plan(read_plan(data), by=None, now=timezone.now())


def _signed_in(role: str = Role.Name.REVIEWER, agency: Agency | None = None) -> Client:
    user = User.objects.create_user(f"bench-{agency.code if agency else 'city'}")
    Role.objects.create(user=user, name=role, agency=agency)
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    return client
