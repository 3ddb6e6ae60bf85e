"""Where a Chinese line may break and be widened, by hand-worked lines."""

import pytest

from reports.chinese_lines import line_end, may_break, stretches

WIDTHS = {char: 1.0 if char > "\u2e80" else 0.5 for char in "本處，。「」()107年 Darylm+=*/%"}


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [
        ("本", "處", True),
        ("處", "，", False),
        ("「", "本", False),
        ("處", "「", True),
        ("1", "0", False),
        ("7", "年", True),
        ("本", " ", False),
        (" ", "D", True),
        ("7", "%", False),
        ("(", "本", False),
    ],
)
def test_may_break(before, after, allowed):
    assert may_break(before, after) is allowed


@pytest.mark.parametrize(
    ("text", "limit", "line"),
    [
        ("本處本處", 2, "本處"),
        ("本處，本處", 2, "本"),
        ("本處「本處", 3, "本處"),
        ("本107年", 2, "本"),
        ("本處 本處", 2, "本處 "),
        ("Daryl Daryl", 3, "Daryl "),
        ("Daryl", 1, "Da"),
        ("本1*1+1=1", 3, "本1*1+"),
        ("本", 0.1, "本"),
        ("本處", 9, "本處"),
    ],
)
def test_line_end(text, limit, line):
    assert text[: line_end(text, WIDTHS, limit)] == line


@pytest.mark.parametrize(("text", "gaps"), [("本處", 1), ("107", 0), ("本107年", 2), ("a b", 2)])
def test_stretches_counts_the_gaps_outside_words(text, gaps):
    assert stretches(text) == gaps
