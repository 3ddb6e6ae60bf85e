"""One plan on the stage: its people do with its indicators what they could do in the portal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from indicators import actions, models
from indicators.actions.assigning import Assignment, assign
from indicators.actions.calendar import add_day
from indicators.actions.comments import resolve, say
from indicators.actions.past_interims import Followed
from indicators.entries import Entry, Rows, Stage, entry_of
from indicators.figures import FigureEdit
from indicators.interims import InterimEdit
from indicators.permissions import Actor, actor_of
from indicators.queries import find_indicator, load_indicator
from indicators.records import Review
from indicators.scoring.types import InputRow
from indicators.workdays import Workdays

Given = str | list[str | None]  # a number, or those of a list's rows in order


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days and times around the day on which the samples are loaded."""

    today: date

    def day(self, ahead: int) -> date:
        return self.today + timedelta(days=ahead)

    def at(self, workdays_ago: int, clock: str) -> datetime:
        """That time in Taipei, so many working days ago (1: the last one before today)."""
        day = Workdays().shift(self.today, -workdays_ago)
        return datetime.combine(day, time.fromisoformat(clock), timezone.get_current_timezone())


@dataclass(frozen=True, slots=True)
class Document:
    """`behind`: the inputs that it proves; none named: all of them, or the indicator itself."""

    number: str
    dated: date
    behind: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filled:
    """What somebody fills in; `stages` are the days on which the first ones were done."""

    inputs: Mapping[str, Given] = field(default_factory=dict)
    stages: tuple[date, ...] = ()
    analysis: str = ""
    review: Review | None = None
    document: Document | None = None

    def over(self, entry: Entry) -> Entry:
        """The entry with this in it; what is not named stays."""
        values = {symbol: _given(entry, symbol, new) for symbol, new in self.inputs.items()}
        done = tuple(Stage(True, day) for day in self.stages)
        return replace(
            entry,
            inputs={**entry.inputs, **values},
            stages=done + entry.stages[len(done) :],
            analysis=self.analysis or entry.analysis,
            review=self.review or entry.review,
        )


def _given(entry: Entry, symbol: str, new: Given) -> Decimal | Rows:
    """The rows of a list keep their labels."""
    if isinstance(new, str):
        return Decimal(new)
    old = entry.inputs[symbol]
    if not isinstance(old, tuple):
        raise TypeError(symbol)
    numbers = [None if number is None else Decimal(number) for number in new]
    return tuple(InputRow(row.label, number) for row, number in zip(old, numbers, strict=True))


