"""Sends letters one by one. One that can't be delivered keeps no other from its reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from indicators.actions.notices import Claim, claim, mark_sent, release
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
        notice = {"user_id": letter.to.pk, "kind": letter.kind, "day": letter.day}
        got = claim(**notice, now=now)
        if got is not Claim.MINE:
            yield Outcome(letter, got)
            continue
        try:
            deliver(to=letter.to, subject=letter.subject, body=letter.body)
        except NotDelivered as error:
            release(**notice)
            yield Outcome(letter, got, str(error))
        else:
            mark_sent(**notice, now=now)
            yield Outcome(letter, got)
