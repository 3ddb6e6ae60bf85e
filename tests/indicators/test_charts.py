from decimal import Decimal
from fractions import Fraction

import pytest

from indicators.charts import (
    Band,
    Bullet,
    BulletKind,
    PointsBar,
    Segment,
    Series,
    bullet,
    line_chart,
    points_bar,
    spark,
)


@pytest.mark.parametrize(
    ("actual", "target", "kind", "width"),
    [
        ("10.2", "8", BulletKind.BAR, "127.50"),
        ("87", "83", BulletKind.BAR, "104.82"),
        ("9.3", "11.5", BulletKind.BAR, "80.87"),
        ("12", "8", BulletKind.BAR, "150.00"),
        ("12.1", "8", BulletKind.OVER, "150.00"),
        ("0", "8", BulletKind.BAR, "0.00"),
        ("-5", "8", BulletKind.BAR, "0.00"),
        ("-5", "-8", BulletKind.BAR, "62.50"),
        ("5", "0", BulletKind.NONE, "0"),
        ("0", "0", BulletKind.NONE, "0"),
        (None, "8", BulletKind.MISSING, "0"),
        (None, "0", BulletKind.MISSING, "0"),
    ],
)
def test_bullet_is_the_actual_as_a_share_of_the_target(actual, target, kind, width):
    given = None if actual is None else Decimal(actual)
    assert bullet(given, Decimal(target)) == Bullet(kind, width)


@pytest.mark.parametrize(
    ("earlier", "mark"),
    [("9.3", "80.87"), ("0", "0.00"), ("17.25", "150.00"), ("17.26", ""), ("-1", ""), (None, "")],
)
def test_bullet_marks_last_year_on_the_same_axis(earlier, mark):
    given = None if earlier is None else Decimal(earlier)
    assert bullet(Decimal("10.2"), Decimal("11.5"), given).earlier == mark
    assert bullet(None, Decimal("11.5"), given) == Bullet(BulletKind.MISSING, "0", mark)


def test_bullet_of_a_huge_actual_is_cut_at_its_end():
    assert bullet(Decimal("9" * 30), Decimal("0.000001")) == Bullet(BulletKind.OVER, "150.00")


def test_points_bar_lays_earned_lost_and_winnable_end_to_end():
    assert points_bar(Fraction("57.5"), Fraction("7.5"), Fraction(35)) == PointsBar(
        "100.00",
        (
            Segment("earned", "0.00", "57.50"),
            Segment("lost", "57.50", "7.50"),
            Segment("win", "65.00", "35.00"),
        ),
    )


def test_points_bar_has_what_is_lost_and_still_open_between_lost_and_winnable():
    bar = points_bar(Fraction("57.5"), Fraction("7.5"), Fraction(35), Fraction(3))
    assert bar.segments[1:] == (
        Segment("lost", "57.50", "4.50"),
        Segment("open", "62.00", "3.00"),
        Segment("win", "65.00", "35.00"),
    )


def test_points_bar_leaves_out_what_has_no_points():
    assert points_bar(Fraction(0), Fraction(0), Fraction(100)) == PointsBar(
        "100.00", (Segment("win", "0.00", "100.00"),)
    )


def test_points_bar_of_an_empty_plan_has_no_segments():
    assert points_bar(Fraction(0), Fraction(0), Fraction(0)) == PointsBar("0.00", ())


def test_line_chart_stands_between_round_numbers_and_leaves_a_gap_where_a_value_is_missing():
    values = (Decimal("10"), Decimal("20"), None, Decimal("40"), Decimal("30"))
    chart = line_chart(["104", "105", "106", "107", "108"], [Series("實際", "actual", values)])
    assert [mark.label for mark in chart.grid] == ["10", "20", "30", "40"]
    (line,) = chart.lines
    # 520 wide: the plot from 64 to 408, so 86 a year; 16 to 196 high, so 60 for ten.
    assert line.pieces == ("64.0,196.0 150.0,136.0", "322.0,16.0 408.0,76.0")
    assert [(dot.x, dot.y) for dot in line.dots] == [
        ("64.0", "196.0"),
        ("150.0", "136.0"),
        ("322.0", "16.0"),
        ("408.0", "76.0"),
    ]


def test_line_chart_names_lines_at_their_ends_without_writing_one_on_another():
    same = (Decimal(5), Decimal(5))
    chart = line_chart(
        ["107", "108"], [Series("實際", "actual", same), Series("目標", "target", same)]
    )
    ends = [float(line.end.y) for line in chart.lines]
    assert abs(ends[0] - ends[1]) >= 20


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        (["0.1", "0.3"], ["0.1", "0.15", "0.2", "0.25", "0.3"]),
        (["83", "87"], ["83", "84", "85", "86", "87"]),
        (["3", "100"], ["0", "50", "100"]),
        (["-5", "12"], ["-5", "0", "5", "10", "15"]),
        (["7", "7"], ["6", "6.5", "7", "7.5", "8"]),
        (["1000000", "9000000"], ["0", "5,000,000", "10,000,000"]),
        ([], ["0", "1"]),
    ],
)
def test_line_chart_ticks_are_round_numbers(values, ticks):
    series = Series("實際", "actual", tuple(map(Decimal, values)))
    chart = line_chart([str(n) for n in range(len(values))], [series])
    assert [mark.label for mark in chart.grid] == ticks


def test_line_chart_draws_a_band_only_where_both_ends_are_known():
    low, high = (None, Decimal(0), Decimal(1)), (Decimal(9), Decimal(2), Decimal(2))
    chart = line_chart(["1", "2", "3"], [], band=Band(low, high))
    assert len(chart.band.split()) == 4


def test_spark_of_a_missing_last_year_marks_its_place():
    drawn = spark((Decimal(1), Decimal(2), None))
    assert (drawn.pieces, drawn.missing) == (("4.0,22.0 49.0,4.0",), "94.0")
    assert (drawn.end.x, drawn.end.y) == ("49.0", "4.0")


def test_spark_of_nothing_is_empty():
    assert spark((None,)).end is None


def test_line_chart_names_stay_above_the_labels_of_the_axis():
    low = [Series(str(n), "actual", (Decimal(9), Decimal(0))) for n in range(4)]
    chart = line_chart(["107", "108"], low)
    ends = sorted(float(line.end.y) for line in chart.lines)
    assert ends == [139.0, 160.0, 181.0, 202.0]


def test_line_chart_of_a_figure_of_30_digits_is_drawn():
    huge = (Decimal("123456789012345678901234567890"),)
    chart = line_chart(["108"], [Series("實際", "actual", huge)])
    labels = [mark.label for mark in chart.grid]
    assert labels[0] == "123,456,789,012,345,678,901,234,567,889"
    assert len(set(labels)) == len(labels)
