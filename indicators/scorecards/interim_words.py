"""Words of what is followed within the year: how often, by what rule, how far, on what pace."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_lazy

from indicators.scorecards.interim_progress import has_something_to_follow
from indicators.scorecards.words import Tag
from indicators.scoring.interim import ACTUAL, Gather, Interim, Path
from indicators.scoring.periods import Period
from indicators.scoring.types import Indicator, Method, Sentence, gettext_noop

RULE_WORDS = {
    Gather.CONSTANT: gettext_lazy("全年一個數值"),
    Gather.SUM: gettext_lazy("合計"),
    Gather.LAST: gettext_lazy("取最後一期"),
    Gather.AVERAGE: gettext_lazy("平均"),
    Gather.AVERAGE_GIVEN: gettext_lazy("有數值各期的平均"),
}
PATH_WORDS = {
    Path.EVEN: gettext_lazy("逐期累積，年底達到目標"),
    Path.LEVEL: gettext_lazy("每期都應達到目標"),
}
PERIOD_WORDS = {Period.MONTH: gettext_lazy("每月"), Period.QUARTER: gettext_lazy("每季")}


def pace_tag(behind: bool | None) -> Tag | None:
    """Ahead of the path, or behind it, in a word with a shape."""
    if behind is None:
        return None
    return Tag("missed", gettext("落後進度")) if behind else Tag("met", gettext("符合進度"))


def filled_line(spec: Indicator, interim: Interim | None) -> Sentence | None:
    """How far the interim values are entered; None where nothing is followed."""
    if interim is None or not has_something_to_follow(spec, interim):
        return None
    if spec.method is Method.MILESTONES:
        return Sentence(BY_STAGES)
    filled = [n for n in range(1, interim.periods + 1) if interim.has_value(n)]
    if not filled:
        return Sentence(NOT_FILLED)
    return Sentence(FILLED_TO[interim.period], {"number": filled[-1]})


BY_STAGES = gettext_noop("期中進度：依各工作項目的完成日期")
NOT_FILLED = gettext_noop("期中數值：尚未填報")
FILLED_TO = {
    Period.MONTH: gettext_noop("期中數值：已填到 %(number)s 月"),
    Period.QUARTER: gettext_noop("期中數值：已填到第 %(number)s 季"),
}


def parts_of(spec: Indicator) -> list[tuple[str, str]]:
    """What could be asked per period: (symbol, name) of inputs, or of the actual itself."""
    if spec.method is Method.DIRECT:
        return [(ACTUAL, gettext("每期數值"))]
    if spec.method is Method.MILESTONES:
        return []
    return [(i.symbol, i.label or i.symbol) for i in spec.inputs if i.rows is None]
