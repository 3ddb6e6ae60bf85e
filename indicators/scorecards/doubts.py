"""What the checks of an entry found, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from indicators.entry_checks import Checked, Level, check_entry
from indicators.interim_checks import doubts_of_periods
from indicators.scorecards.field_words import place_words
from indicators.scorecards.scored import ScoredIndicator
from indicators.scoring.interim import Interim
from indicators.scoring.types import LowerPolicy, Sentence


@dataclass(frozen=True, slots=True)
class Doubt:
    """`level`: error, missing or warning; `place`: the field in words."""

    level: Level
    place: str
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class DoubtCounts:
    errors: int
    missing: int
    warnings: int


def doubts_of(
    item: ScoredIndicator, proven: Collection[str], interim: Interim | None, policy: LowerPolicy
) -> tuple[Doubt, ...]:
    """Of the year's entry and, where it is followed within the year, of its periods."""
    found = check_entry(Checked(item.record, item.result, proven, interim))
    found += doubts_of_periods(item.record, interim, policy)
    return tuple(Doubt(f.level, place_words(item.record, f.field), f.sentence) for f in found)


def count_doubts(doubts: Iterable[Doubt]) -> DoubtCounts:
    levels = [doubt.level for doubt in doubts]
    return DoubtCounts(*(levels.count(level) for level in Level))
