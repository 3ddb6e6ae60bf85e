"""Rounding half away from zero, exact sums, and how numbers print."""

from decimal import Decimal
from fractions import Fraction

import pytest

from indicators.scoring.rounding import exact_sum, grouped, plain, rounded, two_places

LONG = "123456789012345678901234567890"  # 30 digits, two more than Decimal's context keeps


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        ("0.5", 0, "1"),
        ("-0.5", 0, "-1"),
        ("1.5", 0, "2"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("0.49999999999999999999999999999999999999", 0, "0"),
        ("-0.4", 0, "0"),
        ("7.95", 1, "8.0"),
        ("7.9499", 1, "7.9"),
        ("9.2686", 1, "9.3"),
        ("1.005", 2, "1.01"),
        ("-1.005", 2, "-1.01"),
        ("87", 2, "87.00"),
        (LONG + ".5", 0, "123456789012345678901234567891"),
        (LONG + ".0000005", 6, LONG + ".000001"),
        ("9" * 40 + ".5", 0, "1" + "0" * 40),
        ("1E+3", 1, "1000.0"),
    ],
)
def test_rounded_goes_half_away_from_zero(value, places, expected):
    assert str(rounded(Decimal(value), places)) == expected
    assert str(rounded(Fraction(value), places)) == expected


def test_rounded_takes_fractions_without_a_decimal_form():
    assert str(rounded(Fraction(600, 59), 1)) == "10.2"
    assert str(rounded(Fraction(-2, 3), 6)) == "-0.666667"


def test_rounded_is_not_limited_in_digits():
    assert rounded(Fraction(10**6000), 0) == Decimal("1E+6000")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("87", "87"),
        ("87.00", "87"),
        ("10.20", "10.2"),
        ("1.0", "1"),
        ("100", "100"),
        ("0", "0"),
        ("-0", "0"),
        ("-0.00", "0"),
        ("0E+3", "0"),
        ("1E+3", "1000"),
        ("1E-7", "0.0000001"),
        ("-12.50", "-12.5"),
        (LONG + ".120", LONG + ".12"),
    ],
)
def test_plain_has_no_trailing_zeros_and_no_exponent(value, expected):
    assert plain(Decimal(value)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("999", "999"),
        ("1586", "1,586"),
        ("436898000", "436,898,000"),
        ("-1234.50", "-1,234.5"),
        ("-999", "-999"),
        ("1234.5678", "1,234.5678"),
        ("1E+6", "1,000,000"),
        ("-0", "0"),
        (LONG + ".5", "123,456,789,012,345,678,901,234,567,890.5"),
    ],
)
def test_grouped_separates_thousands_of_the_integer_part(value, expected):
    assert grouped(Decimal(value)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Fraction(15), "15.00"),
        (Fraction(1, 8), "0.13"),
        (Fraction(-1, 8), "-0.13"),
        (Fraction(-1, 1000), "0.00"),
        (Fraction(175, 8), "21.88"),
        (Fraction(LONG) + Fraction(1, 3), LONG + ".33"),
    ],
)
def test_two_places_prints_exactly_two_decimals(value, expected):
    assert two_places(value) == expected


def test_exact_sum_keeps_every_digit():
    assert exact_sum([Decimal(LONG), Decimal("0.000001"), Decimal(1)]) == Decimal(
        "123456789012345678901234567891.000001"
    )


def test_exact_sum_of_nothing_is_zero():
    assert exact_sum([]) == 0


def test_exact_sum_refuses_to_round():
    with pytest.raises(ArithmeticError):
        exact_sum([Decimal("1E+4000"), Decimal("1E-4000")])
