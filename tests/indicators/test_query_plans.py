"""PostgreSQL finds what the pages of supervision need by index, however large the city."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.postgresql

PAGES = [
    "dashboard/",
    "board/",
    "what-if/",
    "glance/",
    "review/",
    "indicators/{pk}/trend/",
    "indicators/{pk}/interim/",
    "indicators/{pk}/comments/",
    "indicators/{pk}/review/",
]
MEASUREMENTS = re.compile(
    r"Seq Scan on (indicators_(?:input|inputrow|measurement|milestone|indicator|interimvalue))\b"
)


def scans(sql: str) -> set[str]:
    """What would still be read from end to end though that is forbidden where an index serves."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}")
        return set(MEASUREMENTS.findall("\n".join(line for (line,) in cursor.fetchall())))


@pytest.mark.parametrize("page", PAGES)
def test_page_reads_no_table_of_measurements_from_end_to_end(page, secretariat, users, sign_in):
    client = sign_in(users["supervisor"])
    row = secretariat.indicators.order_by("pk").first()
    secretariat.indicators.filter(pk=row.pk).update(status="submitted", period="month")
    address = "/tc-secretariat/107/" + page.format(pk=row.pk)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    selects = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
    assert len(selects) > 5
    assert {sql: found for sql in selects if (found := scans(sql))} == {}


@pytest.mark.parametrize("path", ["/plans/?q=tc", "/sign-off/?year=107", "/my-work/"])
def test_list_of_the_city_reads_no_table_of_measurements_from_end_to_end(
    path, secretariat, users, sign_in
):
    type(secretariat).objects.filter(pk=secretariat.pk).update(status="approved")
    client = sign_in(users["reviewer"])
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    selects = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
    assert len(selects) > 5
    assert {sql: found for sql in selects if (found := scans(sql))} == {}


def test_a_query_without_an_index_would_be_found(secretariat):
    assert scans("SELECT * FROM indicators_input WHERE label = '甲'") == {"indicators_input"}
