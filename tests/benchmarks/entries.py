"""Saving an entry against Django's admin saving the same change, and the live preview."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator

import lxml.html
from django.test import Client
from django.urls import reverse

from indicators.models import AuditEvent, Indicator, Input, Role, User
from tests.benchmarks.timing import interleaved, table

LINEAGE = "failed-tender-rate"  # two numbers and a text
TURNS = 5  # of each task in a run


def run(runs: int) -> None:
    logging.disable(logging.WARNING)
    row = Indicator.objects.select_related("plan__agency").get(lineage=LINEAGE, plan__year=107)
    bench = Bench(row)
    tasks = {"save": bench.save, "admin": bench.save_in_admin, "preview": bench.preview}
    for task in tasks.values():  # warm
        task()
    before = AuditEvent.objects.filter(action="record").count()
    seconds = interleaved(TURNS * runs, **tasks)
    assert AuditEvent.objects.filter(action="record").count() == before + TURNS * runs
    save, admin, preview = (1000 * seconds[name] for name in tasks)
    rows = {
        "an entry saved: permission, checks, scoring, history": f"{save:.1f} ms",
        "the same change saved in Django's admin": f"{admin:.1f} ms",
        "save against admin (aim: at most 1)": f"{save / admin:.2f}",
        "live preview": f"{preview:.1f} ms",
        "preview against save (aim: at most 1)": f"{preview / save:.2f}",
    }
    table("Saving an entry (median)", rows)


class Bench:
    """One person who may use both, and a number that is another each time."""

    def __init__(self, row: Indicator) -> None:
        self.client = _signed_in(row)
        address = [row.plan.agency.code, row.plan.year, row.pk]
        self.entry = reverse("entry", args=address)
        self.draft = reverse("entry_draft", args=address)
        self.admin = f"/bench-admin/indicators/indicator/{row.pk}/change/"
        self.row = row
        self.own = _form(self.client, self.entry, "entry")
        self.theirs = _form(self.client, self.admin, "indicator_form")
        self.numbers: Iterator[int] = itertools.cycle(range(100, 148))

    def save(self) -> None:
        number = self._next(self.own, "v-0")
        answer = self.client.post(self.entry, self.own | {"op": "save"})
        self._check(answer, self.entry, number)
        self.own["revision"] = str(int(self.own["revision"]) + 1)

    def save_in_admin(self) -> None:
        number = self._next(self.theirs, "inputs-0-value")
        answer = self.client.post(self.admin, self.theirs | {"_continue": "1"})
        self._check(answer, self.admin, number)

    def preview(self) -> None:
        self._next(self.own, "v-0")
        assert self.client.post(self.draft, self.own).status_code == 200

    def _next(self, form: dict[str, str], name: str) -> str:
        form[name] = str(next(self.numbers))
        return form[name]

    def _check(self, answer, where: str, number: str) -> None:
        assert (answer.status_code, answer.headers["Location"]) == (302, where)
        first = Input.objects.filter(indicator=self.row).order_by("position")[0]
        assert str(first.value) == number


def _form(client: Client, address: str, key: str) -> dict[str, str]:
    page = lxml.html.fromstring(client.get(address).content.decode())
    return {
        name: value.removeprefix("\n") for name, value in page.get_element_by_id(key).form_values()
    }


def _signed_in(row: Indicator) -> Client:
    user = User.objects.create_superuser("bench-clerk", first_name="量測")
    Role.objects.create(user=user, name=Role.Name.CLERK, agency=row.plan.agency)
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    return client
