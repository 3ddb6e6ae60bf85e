"""Working days: Taiwan's calendar of offices, and what an agency says of single days. Pure.

The official days are those of the package `holidays`: weekends, holidays with the days off in
their stead (補假), bridge days off (放假日) and the Saturdays worked for them (補行上班日). From
115 on there are no Saturdays to make up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from holidays import Taiwan

FIRST_YEAR = 1911  # before ROC year 1
SATURDAY = 5  # as `date.weekday` counts
MAKE_UP = "補行上班日"
LONGEST_SEARCH = 3660  # days; only a calendar without working days needs more
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OfficialDay:
    """A day that is not what its weekday says, by its official name."""

    day: date
    is_workday: bool
    name: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """`left`: working days until then, negative once it is over; both None where none is set.

    One that is over can have 0 left: nobody has worked since.
    """

    day: date | None = None
    left: int | None = None
    is_late: bool = False
    is_today: bool = False


@dataclass(frozen=True, slots=True)
class Workdays:
    """`overrides`: days on which the agency differs; True is worked, False is off (颱風停班)."""

    overrides: Mapping[date, bool] = field(default_factory=dict)

    def is_workday(self, day: date) -> bool:
        return self.overrides.get(day, is_official_workday(day))

    def left(self, today: date, due: date) -> int:
        """Working days after today up to and including `due`; those overdue are negative.

        0 can be today, tomorrow's Saturday or yesterday's Sunday: whether `due` is over is
        `due < today`, never this number.
        """
        first, last = sorted((today, due))
        count = sum(map(self.is_workday, _days(first + DAY, last)))
        return count if due >= today else -count

    def deadline(self, due: date | None, today: date) -> Deadline:
        if due is None:
            return Deadline()
        return Deadline(due, self.left(today, due), due < today, due == today)

    def shift(self, day: date, n: int) -> date:
        """The n-th working day after `day`, before it where n is negative; `day` itself for 0."""
        step = DAY if n > 0 else -DAY
        missing, tries = abs(n), 0
        while missing:
            day, tries = day + step, tries + 1
            missing -= self.is_workday(day)
            if tries > LONGEST_SEARCH + abs(n) * 7:
                raise ValueError("No working days.")
        return day


def official_days(first: date, last: date) -> Iterator[OfficialDay]:
    """The holidays on weekdays and the Saturdays worked, in their order."""
    for day in _days(first, last):
        official = _official(day.year)
        if _is_weekend(day) and day in official.worked:
            yield OfficialDay(day, True, MAKE_UP)
        elif not _is_weekend(day) and day in official.off:
            yield OfficialDay(day, False, official.off[day])


def is_official_workday(day: date) -> bool:
    official = _official(day.year)
    return day in official.worked if _is_weekend(day) else day not in official.off


@dataclass(frozen=True, slots=True)
class _Official:
    off: Mapping[date, str]
    worked: frozenset[date]


@lru_cache(maxsize=32)
def _official(year: int) -> _Official:
    """What is known of a year; a Saturday may be worked for a day off of the next."""
    known = Taiwan(years=(year, year + 1), language="zh_TW")
    off = {day: name for day, name in known.items() if day.year == year}
    return _Official(off, frozenset(day for day in known.weekend_workdays if day.year == year))


def _is_weekend(day: date) -> bool:
    return day.weekday() >= SATURDAY


def _days(first: date, last: date) -> Iterator[date]:
    return (first + n * DAY for n in range((last - first).days + 1))


def calendar_span(roc_year: int, today: date) -> tuple[date, date]:
    """A plan's year and the January after it, in which it is reported: first and last day.

    Today's year instead where that is over and the plan still open.
    """
    year = roc_year + FIRST_YEAR
    if today > date(year + 1, 1, 31):
        year = today.year
    return date(year, 1, 1), date(year + 1, 1, 31)
