"""The threads about one indicator as their page prints them. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from indicators.comment_queries import Mentioned, Remark, RemarkPage
from indicators.models import Role

FIRST_WORDS = 60


@dataclass(frozen=True, slots=True)
class Said:
    """`mention`: the reader's own, if it waits for them; else None."""

    pk: int
    by_id: int
    who: str
    acting_for: str
    role: str
    at: datetime
    text: str
    told: tuple[str, ...]
    mention: int | None

    @property
    def first_words(self) -> str:
        return first_words(self.text)


@dataclass(frozen=True, slots=True)
class Thread:
    """`answers`: those on the page, of `total`."""

    first: Said
    answers: tuple[Said, ...]
    total: int
    resolved_at: datetime | None
    resolved_by: str

    @property
    def pk(self) -> int:
        return self.first.pk

    @property
    def is_cut(self) -> bool:
        return len(self.answers) < self.total

    def holds(self, key: str) -> bool:
        """Whether it is this thread, or one of its answers, that an address names."""
        return key in {str(said.pk) for said in (self.first, *self.answers)}

    def whom_to_tell(self, user_id: int) -> set[int]:
        """Who began it; if that is who answers, the last other who spoke."""
        if self.first.by_id != user_id:
            return {self.first.by_id}
        others = [said.by_id for said in self.answers if said.by_id != user_id]
        return set(others[-1:])


@dataclass(frozen=True, slots=True)
class Threads:
    open: tuple[Thread, ...]
    resolved: tuple[Thread, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.open or self.resolved)

    def has(self, pk: int) -> bool:
        return any(thread.pk == pk for thread in (*self.open, *self.resolved))


@dataclass(frozen=True, slots=True)
class MentionLine:
    """One line of My work."""

    pk: int
    comment_pk: int
    agency_code: str
    agency_name: str
    year: int
    indicator_pk: int
    title: str
    who: str
    role: str
    first_words: str
    at: datetime
    absent: str


def threads(page: RemarkPage, stands_for: frozenset[int]) -> Threads:
    """In the order in which they began; the resolved ones, the last first."""
    answers: dict[int | None, list[Remark]] = defaultdict(list)
    for remark in page.remarks:
        answers[remark.parent_id].append(remark)
    found = [
        Thread(
            first=_said(first, stands_for),
            answers=tuple(_said(answer, stands_for) for answer in answers[first.pk]),
            total=page.answers.get(first.pk, 0),
            resolved_at=first.resolved_at,
            resolved_by=first.resolved_by,
        )
        for first in answers[None]
    ]
    resolved = [(thread.resolved_at, thread) for thread in found if thread.resolved_at]
    resolved.sort(key=lambda pair: pair[0], reverse=True)
    return Threads(
        open=tuple(thread for thread in found if thread.resolved_at is None),
        resolved=tuple(thread for _at, thread in resolved),
    )


def _said(remark: Remark, stands_for: frozenset[int]) -> Said:
    waiting = [m.pk for m in remark.told if m.user_id in stands_for and not m.is_seen]
    return Said(
        pk=remark.pk,
        by_id=remark.by_id,
        who=remark.by,
        acting_for=remark.acting_for,
        role=role_word(remark.role),
        at=remark.at,
        text=remark.text,
        told=tuple(mention.person for mention in remark.told),
        mention=waiting[0] if waiting else None,
    )


def mention_lines(mentions: Sequence[Mentioned]) -> tuple[MentionLine, ...]:
    return tuple(
        MentionLine(
            pk=mention.pk,
            comment_pk=mention.comment_pk,
            agency_code=mention.agency_code,
            agency_name=mention.agency_name,
            year=mention.year,
            indicator_pk=mention.indicator_pk,
            title=mention.title,
            who=mention.by,
            role=role_word(mention.role),
            first_words=first_words(mention.text),
            at=mention.at,
            absent=mention.absent,
        )
        for mention in mentions
    )


def role_word(role: str) -> str:
    return str(Role.Name(role).label)


def first_words(text: str) -> str:
    """On one line; what is cut off is said."""
    line = " ".join(text.split())
    if len(line) <= FIRST_WORDS:
        return line
    return gettext("%(words)s（下略）") % {"words": line[:FIRST_WORDS]}
