"""What was said about an indicator, and who may be told of it, as plain data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from indicators import models
from indicators.permissions import RULES, Actor

NAMES = models.Role.Name
OF_UNITS = (NAMES.CLERK, NAMES.SUPERVISOR)  # the others have a part in every indicator
ORDER = (NAMES.CLERK, NAMES.SUPERVISOR, NAMES.PLAN_MANAGER, NAMES.REVIEWER)
THREADS, ANSWERS = 20, 50  # on a page; answers of a thread that is shown alone
LAST_ANSWERS = 10  # of each of several threads
MOST_MENTIONS = 20  # in My work
OPEN = Q(comment__parent=None, comment__resolved_at=None) | Q(
    comment__parent__isnull=False, comment__parent__resolved_at=None
)


@dataclass(frozen=True, slots=True)
class ThreadCount:
    total: int
    open: int

    @property
    def resolved(self) -> int:
        return self.total - self.open


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody whom a comment mentions."""

    pk: int
    user_id: int
    person: str
    is_seen: bool


@dataclass(frozen=True, slots=True)
class Remark:
    """One comment; `acting_for` and `resolved_by` are empty where there is nobody."""

    pk: int
    parent_id: int | None
    by_id: int
    by: str
    acting_for: str
    role: str
    at: datetime
    text: str
    told: tuple[Told, ...]
    resolved_at: datetime | None
    resolved_by: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of the threads: a page of them, or (`thread`) of the answers in one.

    `at`: the comment that is to be on it.
    """

    page: int | None = None
    thread: int | None = None
    at: int | None = None


@dataclass(frozen=True, slots=True)
class RemarkPage:
    """`open`, `resolved`: how many threads there are in all; `thread`: the only one shown.

    `answers`: how many each thread on the page has. `told`: whom of those asked for it mentions.
    """

    remarks: tuple[Remark, ...]
    number: int
    pages: int
    open: int
    resolved: int
    thread: int | None
    answers: Mapping[int, int]
    told: Mapping[int, frozenset[int]]

    @property
    def query(self) -> str:
        """What its other pages' addresses have in common."""
        return "" if self.thread is None else f"thread={self.thread}"


@dataclass(frozen=True, slots=True)
class Party:
    """Who can be told: they see the plan, and find it in their work. `is_near`: takes part."""

    user_id: int
    person: str
    account: str
    role: str
    unit: str
    is_near: bool


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A comment that waits for somebody's answer; `absent`: whose deputy the person is."""

    pk: int
    comment_pk: int
    agency_code: str
    agency_name: str
    year: int
    indicator_pk: int
    title: str
    by: str
    role: str
    text: str
    at: datetime
    absent: str


def count_threads(row: models.Indicator) -> ThreadCount:
    """1 query."""
    threads = models.Comment.objects.threads().filter(indicator=row)
    found = threads.aggregate(total=Count("pk"), open=Count("pk", filter=Q(resolved_at=None)))
    return ThreadCount(found["total"], found["open"])


