"""Numbers and dates as clerks type and paste them."""

from datetime import date
from decimal import Decimal

import pytest

from indicators.entries import roc
from indicators.forms.typed import to_date, to_number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("", None),
        ("  ", None),
        ("1586", "1586"),
        ("1,586", "1586"),
        ("１，５８６", "1586"),
        (" 332,252,672 ", "332252672"),
        ("18.70", "18.70"),
        ("１８．７", "18.7"),
        ("−3.5", "-3.5"),
        ("－3", "-3"),
        ("+6", "6"),
        ("0", "0"),
        ("1 586", "1586"),
    ],
)
def test_number_is_read_as_it_is_meant(typed, number):
    found = to_number(typed)
    assert (None if found is None else format(found, "f")) == number


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("12%", "百分比"),
        ("70人", "不加單位"),
        ("1,58", "千分位"),
        ("1,5860", "千分位"),
        ("約 70", "不是數字"),
        ("1e5", "不是數字"),
        ("NaN", "不是數字"),
        ("=1+1", "不是數字"),
        ("1.2.3", "不是數字"),
        ("1" * 31, "最多 30 位"),
    ],
)
def test_what_is_no_number_is_refused_with_what_to_do(typed, hint):
    with pytest.raises(ValueError, match=hint):
        to_number(typed)


def test_thirty_digits_are_kept_exactly():
    assert to_number("1" * 29 + ".5") == Decimal("1" * 29 + ".5")


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("", None),
        ("108/1/5", date(2019, 1, 5)),
        ("108-01-05", date(2019, 1, 5)),
        ("１０８／１／５", date(2019, 1, 5)),
        ("108年1月5日", date(2019, 1, 5)),
        ("2019-01-05", date(2019, 1, 5)),
        ("107.12.31", date(2018, 12, 31)),
    ],
)
def test_date_is_read_in_roc_years(typed, day):
    assert to_date(typed) == day


@pytest.mark.parametrize("typed", ["108/2/29", "108/13/1", "0/1/1", "1月5日", "明天", "99999/1/1"])
def test_what_is_no_date_is_refused(typed):
    with pytest.raises(ValueError, match=r"民國|這一天"):
        to_date(typed)


def test_date_is_shown_as_it_is_typed():
    assert to_date(roc(date(2019, 6, 30))) == date(2019, 6, 30)
    assert roc(date(2019, 6, 30)) == "108/6/30"
