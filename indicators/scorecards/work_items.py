"""The items of the page "my work", each with all that its line prints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from indicators.holders import Seat
from indicators.scorecards.words import Tag
from indicators.scoring.types import Sentence
from indicators.workdays import Deadline


@dataclass(frozen=True, slots=True)
class Place:
    """The plan an item belongs to, as its addresses name it."""

    agency_code: str
    agency_name: str
    year: int


@dataclass(frozen=True, slots=True)
class Returned:
    """Why an entry came back, with remarks on single fields: (name of the field, remark)."""

    reason: str
    remarks: tuple[tuple[str, str], ...]
    by: str
    acting_for: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Task:
    """What the person fills in: an indicator, or (pk None) a plan's work statistics.

    `absent`: whose task it is, where the person is the deputy.
    """

    place: Place
    pk: int | None
    title: str
    tag: Tag
    deadline: Deadline
    notes: tuple[Sentence, ...]
    is_begun: bool
    absent: str = ""
    returned: Returned | None = None
    draft_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """Submitted by the person's unit: since when, and with whom it lies."""

    place: Place
    pk: int
    title: str
    tag: Tag
    result: Sentence | None
    by: str
    at: datetime | None
    with_whom: tuple[Seat, ...]
    absent: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """Submitted to the person, who may approve or return it."""

    place: Place
    pk: int
    title: str
    tag: Tag
    unit: str
    result: Sentence | None
    by: str
    at: datetime | None
    deadline: Deadline
    absent: str = ""


@dataclass(frozen=True, slots=True)
class LateEntry:
    """Overdue in a unit of the person's, and with whom."""

    place: Place
    pk: int
    title: str
    tag: Tag
    unit: str
    deadline: Deadline
    with_whom: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """So many indicators of a unit that are not approved yet, and with whom they lie."""

    unit: str
    tag: Tag
    count: int
    late: int
    with_whom: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class Closing:
    """What keeps a plan manager's plan from being closed."""

    place: Place
    deadline: Deadline
    obstacles: tuple[Obstacle, ...]
    is_weight_off: bool
    empty_figures: int
    is_ready: bool

    @property
    def has_list(self) -> bool:
        return bool(self.obstacles or self.is_weight_off or self.empty_figures)


@dataclass(frozen=True, slots=True)
class Progress:
    """A plan's indicators, each as a shape in the order of how far they are, and counted."""

    place: Place
    tag: Tag
    strip: tuple[Tag, ...]
    counts: tuple[tuple[Tag, int], ...]
    total: int
    due: date | None


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an agency that works on a later year left open, without a deadline."""

    tasks: tuple[Task, ...] = ()
    closings: tuple[Closing, ...] = ()
    progress: tuple[Progress, ...] = ()


@dataclass(frozen=True, slots=True)
class CityPlan:
    """A plan that waits for the city: to be reviewed, or to be published."""

    place: Place
    tag: Tag
    is_reviewed: bool
    since: datetime | None
