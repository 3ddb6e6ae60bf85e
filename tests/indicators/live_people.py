"""Twenty people in processes of their own at one plan, through the real actions.

Each line that they print is an acknowledgement: `saved INDICATOR TOKEN`, `submit INDICATOR`,
`return INDICATOR`, `approve INDICATOR`, `attach STORED_AS`; `conflict` and `refused` are answers
that a person gets a page for. Anything else that an action raises ends a process with 1.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from indicators import actions, models, permissions
from indicators.entries import entry_of
from indicators.queries import find_indicator, load_indicator
from tests.indicators import evidence_files

FORK = multiprocessing.get_context("fork")
ANSWERS = (permissions.NotAllowed, actions.NotReady)


def say(line: object) -> None:
    os.write(1, f"{line}\n".encode())  # at once and whole, from any thread


def actor(role: str) -> permissions.Actor:
    user = models.User.objects.get(username=f"live-{role}")
    return permissions.actor_of(user, timezone.localdate())


def record(indicator_id: int, token: str, *, keep: bool) -> None:
    """Saves from what this person has just read; `keep`: after what the analysis says already."""
    row = find_indicator(models.Plan.objects.get(), indicator_id)
    entry = entry_of(load_indicator(row))
    analysis = f"{entry.analysis}\n{token}" if keep else token
    actions.record_entry(
        indicator_id=row.pk,
        entry=replace(entry, analysis=analysis),
        revision=row.revision,
        actor=actor("clerk"),
        now=timezone.now(),
    )


def attach(name: str) -> None:
    """A file behind the first input; says under which name it lies."""
    given = models.Input.objects.order_by("pk")[0]
    kept = actions.attach_file(
        indicator_id=given.indicator_id,
        about=given.symbol,
        upload=SimpleUploadedFile(f"{name}.pdf", evidence_files.PDF + name.encode() + b"%%EOF"),
        actor=actor("clerk"),
        now=timezone.now(),
    )
    say(f"attach {kept.stored_as}")


def people(writers: str, rounds: str) -> None:
    """Clerks who save, and at the same time others who submit, return, approve and attach."""
    prove()
    keys = list(models.Indicator.objects.order_by("pk").values_list("pk", flat=True))
    done = FORK.Event()
    clerks = [
        _start(write, keys[number % len(keys)], keys[0], int(rounds))
        for number in range(int(writers))
    ]
    others = [_start(attach_some, int(rounds)), _start(submit_until, done, keys)]
    others += [_start(supervise_until, done, keys) for _ in range(2)]
    for process in clerks:
        process.join()
    done.set()
    for process in others:
        process.join()
    if any(process.exitcode for process in [*clerks, *others]):
        sys.exit(1)


def prove() -> None:
    """A document behind each input, so that an entry may be submitted."""
    for given in models.Input.objects.order_by("pk"):
        actions.cite_document(
            indicator_id=given.indicator_id,
            about=given.symbol,
            number=f"第{given.pk}號",
            dated=date(2019, 1, 5),
            actor=actor("clerk"),
            now=timezone.now(),
        )


def write(own: int, shared: int, rounds: int) -> None:
    """Each round one save that lasts: told of a conflict or a lock, reads again after a moment."""
    for number in range(rounds):
        indicator_id, token = own if number else shared, uuid.uuid4().hex
        while True:
            try:
                record(indicator_id, token, keep=True)
                break
            except actions.Conflict:
                say("conflict")
            except permissions.NotAllowed:
                say("refused")
            time.sleep(random.uniform(0, 0.3))
        say(f"saved {indicator_id} {token}")


def attach_some(rounds: int) -> None:
    for _ in range(rounds):
        _until_allowed(lambda: attach(uuid.uuid4().hex))


def submit_until(done: object, keys: list[int]) -> None:
    while not done.is_set():
        row = models.Indicator.objects.get(pk=random.choice(keys))
        _try(
            "submit",
            row.pk,
            lambda row=row: actions.submit(
                indicator_id=row.pk,
                revision=row.revision,
                actor=actor("clerk"),
                now=timezone.now(),
            ),
        )
        time.sleep(0.1)


def supervise_until(done: object, keys: list[int]) -> None:
    """Approves or returns what is submitted, and returns what was approved."""
    while not done.is_set():
        waiting = models.Indicator.objects.exclude(status__in=["draft", "returned"])
        for row in waiting.order_by("pk"):
            is_new = row.status == "submitted" and random.random() < 0.5
            _try("approve" if is_new else "return", row.pk, _step(row, is_new))
        time.sleep(0.1)


def _step(row: models.Indicator, is_approved: bool) -> Callable[[], None]:
    who = actor("supervisor")
    if is_approved:
        return lambda: actions.approve(
            revisions={row.pk: row.revision}, actor=who, now=timezone.now()
        )
    return lambda: actions.return_for_correction(
        indicator_id=row.pk, reason="請再核對", actor=who, now=timezone.now()
    )


def _try(name: str, key: int, step: Callable[[], None]) -> None:
    try:
        step()
    except ANSWERS:
        say("refused")
    else:
        say(f"{name} {key}")


def _until_allowed(step: Callable[[], None]) -> None:
    while True:
        try:
            step()
            return
        except permissions.NotAllowed:
            say("refused")
            time.sleep(0.02)


def _start(work: Callable[..., None], *arguments: object) -> multiprocessing.Process:
    connection.close()  # a connection is of one process
    process = FORK.Process(target=work, args=arguments)
    process.start()
    return process
