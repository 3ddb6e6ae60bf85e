"""Sends letters one by one. One that can't be delivered keeps no other from its reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from indicators.actions.notices import Claim, Key, claim, mark_sent, release
from indicators.mail import NotDelivered, deliver
from indicators.notices.letters import Letter


@dataclass(frozen=True, slots=True)
class Outcome:
    """`claim`: whether it was ours to send; `error`: why it did not leave, empty where it did."""

    letter: Letter
    claim: Claim
    error: str = ""


def send_letters(letters: Iterable[Letter], now: datetime) -> Iterator[Outcome]:
    for letter in letters:
        key = Key(letter.to.pk, letter.kind, letter.day)
        got = claim(key, now)
        error = _deliver(letter, key, now) if got is Claim.MINE else ""
        yield Outcome(letter, got, error)


def _deliver(letter: Letter, key: Key, now: datetime) -> str:
    try:
        deliver(to=letter.to, subject=letter.subject, body=letter.body)
    except NotDelivered as error:
        release(key)
        return str(error)
    mark_sent(key, now)
    return ""
