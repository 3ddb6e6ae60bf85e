"""Who is named in a text with `@`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indicators.comment_queries import Party

AT = re.compile(r"(?<![A-Za-z0-9._%+-])[@＠]")  # an e-mail address names nobody
UNKNOWN = re.compile(r"[^\W\d]\w{0,19}")
ACCOUNT_GOES_ON = re.compile(r"[A-Za-z0-9_]|[.@+-][A-Za-z0-9_]")


@dataclass(frozen=True, slots=True)
class Named:
    """`users`: those who are meant; `unclear`: what was typed and fits nobody, or several."""

    users: frozenset[int]
    unclear: tuple[str, ...]


def named_in(text: str, parties: Sequence[Party]) -> Named:
    """The longest name or account that stands behind each `@`: Chinese puts no space after it."""
    users: set[int] = set()
    unclear: list[str] = []
    for match in AT.finditer(text):
        word, found = _longest(text, match.end(), parties)
        if len(found) == 1:
            users |= found
        elif word:
            unclear.append(word)
    return Named(frozenset(users), tuple(dict.fromkeys(unclear)))


def _longest(text: str, at: int, parties: Sequence[Party]) -> tuple[str, set[int]]:
    hits = [(word, key) for word, key in _words(parties) if _stands(text, at, word)]
    if hits:
        longest = max((word for word, _key in hits), key=len)
        return longest, {key for word, key in hits if len(word) == len(longest)}
    unknown = UNKNOWN.match(text, at)
    return (unknown[0] if unknown else ""), set()


def _words(parties: Sequence[Party]) -> Iterator[tuple[str, int]]:
    for party in parties:
        yield party.person, party.user_id
        yield party.account, party.user_id


def _stands(text: str, at: int, word: str) -> bool:
    """`@clerk2` is not `@clerk`."""
    end = at + len(word)
    if text[at:end].casefold() != word.casefold():
        return False
    return not (word[-1:].isascii() and ACCOUNT_GOES_ON.match(text, end))
