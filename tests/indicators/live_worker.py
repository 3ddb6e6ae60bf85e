"""What the processes do that live.py starts: `python -m tests.indicators.live_worker MODE …`.

A line on standard output is an acknowledgement, as a page that says 已儲存 is one.
"""

from __future__ import annotations

import os
import sys
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402  after setup
from django.db import DatabaseError, connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from indicators import actions, guards, history, locking, models  # noqa: E402
from indicators.interchange.json_tree import read_file  # noqa: E402
from indicators.interchange.plan_reading import read_plan  # noqa: E402
from tests.indicators.live_people import attach, people, record, say  # noqa: E402
from tests.indicators.live_server import PASSWORD  # noqa: E402

SEED = Path(__file__).resolve().parent.parent.parent / "fixtures/taichung-secretariat-107.json"


def prepare() -> None:
    call_command("migrate", verbosity=0)
    record = read_plan(read_file(str(SEED)))
    plan = actions.replace_plan(record, by=None, now=timezone.now())
    for role in ("clerk", "supervisor"):
        user = models.User(username=f"live-{role}", first_name=role)
        user.set_password(PASSWORD)
        user.save()
        models.Role.objects.create(user=user, name=role, agency=plan.agency)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # into the one file that is copied
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def measurement(place: int = 0) -> models.Measurement:
    rows = models.Measurement.objects.select_related("indicator__plan").order_by("pk")
    return rows[place]


def note(token: str, *, pause: float = 0) -> None:
    """The token as the first indicator's analysis; told of a conflict, reads again."""
    key = measurement().indicator_id
    while True:
        try:
            with transaction.atomic():
                record(key, token, keep=False)
                time.sleep(pause)
            return
        except actions.Conflict:
            continue


def write(threads: str) -> None:
    """Saves until it is killed; says so after the commit."""

    def person() -> None:
        while True:
            token = uuid.uuid4().hex
            note(token)
            say(token)

    in_threads([person] * int(threads))


def write_and_say_first(threads: str) -> None:
    """The mistake that the drill must notice: says so before the commit."""

    def person() -> None:
        while True:
            token = uuid.uuid4().hex
            say(token)
            note(token, pause=0.02)

    in_threads([person] * int(threads))


def save(token: str) -> None:
    note(token)
    say(token)


@locking.retry
@transaction.atomic
def sign_in() -> None:
    history.record(
        plan=None,
        action="sign-in",
        kind="user",
        obj_id=None,
        label="",
        before={},
        after={},
        by=None,
        now=timezone.now(),
    )


def sign_ins(threads: str, rounds: str) -> None:
    """Events of no plan: nothing but the head of their chain to wait for each other at."""

    def person() -> None:
        for _ in range(int(rounds)):
            sign_in()
            say("signed in")

    in_threads([person] * int(threads))


def deadlock() -> None:
    """Two transactions that lock two rows in opposite order; says which tries were needed."""
    barrier = threading.Barrier(2)
    first, second = measurement(0), measurement(1)

    def crosswise(*rows: models.Measurement) -> Callable[[], None]:
        @locking.retry
        @transaction.atomic
        def both() -> None:
            say("try")
            for row in rows:
                list(models.Measurement.objects.select_for_update().filter(pk=row.pk))
                with suppress(threading.BrokenBarrierError):  # SQLite lets only one begin
                    barrier.wait(1)

        return lambda: (both(), say("done"))

    in_threads([crosswise(first, second), crosswise(second, first)])


def publish_against_edit() -> None:
    """An edit that begins while the plan is being published, without asking for the plan's lock."""
    row = measurement()
    publishing = threading.Event()

    def publish() -> None:
        with transaction.atomic():
            models.Plan.objects.filter(pk=row.indicator.plan_id).update(status="published")
            publishing.set()
            time.sleep(0.5)
        say("published")

    def edit() -> None:
        publishing.wait()
        try:
            models.Measurement.objects.filter(pk=row.pk).update(analysis="偷改")
            say("edited")
        except DatabaseError as error:
            say(guards.sentence(error) or repr(error))

    in_threads([publish, edit])


def in_threads(people: list[Callable[[], object]]) -> None:
    def live(person: Callable[[], object]) -> None:
        try:
            person()
        except BaseException as error:
            os.write(2, f"{error!r}\n".encode())
            failed.append(error)
        finally:
            connection.close()

    failed: list[BaseException] = []
    threads = [threading.Thread(target=live, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        sys.exit(1)


MODES = [
    prepare,
    sign_ins,
    write,
    write_and_say_first,
    save,
    deadlock,
    publish_against_edit,
    attach,
    people,
]
if __name__ == "__main__":
    mode, *arguments = sys.argv[1:]
    {function.__name__: function for function in MODES}[mode](*arguments)
