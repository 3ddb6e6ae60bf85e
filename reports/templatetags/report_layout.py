"""Geometry of the report: how far a numbered paragraph hangs, where a bar's parts begin."""

from django import template

from reports.annual import ScoreBar

register = template.Library()

HALF_WIDTH = 50  # hundredths of an em: digits, Latin letters
PARENTHESIS = 28.5
FULL_WIDTH = 100


@register.filter
def hang(marker: str) -> str:
    """The class that indents what follows `marker`: `一、` is rp-hang-200, `(1)` rp-hang-107."""
    if not marker:
        return ""
    return f"rp-hang-{sum(map(_width, marker)):.0f}"


def _width(char: str) -> float:
    if char in "()":
        return PARENTHESIS
    return HALF_WIDTH if char.isascii() else FULL_WIDTH


@register.filter
def winnable_start(bar: ScoreBar) -> str:
    """Where the points still winnable begin on the bar, in percent."""
    return f"{bar.earned_width + bar.lost_width:.2f}"


@register.filter
def bar_end(bar: ScoreBar) -> str:
    """The length of the whole bar, its weight, in percent of the longest."""
    return f"{bar.earned_width + bar.lost_width + bar.winnable_width:.2f}"
