"""Asking and answering about an indicator, in any status of the plan; nothing said is changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from indicators import permissions
from indicators.actions.entries import locked, record_change
from indicators.actions.refusals import Missing, Refused
from indicators.comment_queries import Party, parties_of, told_in
from indicators.locking import retry
from indicators.models import Comment, Indicator, Mention, Plan, User
from indicators.permissions import Actor, Post, Subject

SAME_AGAIN = timedelta(minutes=10)  # a second click, or a page that was sent once more
HOUR = timedelta(hours=1)
MOST_AN_HOUR = 60


@retry
@transaction.atomic
def say(
    *,
    indicator_id: int,
    text: str,
    told: Collection[int],
    actor: Actor,
    now: datetime,
    thread_id: int | None = None,
) -> Comment:
    """A new thread, or an answer in one; an answer opens what was resolved meanwhile.

    `told` are the people whose notice it is brought to. The same again within minutes is the
    comment that is there. Raises `NotAllowed`, `Missing` and `Refused`.
    """
    row, post = _reached(indicator_id, actor, thread_id)
    thread = _thread(row, thread_id) if thread_id is not None else None
    twin = _twin(row, thread, text, actor, now)
    if twin is not None:
        return twin
    _check_pace(actor, now)
    parties = _told(row, told, actor)
    if thread is not None and thread.resolved_at is not None:
        _set_resolved(row, thread, None, actor=actor, post=post, now=now)
    made = Comment.objects.create(
        indicator=row,
        parent=thread,
        by=actor.user,
        acting_for=post.of,
        role=post.name,
        at=now,
        text=text,
    )
    Mention.objects.bulk_create(Mention(comment=made, user_id=p.user_id) for p in parties)
    if thread is not None:
        _dealt_with(thread, actor, row.plan, now)
    _record(row, made, [party.person for party in parties], actor=actor, post=post, now=now)
    return made


@retry
@transaction.atomic
def resolve(*, indicator_id: int, thread_id: int, actor: Actor, now: datetime) -> Comment | None:
    """None, or the thread as somebody else has resolved it before."""
    row, post = _reached(indicator_id, actor)
    thread = _thread(row, thread_id)
    if thread.resolved_at is not None:
        return thread
    _set_resolved(row, thread, actor.user, actor=actor, post=post, now=now)
    _dealt_with(thread, actor, row.plan, now)
    return None


@retry
@transaction.atomic
def reopen_thread(*, indicator_id: int, thread_id: int, actor: Actor, now: datetime) -> bool:
    """Whether it was resolved until now."""
    row, post = _reached(indicator_id, actor)
    thread = _thread(row, thread_id)
    if thread.resolved_at is None:
        return False
    _set_resolved(row, thread, None, actor=actor, post=post, now=now)
    return True


@transaction.atomic
def see_mention(*, pk: int, actor: Actor, now: datetime) -> Mention:
    """Off the person's list, or off that of whom they stand for. Raises `Missing`."""
    rows = Mention.objects.select_related("comment__indicator__plan__agency")
    mention = rows.filter(pk=pk).first()
    if mention is None:
        raise Missing
    if mention.user_id not in actor.stands_for(mention.comment.indicator.plan.agency_id):
        raise Missing
    Mention.objects.filter(pk=pk, seen_at=None).update(seen_at=now)
    return mention


def _reached(
    indicator_id: int, actor: Actor, answered: int | None = None
) -> tuple[Indicator, Post]:
    """The indicator, its plan locked. A correction takes the threads along: none begins behind.

    `answered` is the thread in which it is done by saying something.
    """
    row = locked(indicator_id)
    people = actor.stands_for(row.plan.agency_id)
    told = told_in([answered], people).get(answered, ()) if answered is not None else ()
    post = permissions.check_answer(actor, Subject.of(row.plan, row), told)
    if not Plan.objects.current().filter(pk=row.plan_id).exists():
        raise Refused(_("這份計畫剛另立更正版本，請從計分表打開這項指標，再送出一次。"))
    return row, post


def _thread(row: Indicator, thread_id: int) -> Comment:
    threads = Comment.objects.threads().filter(indicator=row, pk=thread_id)
    found = threads.select_related("resolved_by").first()
    if found is None:
        raise Missing
    return found


def _twin(
    row: Indicator, thread: Comment | None, text: str, actor: Actor, now: datetime
) -> Comment | None:
    mine = Comment.objects.filter(indicator=row, parent=thread, by=actor.user)
    return mine.filter(text=text, at__gt=now - SAME_AGAIN).order_by("-pk").first()


def _check_pace(actor: Actor, now: datetime) -> None:
    if Comment.objects.filter(by=actor.user, at__gt=now - HOUR).count() >= MOST_AN_HOUR:
        limit = {"limit": MOST_AN_HOUR}
        raise Refused(_("一小時內最多 %(limit)s 則意見，請稍後再送出。") % limit, "text")


def _told(row: Indicator, wanted: Iterable[int], actor: Actor) -> list[Party]:
    """Raises `Refused` for who can't see the plan, or has no work in it."""
    keys = set(wanted) - {actor.user.pk}
    found = [party for party in parties_of(row) if party.user_id in keys]
    if len(found) != len(keys):
        raise Refused(_("要通知的人裡，有人看不到這份計畫，請重新勾選。"), "told")
    return found


def _set_resolved(
    row: Indicator,
    thread: Comment,
    by: User | None,
    *,
    actor: Actor,
    post: Post,
    now: datetime,
) -> None:
    thread.resolved_at, thread.resolved_by = (now, by) if by else (None, None)
    thread.save(update_fields=["resolved_at", "resolved_by"])
    record_change(
        row,
        "resolve" if by else "reopen",
        {"resolved": by is None},
        {"resolved": by is not None, "comment": thread.pk},
        actor=actor,
        acting_for=post.of,
        now=now,
    )


def _dealt_with(thread: Comment, actor: Actor, plan: Plan, now: datetime) -> None:
    """Who answers or resolves has seen what mentioned them."""
    mentions = Mention.objects.filter(user__in=actor.stands_for(plan.agency_id), seen_at=None)
    in_thread = Comment.objects.filter(parent=thread).values("pk")
    (mentions.filter(comment=thread) | mentions.filter(comment__in=in_thread)).update(seen_at=now)


def _record(
    row: Indicator, made: Comment, told: list[str], *, actor: Actor, post: Post, now: datetime
) -> None:
    record_change(
        row,
        "comment" if made.parent_id is None else "reply",
        {},
        {"said": made.text, "told": told, "comment": made.pk},
        actor=actor,
        acting_for=post.of,
        now=now,
    )