def remark_page(row: models.Indicator, asked: Asked, people: Collection[int]) -> RemarkPage | None:
    """Open threads in the order in which they began, then the resolved, the last first.

    Of each its first comment and its last answers. None where the thread that is asked for isn't
    the indicator's. 6 queries; up to 2 more to find a comment (`asked.at`).
    """
    threads = models.Comment.objects.threads().filter(indicator=row)
    in_order = threads.order_by(F("resolved_at").desc(nulls_first=True), "pk")
    heads = dict(in_order.values_list("pk", "resolved_at"))
    asked = _found(row, asked)
    keys, number, pages = _keys(list(heads), asked)
    if asked.thread is not None and asked.thread not in heads:
        return None
    answers, counts = _answers(keys)
    if asked.thread is not None:
        pages = max(1, -(-counts.get(asked.thread, 0) // ANSWERS))
        number = min(asked.page or pages, pages)
        answers = _answers_on(asked.thread, number)
    comments = [*threads.filter(pk__in=keys).in_order(), *answers]
    told = _told([comment.pk for comment in comments])
    open_ones = sum(resolved is None for resolved in heads.values())
    return RemarkPage(
        remarks=tuple(_remark(comment, told[comment.pk]) for comment in comments),
        number=number,
        pages=pages,
        open=open_ones,
        resolved=len(heads) - open_ones,
        thread=asked.thread,
        answers=counts,
        told=told_in(keys, people),
    )


def _found(row: models.Indicator, asked: Asked) -> Asked:
    """Where a comment is: among its thread's last answers, or on a page of that thread's own."""
    if asked.at is None or asked.thread is not None:
        return asked
    comment = models.Comment.objects.filter(indicator=row, pk=asked.at).first()
    if comment is None or comment.parent_id is None:
        return asked
    place = models.Comment.objects.filter(parent=comment.parent_id).aggregate(
        before=Count("pk", filter=Q(pk__lt=comment.pk)),
        after=Count("pk", filter=Q(pk__gt=comment.pk)),
    )
    if place["after"] < LAST_ANSWERS:
        return Asked(at=comment.parent_id)
    return Asked(page=place["before"] // ANSWERS + 1, thread=comment.parent_id)


def _keys(heads: list[int], asked: Asked) -> tuple[list[int], int, int]:
    """The threads of the page, its number, and how many there are."""
    if asked.thread is not None:
        return [asked.thread], 1, 1
    pages = max(1, -(-len(heads) // THREADS))
    number = asked.page or 1
    if asked.at in heads:
        number = heads.index(asked.at) // THREADS + 1
    number = min(number, pages)
    return heads[(number - 1) * THREADS : number * THREADS], number, pages


def _answers(threads: list[int]) -> tuple[list[models.Comment], dict[int, int]]:
    """The last of each thread, and how many each has. 2 queries."""
    rows = models.Comment.objects.filter(parent__in=threads)
    backwards = Window(RowNumber(), partition_by="parent", order_by="-pk")
    last = rows.annotate(backwards=backwards).filter(backwards__lte=LAST_ANSWERS).in_order()
    counted = rows.order_by().values_list("parent").annotate(Count("pk"))
    return list(last), dict(counted)


def _answers_on(thread: int, page: int) -> list[models.Comment]:
    rows = models.Comment.objects.filter(parent=thread).in_order()
    return list(rows[(page - 1) * ANSWERS : page * ANSWERS])


def _told(comments: list[int]) -> Mapping[int, list[Told]]:
    told: dict[int, list[Told]] = defaultdict(list)
    mentions = models.Mention.objects.filter(comment__in=comments).select_related("user")
    for mention in mentions.order_by("pk"):
        whom = Told(mention.pk, mention.user_id, str(mention.user), mention.seen_at is not None)
        told[mention.comment_id].append(whom)
    return told


def told_in(threads: Collection[int], people: Collection[int]) -> dict[int, frozenset[int]]:
    """Whom of these people each thread mentions, in its first comment or an answer. 1 query."""
    within = Q(comment__in=threads) | Q(comment__parent__in=threads)
    rows = models.Mention.objects.filter(within, user__in=people).order_by("pk")
    found: dict[int, set[int]] = defaultdict(set)
    for comment, parent, user in rows.values_list("comment", "comment__parent", "user"):
        found[parent or comment].add(user)
    return {thread: frozenset(users) for thread, users in found.items()}


def _remark(row: models.Comment, told: list[Told]) -> Remark:
    return Remark(
        pk=row.pk,
        parent_id=row.parent_id,
        by_id=row.by_id,
        by=str(row.by),
        acting_for=str(row.acting_for or ""),
        role=row.role,
        at=row.at,
        text=row.text,
        told=tuple(told),
        resolved_at=row.resolved_at,
        resolved_by=str(row.resolved_by or ""),
    )


def parties_of(row: models.Indicator) -> tuple[Party, ...]:
    """The indicator's clerks first, then its supervisors, managers, the city, others. 1 query."""
    roles = models.Role.objects.filter(
        Q(agency=row.plan.agency_id) | Q(agency=None),
        name__in=RULES["comment"].roles,
        user__is_active=True,
    )
    found = [_party(role, row) for role in roles.select_related("user", "unit").order_by("pk")]
    found.sort(key=lambda p: (not p.is_near, ORDER.index(NAMES(p.role)), not p.unit))
    first: dict[int, Party] = {}
    for party in found:
        first.setdefault(party.user_id, party)
    return tuple(first.values())


def _party(role: models.Role, row: models.Indicator) -> Party:
    is_near = role.name not in OF_UNITS or role.unit_id in (None, row.owner_id)
    return Party(
        user_id=role.user_id,
        person=str(role.user),
        account=role.user.username,
        role=role.name,
        unit=role.unit.name if role.unit else "",
        is_near=is_near,
    )


def mentions_of(actor: Actor) -> tuple[Mentioned, ...]:
    """Those of open threads that the person, or who they stand for, has not dealt with.

    Newest first, and one more than are shown at most; only of plans that the person may see.
    1 query.
    """
    whose = Q(user=actor.user)
    for agency in {post.agency_id for post in actor.posts if post.of and post.agency_id}:
        of_agency = Q(comment__indicator__plan__agency=agency)
        whose |= Q(user__in=actor.stands_for(agency)) & of_agency
    agencies = models.Agency.objects.visible_to(actor.user)
    rows = models.Mention.objects.filter(whose, OPEN, seen_at=None)
    visible = rows.filter(comment__indicator__plan__agency__in=agencies)
    joined = visible.select_related("user", "comment__by", "comment__indicator__plan__agency")
    return tuple(_mentioned(row, actor) for row in joined.order_by("-pk")[: MOST_MENTIONS + 1])


def _mentioned(row: models.Mention, actor: Actor) -> Mentioned:
    comment, plan = row.comment, row.comment.indicator.plan
    return Mentioned(
        pk=row.pk,
        comment_pk=comment.pk,
        agency_code=plan.agency.code,
        agency_name=plan.agency_name,
        year=plan.year,
        indicator_pk=comment.indicator_id,
        title=comment.indicator.title,
        by=str(comment.by),
        role=comment.role,
        text=comment.text,
        at=comment.at,
        absent="" if row.user_id == actor.user.pk else str(row.user),
    )
