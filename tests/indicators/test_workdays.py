"""Working days against Taiwan's calendars as they were announced; no database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from indicators.templatetags.kpi_format import days_left
from indicators.workdays import Deadline, OfficialDay, Workdays, official_days

OFFICIAL = Workdays()
# Announced by the central personnel office: bridge day off, and the Saturday worked for it.
BRIDGES = {
    107: [("2018-04-06", "2018-03-31"), ("2018-12-31", "2018-12-22")],
    108: [("2019-02-08", "2019-01-19"), ("2019-03-01", "2019-02-23"), ("2019-10-11", "2019-10-05")],
    109: [("2020-01-23", "2020-02-15"), ("2020-06-26", "2020-06-20"), ("2020-10-02", "2020-09-26")],
    110: [("2021-02-10", "2021-02-20"), ("2021-09-20", "2021-09-11")],
    111: [("2022-02-04", "2022-01-22")],
    112: [
        ("2023-01-20", "2023-01-07"),
        ("2023-01-27", "2023-02-04"),
        ("2023-02-27", "2023-02-18"),
        ("2023-04-03", "2023-03-25"),
        ("2023-06-23", "2023-06-17"),
        ("2023-10-09", "2023-09-23"),
    ],
    113: [("2024-02-09", None), ("2024-02-08", "2024-02-17")],
    114: [("2025-01-27", "2025-02-08")],
    115: [],
    116: [],
}


def day(text: str) -> date:
    return date.fromisoformat(text)


def days_of(roc_year: int) -> list[date]:
    first = date(roc_year + 1911, 1, 1)
    return [first + timedelta(n) for n in range((date(roc_year + 1912, 1, 1) - first).days)]


@pytest.mark.parametrize("roc_year", BRIDGES)
def test_bridge_days_are_off_and_their_saturdays_are_worked(roc_year):
    off = [day(one) for one, _saturday in BRIDGES[roc_year]]
    worked = [day(saturday) for _one, saturday in BRIDGES[roc_year] if saturday]
    assert [OFFICIAL.is_workday(one) for one in off] == [False] * len(off)
    weekends = [one for one in days_of(roc_year) if one.weekday() >= 5]
    assert [one for one in weekends if OFFICIAL.is_workday(one)] == sorted(worked)


# The numbers of days off in a year that were announced with each calendar.
@pytest.mark.parametrize(
    ("roc_year", "off"),
    [(107, 115), (108, 115), (109, 115), (110, 116), (111, 115), (112, 116), (113, 115)],
)
def test_a_year_has_the_days_off_that_were_announced(roc_year, off):
    assert sum(not OFFICIAL.is_workday(one) for one in days_of(roc_year)) == off


# 109: New Year from Thursday 23 January (made up on 15 February) to Wednesday 29 January.
@pytest.mark.parametrize(
    ("today", "due", "left"),
    [
        ("2020-01-22", "2020-01-22", 0),  # today
        ("2020-01-22", "2020-01-29", 0),  # nothing but holidays until then
        ("2020-01-22", "2020-01-30", 1),
        ("2020-01-20", "2020-01-31", 4),  # 21, 22, 30, 31
        ("2020-01-24", "2020-01-31", 2),  # asked on a holiday
        ("2020-01-31", "2020-01-22", -2),  # 30, 31
        ("2020-01-28", "2020-01-22", 0),  # over, and no working day since
        ("2020-02-14", "2020-02-17", 2),  # Saturday 15 is worked, and Monday
        ("2020-02-17", "2020-02-14", -2),
        ("2019-10-04", "2019-10-14", 5),  # 5 (worked), 7, 8, 9, 14
        ("2018-12-28", "2019-01-02", 1),  # 31 is off for 22 December; 1 January is a holiday
    ],
)
def test_working_days_left_until_a_deadline(today, due, left):
    assert OFFICIAL.left(day(today), day(due)) == left


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("2020-01-22", 1, "2020-01-30"),
        ("2020-01-30", -1, "2020-01-22"),
        ("2020-02-14", 1, "2020-02-15"),
        ("2020-02-16", -2, "2020-02-14"),
        ("2020-01-25", 0, "2020-01-25"),  # itself, also where nobody works
        ("2018-12-28", 3, "2019-01-04"),
    ],
)
def test_a_day_is_shifted_by_working_days(start, n, end):
    assert OFFICIAL.shift(day(start), n) == day(end)


# Friday 18 January 108 is followed by a Saturday that is worked.
@pytest.mark.parametrize(
    ("today", "found", "words"),
    [
        ("2019-01-15", Deadline(day("2019-01-18"), 3), "剩 3 個工作天"),
        ("2019-01-18", Deadline(day("2019-01-18"), 0, is_today=True), "今天到期"),
        ("2019-01-19", Deadline(day("2019-01-18"), -1, is_late=True), "逾期 1 個工作天"),
        ("2019-01-22", Deadline(day("2019-01-18"), -3, is_late=True), "逾期 3 個工作天"),
    ],
)
def test_a_deadline_is_late_from_the_day_after(today, found, words):
    assert OFFICIAL.deadline(day("2019-01-18"), day(today)) == found
    assert days_left(found) == words


def test_a_deadline_before_a_weekend_is_late_on_it_without_a_working_day():
    found = OFFICIAL.deadline(day("2019-01-11"), day("2019-01-13"))
    assert found == Deadline(day("2019-01-11"), 0, is_late=True)
    assert days_left(found) == "逾期，其後尚無工作天"


def test_without_a_deadline_nothing_is_left_and_nothing_is_late():
    assert OFFICIAL.deadline(None, day("2019-01-11")) == Deadline()
    assert days_left(Deadline()) == ""


def test_an_agency_says_otherwise_of_single_days():
    typhoon, extra = day("2019-08-09"), day("2019-08-17")  # a Friday off, a Saturday worked
    own = Workdays({typhoon: False, extra: True})
    assert [own.is_workday(typhoon), own.is_workday(extra)] == [False, True]
    assert OFFICIAL.left(day("2019-08-07"), day("2019-08-12")) == 3  # 8, 9, 12
    assert own.left(day("2019-08-07"), day("2019-08-12")) == 2
    assert own.shift(day("2019-08-08"), 1) == day("2019-08-12")
    assert own.shift(day("2019-08-16"), 1) == extra


def test_a_make_up_saturday_called_off_is_off():
    saturday = day("2019-10-05")
    assert OFFICIAL.is_workday(saturday)
    assert not Workdays({saturday: False}).is_workday(saturday)


def test_official_days_are_named_in_order():
    assert list(official_days(day("2019-10-01"), day("2019-10-31"))) == [
        OfficialDay(day("2019-10-05"), True, "補行上班日"),
        OfficialDay(day("2019-10-10"), False, "國慶日"),
        OfficialDay(day("2019-10-11"), False, "放假日（2019-10-05 補班）"),
    ]


def test_a_calendar_without_working_days_does_not_search_for_ever():
    never = Workdays({day("2019-01-01") + timedelta(n): False for n in range(5000)})
    with pytest.raises(ValueError, match="No working days"):
        never.shift(day("2019-01-01"), 1)