@dataclass(frozen=True, slots=True)
class Play:
    """`people` by username; indicators are named by their lineage."""

    plan: models.Plan
    people: Mapping[str, models.User]
    calendar: Calendar

    def at(self, workdays_ago: int, clock: str) -> datetime:
        return self.calendar.at(workdays_ago, clock)

    def actor(self, who: str, now: datetime) -> Actor:
        return actor_of(self.people[who], timezone.localdate(now))

    def row(self, lineage: str) -> models.Indicator:
        return self.plan.indicators.get(lineage=lineage)

    def due(self, days_ahead: Mapping[str, int], who: str, now: datetime) -> None:
        """The last day to submit: of single indicators, or of the plan (its lineage is empty)."""
        days = {lineage: self.calendar.day(ahead) for lineage, ahead in days_ahead.items()}
        pks = dict(self.plan.indicators.values_list("lineage", "pk"))
        wanted = Assignment(
            plan={"due": days[""]},
            indicators={pks[lineage]: {"due": day} for lineage, day in days.items() if lineage},
        )
        assign(plan_id=self.plan.pk, wanted=wanted, actor=self.actor(who, now), now=now)

    def follow(self, lineage: str, given: Followed, who: str, now: datetime) -> None:
        """How an indicator is followed within its year."""
        actions.set_interim(
            indicator_id=self.row(lineage).pk,
            wanted=given.settings,
            actor=self.actor(who, now),
            now=now,
        )

    def measure(self, lineage: str, given: Followed, who: str, now: datetime) -> None:
        """Its values so far."""
        edits = [
            InterimEdit(f"{symbol}:{period}", symbol, period, "", value)
            for symbol, values in given.values.items()
            for period, value in enumerate(values, start=1)
        ]
        pk, actor = self.row(lineage).pk, self.actor(who, now)
        actions.record_interim(indicator_id=pk, edits=edits, actor=actor, now=now)

    def say(
        self,
        lineage: str,
        who: str,
        now: datetime,
        text: str,
        *,
        to: str = "",
        thread: int | None = None,
    ) -> int:
        """A comment, or an answer in a thread; its key."""
        return say(
            indicator_id=self.row(lineage).pk,
            text=text,
            told=[self.people[to].pk] if to else [],
            actor=self.actor(who, now),
            now=now,
            thread_id=thread,
        ).pk

    def settle(self, lineage: str, who: str, now: datetime, thread: int) -> None:
        pk, actor = self.row(lineage).pk, self.actor(who, now)
        resolve(indicator_id=pk, thread_id=thread, actor=actor, now=now)

    def day_off(self, day: date, note: str, who: str, now: datetime) -> None:
        actor = self.actor(who, now)
        add_day(plan_id=self.plan.pk, day=day, is_workday=False, note=note, actor=actor, now=now)

    def own_figures(self, keys: Iterable[str], unit: str, who: str, now: datetime) -> None:
        owner = self.plan.agency.units.get(name=unit).pk
        rows = self.plan.figures.filter(key__in=list(keys)).order_by("pk")
        wanted = Assignment(figures={row.pk: {"owner": owner} for row in rows})
        assign(plan_id=self.plan.pk, wanted=wanted, actor=self.actor(who, now), now=now)

    def count(self, values: Mapping[str, str], who: str, now: datetime) -> None:
        """Save work statistics, by their keys."""
        pks = dict(self.plan.figures.values_list("key", "pk"))
        edits = [FigureEdit(pks[key], "value", "", value) for key, value in values.items()]
        actor = self.actor(who, now)
        actions.record_figures(plan_id=self.plan.pk, edits=edits, actor=actor, now=now)

    def report(self, lineage: str, who: str, now: datetime, filled: Filled) -> None:
        self.fill(lineage, who, now, filled)
        self.submit(lineage, who, now + timedelta(minutes=9))

    def fill(self, lineage: str, who: str, now: datetime, filled: Filled) -> None:
        """Save an entry, then name the document behind it."""
        row = find_indicator(self.plan, self.row(lineage).pk)
        actions.record_entry(
            indicator_id=row.pk,
            entry=filled.over(entry_of(load_indicator(row))),
            revision=row.revision,
            actor=self.actor(who, now),
            now=now,
        )
        if filled.document:
            self.cite(lineage, who, now + timedelta(minutes=6), filled.document)

    def cite(self, lineage: str, who: str, now: datetime, document: Document) -> None:
        row = self.row(lineage)
        symbols = row.inputs.order_by("position").values_list("symbol", flat=True)
        for about in document.behind or list(symbols) or [""]:
            actions.cite_document(
                indicator_id=row.pk,
                about=about,
                number=document.number,
                dated=document.dated,
                actor=self.actor(who, now),
                now=now,
            )

    def attach(self, lineage: str, who: str, now: datetime, about: str, file: Path) -> None:
        """A file as evidence of an input. Not inside a transaction, as `actions.attach_file`."""
        actions.attach_file(
            indicator_id=self.row(lineage).pk,
            about=about,
            upload=SimpleUploadedFile(file.name, file.read_bytes()),
            actor=self.actor(who, now),
            now=now,
        )

    def submit(self, lineage: str, who: str, now: datetime) -> None:
        row = self.row(lineage)
        actor = self.actor(who, now)
        actions.submit(indicator_id=row.pk, revision=row.revision, actor=actor, now=now)

    def approve(self, lineages: Iterable[str], who: str, now: datetime) -> None:
        rows = self.plan.indicators.filter(lineage__in=list(lineages))
        revisions = dict(rows.values_list("pk", "revision"))
        actions.approve(revisions=revisions, actor=self.actor(who, now), now=now)

    def send_back(
        self,
        lineage: str,
        who: str,
        now: datetime,
        reason: str,
        notes: Mapping[str, str] | None = None,
    ) -> None:
        actions.return_for_correction(
            indicator_id=self.row(lineage).pk,
            reason=reason,
            notes=notes,
            actor=self.actor(who, now),
            now=now,
        )
