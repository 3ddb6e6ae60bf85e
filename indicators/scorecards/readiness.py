"""How far an entry is: its result, and what it lacks before it can be submitted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from indicators.entry_checks import Checked, blocking, check_entry
from indicators.scorecards.steps import actual_text
from indicators.scoring.aggregation import score_indicator
from indicators.scoring.periods import Period, elapsed_periods
from indicators.scoring.rounding import two_places
from indicators.scoring.types import IndicatorResult, Sentence, gettext_noop
from indicators.work_queries import Desk, IndicatorState, Status

UNPROVEN = gettext_noop("數值已填妥，尚缺 %(count)s 項佐證資料。")
NO_ANALYSIS = gettext_noop("達成情形分析還沒有寫。")
NO_REVIEW = gettext_noop("未達目標，檢討還沒有寫完。")
READY = gettext_noop("數值、佐證資料與分析都已填妥，核對後即可送出。")
RETURNED = gettext_noop("請依退回原因更正，核對後再送出。")
RESULT = gettext_noop("實際 %(actual)s，得 %(score)s 分。")

OPEN_PERIOD = {
    Period.MONTH: gettext_noop("%(number)s 月的期中數值尚未填報。"),
    Period.QUARTER: gettext_noop("第 %(number)s 季的期中數值尚未填報。"),
}
OPEN_PERIODS = {
    Period.MONTH: gettext_noop("%(number)s 月等 %(count)s 個月的期中數值尚未填報。"),
    Period.QUARTER: gettext_noop("第 %(number)s 季等 %(count)s 季的期中數值尚未填報。"),
}


def result_of(desk: Desk, item: IndicatorState) -> Sentence | None:
    """What was reported with its points; None where nothing is."""
    spec = desk.records[item.pk].spec
    result = score_indicator(spec, item.plan.lower_policy)
    if result.actual is None:
        return result.reason
    actual, score = actual_text(spec, result), two_places(result.score)
    return Sentence(RESULT, {"actual": actual, "score": score})


def lacking(desk: Desk, item: IndicatorState) -> tuple[Sentence, ...]:
    """In sentences; that nothing lacks is one, too."""
    record = desk.records[item.pk]
    result = score_indicator(record.spec, item.plan.lower_policy)
    entry = Checked(record, result, desk.proven.get(item.pk, frozenset()))
    fields = [finding.field for finding in blocking(check_entry(entry))]
    done = RETURNED if item.status == Status.RETURNED else READY
    return tuple(_sentences(result, fields)) or (Sentence(done),)


def open_periods(desk: Desk, item: IndicatorState, today: date) -> tuple[Sentence, ...]:
    """The months or quarters that are over and not entered, as one sentence; else nothing."""
    interim = desk.interims.get(item.pk)
    if interim is None:
        return ()
    lacking = interim.open_periods(elapsed_periods(interim.year, interim.period, today))
    if not lacking:
        return ()
    templates = OPEN_PERIODS if len(lacking) > 1 else OPEN_PERIOD
    params = {"number": lacking[0], "count": len(lacking)}
    return (Sentence(templates[interim.period], params),)


def _sentences(result: IndicatorResult, fields: list[str]) -> Iterator[Sentence]:
    """Evidence, analysis and review count once the numbers are there."""
    if result.reason is not None:
        yield result.reason
        return
    if unproven := sum(field.startswith("evidence:") for field in fields):
        yield Sentence(UNPROVEN, {"count": unproven})
    if "analysis" in fields:
        yield Sentence(NO_ANALYSIS)
    if any(field.startswith("review:") for field in fields):
        yield Sentence(NO_REVIEW)
