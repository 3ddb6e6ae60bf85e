"""Everything that the page for filling in one indicator shows, worked out from what is typed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from indicators.entries import Entry, Typed, with_entry
from indicators.entry_checks import Checked, Finding, Level, check_entry
from indicators.entry_queries import last_year
from indicators.forms.entry import read_entry
from indicators.interim_checks import doubts_of_periods
from indicators.last_year import year_before
from indicators.queries import load_indicator, load_plan, policy_of
from indicators.records import IndicatorRecord, YearBefore
from indicators.scorecards.entry_page import EntryFields, entry_fields
from indicators.scorecards.entry_plan import plan_with, plan_within
from indicators.scorecards.indicator_page import IndicatorPage, indicator_page
from indicators.scorecards.scored import ScoredIndicator, ScoredPlan
from indicators.scoring.interim import Interim
from indicators.scoring.types import Sentence, gettext_noop
from reports.annual import Paragraph
from reports.assembly import Writer
from reports.fonts import FontsUnavailable, missing_characters
from reports.narrative import REFERENCE, References

if TYPE_CHECKING:
    from indicators.models import Indicator

ANALYSIS_LEVEL = 1  # its items are numbered 一、 as in the report's tables


@dataclass(frozen=True, slots=True)
class Sheet:
    """`faults` are what can't be read, `findings` the doubts; `texts` as the report prints them."""

    entry: Entry
    item: ScoredIndicator
    page: IndicatorPage
    fields: EntryFields
    texts: Mapping[str, tuple[Paragraph, ...]]
    faults: tuple[Finding, ...]
    findings: tuple[Finding, ...]
    interim: Interim | None


@dataclass(frozen=True, slots=True)
class LastEntry:
    """The same indicator in the plan of the year before."""

    row: Indicator
    record: IndicatorRecord

    def figures(self) -> YearBefore:
        return year_before(self.record, policy_of(self.row.plan))

    def analysis(self) -> tuple[Paragraph, ...]:
        """As its report prints it. No queries, unless it names other figures."""
        plan = _plan(self.row, self.record)
        item = next(item for item in plan.indicators() if item.record.pk == self.row.pk)
        return _texts(Writer(References(plan)), item)["analysis"]


def work_out(
    row: Indicator,
    stored: IndicatorRecord,
    typed: Typed,
    *,
    proven: Collection[str],
    remarks: Mapping[str, str],
    refused: Mapping[str, str],
    interim: Interim | None = None,
    last: LastEntry | None = None,
) -> Sheet:
    """No queries, unless a text refers to what is outside of its indicator.

    `last` is needed by what is shown, not by what is saved.
    """
    entry, faults = read_entry(typed, stored)
    record = replace(with_entry(stored, entry), before=last.figures() if last else None)
    plan = _plan(row, record)
    item = next(item for item in plan.indicators() if item.record.pk == row.pk)
    checked = Checked(record, item.result, proven, interim)
    findings = [
        *check_entry(checked),
        *doubts_of_periods(record, interim, policy_of(row.plan)),
        *_characters(record),
    ]
    writer = Writer(References(plan))
    texts = _texts(writer, item)
    findings.extend(_references(writer))
    return Sheet(
        entry=entry,
        item=item,
        page=indicator_page(plan, item),
        fields=entry_fields(typed, item, faults, findings, remarks, refused),
        texts=texts,
        faults=tuple(faults),
        findings=tuple(findings),
        interim=interim,
    )


def last_entry(row: Indicator) -> LastEntry | None:
    """4 queries, or 1 where last year has no plan with this indicator."""
    before = last_year(row)
    return LastEntry(before, load_indicator(before)) if before else None


def _plan(row: Indicator, record: IndicatorRecord) -> ScoredPlan:
    """The indicator alone, unless one of its texts names something else: then the whole plan."""
    if refers_outside(record):
        return plan_within(load_plan(row.plan), record)
    return plan_with(row, record)


def refers_outside(record: IndicatorRecord) -> bool:
    """Whether one of its texts names anything but its own inputs and results."""
    own = {given.symbol for given in record.spec.inputs} | OWN_RESULTS
    texts = " ".join(_own_texts(record).values())
    names = {match[1].strip() for match in REFERENCE.finditer(texts)}
    return not all(name.split("[")[0] in own or name.startswith("=") for name in names)


OWN_RESULTS = {"target", "weight", "actual", "achievement", "score", "calculation"}


def _own_texts(record: IndicatorRecord) -> dict[str, str]:
    texts = {"analysis": record.analysis}
    if record.review is not None:
        texts |= {"cause": record.review.cause, "action": record.review.action}
    return texts


def _texts(writer: Writer, item: ScoredIndicator) -> dict[str, tuple[Paragraph, ...]]:
    return {
        name: writer.paragraphs(text, ANALYSIS_LEVEL, name, item)
        for name, text in _own_texts(item.record).items()
    }


FIELD_OF = {"analysis": "analysis", "cause": "review:cause", "action": "review:action"}


def _references(writer: Writer) -> Iterator[Finding]:
    """A reference to nothing would be printed as it is typed."""
    for found in writer.problems:
        if not found.problem.is_empty:
            params = {"reference": found.problem.reference}
            sentence = Sentence(UNKNOWN_REFERENCE, params)
            yield Finding(Level.WARNING, FIELD_OF[found.place], sentence)


UNKNOWN_REFERENCE = gettext_noop(
    "「{{ %(reference)s }}」沒有對應的資料，報告會原樣印出；請用下方的「插入」挑選。"
)


def _characters(record: IndicatorRecord) -> Iterator[Finding]:
    """What the report's fonts lack would keep the PDF from being made."""
    for name, text in _own_texts(record).items():
        try:
            lacking = missing_characters(text)
        except FontsUnavailable:
            return
        if lacking:
            params = {"characters": "、".join(lacking)}
            yield Finding(Level.WARNING, FIELD_OF[name], Sentence(LACKING, params))


LACKING = gettext_noop("報告的字型沒有「%(characters)s」，請改用其他字。")
