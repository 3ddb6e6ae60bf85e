"""Numbers to geometry, pure; page and PDF draw the same. Lengths are strings for SVG attributes."""

from indicators.charts.bars import (
    Bullet,
    BulletKind,
    PointsBar,
    Segment,
    bullet,
    points_bar,
)
from indicators.charts.lines import Band, LineChart, Series, Spark, line_chart, spark

__all__ = [
    "Band",
    "Bullet",
    "BulletKind",
    "LineChart",
    "PointsBar",
    "Segment",
    "Series",
    "Spark",
    "bullet",
    "line_chart",
    "points_bar",
    "spark",
]
