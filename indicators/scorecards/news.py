"""What others changed lately of somebody's work: who fills it in, until when, who acts for whom.

Of several changes of the same the newest counts; those made at once stand in one line. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from indicators.holders import Seat, holders
from indicators.news_queries import Happened, Lent
from indicators.scorecards.plan_progress import place
from indicators.scorecards.work_items import Place
from indicators.scoring.types import Sentence, gettext_noop
from indicators.templatetags.kpi_format import roc_date
from indicators.work_queries import CLERK, Desk, IndicatorState, PlanState, Status

MINE = gettext_noop("改由您填報。")
MINE_FROM = gettext_noop("改由您填報，原由%(unit)s負責。")
THEIRS = gettext_noop("改由%(unit)s填報。")
NOBODYS = gettext_noop("不再由您的科室填報。")
DUE = gettext_noop("期限改為 %(day)s。")
DUE_OF_PLAN = gettext_noop("不再另訂期限，依整份計畫的期限。")
PLAN_DUE = gettext_noop("整份計畫的期限改為 %(day)s。")
NO_PLAN_DUE = gettext_noop("整份計畫不再訂期限。")
YOU_ACT = gettext_noop("您代理%(name)s，自 %(first)s 至 %(last)s。")
ACTS_FOR_YOU = gettext_noop("%(name)s代理您，自 %(first)s 至 %(last)s。")
YOU_ACTED = gettext_noop("您代理%(name)s，到 %(last)s 為止。")
ACTED_FOR_YOU = gettext_noop("%(name)s代理您，到 %(last)s 為止。")
MOST_NAMED = 5  # indicators in a line


@dataclass(frozen=True, slots=True)
class News:
    """`items`: (key, title) of the indicators it is about; `absent`: whose they are."""

    what: Sentence
    place: Place | None
    items: tuple[tuple[int, str], ...]
    absent: str
    by: str
    acting_for: str
    at: datetime
    reason: str

    @property
    def named(self) -> tuple[tuple[int, str], ...]:
        return self.items[:MOST_NAMED]

    @property
    def more(self) -> int:
        """How many are not named."""
        return len(self.items) - len(self.named)


def news(desk: Desk) -> tuple[News, ...]:
    """The newest first."""
    together: dict[tuple[object, ...], News] = {}
    for one in _each(desk):
        said = (one.what.template, *one.what.params.values())
        key = (*said, one.place, one.absent, one.by, one.at, one.reason)
        before = together.get(key)
        together[key] = replace(one, items=(*before.items, *one.items)) if before else one
    return tuple(sorted(together.values(), key=lambda one: one.at, reverse=True))


def _each(desk: Desk) -> Iterator[News]:
    items = {item.pk: item for item in desk.indicators}
    plans = {plan.pk: plan for plan in desk.plans}
    for field, event in _newest(desk.happened):
        if event.by_id == desk.actor.user.pk:
            continue
        if event.lent is not None:
            yield _news(event, _of_deputy(event, event.lent))
        elif event.kind == "indicator" and event.key in items:
            yield from _of_indicator(desk, items[event.key], field, event)
        elif event.kind == "plan" and event.key in plans:
            yield from _of_plan(desk, plans[event.key], event)


def _newest(events: Iterable[Happened]) -> list[tuple[str, Happened]]:
    """Of each field of each object; a deputyship is one field."""
    found: dict[tuple[str, int, str], Happened] = {}
    for event in events:
        for field in [""] if event.lent else event.after:
            found[event.kind, event.key, field] = event
    return [(field, event) for (_kind, _key, field), event in found.items()]


def _of_indicator(desk: Desk, item: IndicatorState, field: str, event: Happened) -> Iterator[News]:
    if not item.plan.is_open or item.status == Status.APPROVED:
        return
    seat = _seat(desk, item)
    if field == "due" and seat and item.status != Status.SUBMITTED:
        what = _due(event.after["due"], DUE, DUE_OF_PLAN)
    elif field == "owner" and (seat or _was_theirs(desk, item, event)):
        what = _owner(event, is_mine=seat is not None)
    else:
        return
    absent = seat.absent if seat and seat.user_id == desk.actor.user.pk else ""
    about = ((item.pk, item.title),)
    yield replace(_news(event, what), place=place(item.plan), items=about, absent=absent)


def _was_theirs(desk: Desk, item: IndicatorState, event: Happened) -> bool:
    return (item.plan.agency_id, event.before.get("owner")) in desk.units


def _seat(desk: Desk, item: IndicatorState) -> Seat | None:
    """Where the person fills it in; who is away still has it."""
    seats = holders(desk.held[item.plan.agency_id], CLERK, item.unit_id)
    mine = desk.actor.user.pk
    return next((seat for seat in seats if mine in (seat.user_id, seat.holder_id)), None)


def _owner(event: Happened, *, is_mine: bool) -> Sentence:
    before, after = event.before.get("owner"), event.after["owner"]
    if is_mine:
        return Sentence(MINE_FROM, {"unit": before}) if before else Sentence(MINE)
    return Sentence(THEIRS, {"unit": after}) if after else Sentence(NOBODYS)


def _of_plan(desk: Desk, plan: PlanState, event: Happened) -> Iterator[News]:
    fills_in = any(
        post.name == CLERK and post.agency_id == plan.agency_id for post in desk.actor.posts
    )
    if plan.is_open and fills_in:
        what = _due(event.after.get("due"), PLAN_DUE, NO_PLAN_DUE)
        yield replace(_news(event, what), place=place(plan))


def _due(day: str | None, changed: str, removed: str) -> Sentence:
    if day is None:
        return Sentence(removed)
    return Sentence(changed, {"day": roc_date(date.fromisoformat(day))})


def _of_deputy(event: Happened, lent: Lent) -> Sentence:
    days = {"first": roc_date(lent.first_day), "last": roc_date(lent.last_day)}
    if event.action == "end":
        template = ACTED_FOR_YOU if lent.is_mine else YOU_ACTED
        return Sentence(template, {"name": lent.person, "last": days["last"]})
    template = ACTS_FOR_YOU if lent.is_mine else YOU_ACT
    return Sentence(template, {"name": lent.person, **days})


def _news(event: Happened, what: Sentence) -> News:
    return News(
        what=what,
        place=None,
        items=(),
        absent="",
        by=event.by,
        acting_for=event.acting_for,
        at=event.at,
        reason=event.reason,
    )
