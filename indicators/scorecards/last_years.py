"""Where this plan and last year's differ on last year's figures, in words for below a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext

from indicators.last_year import last_year_of
from indicators.scorecards.scored import ScoredIndicator


def differing(items: Iterable[ScoredIndicator]) -> Iterator[str]:
    for item in items:
        for sentence in last_year_of(item.record).differs:
            said = gettext(sentence.template) % sentence.params
            yield gettext("「%(title)s」：%(said)s") % {"title": item.spec.title, "said": said}
