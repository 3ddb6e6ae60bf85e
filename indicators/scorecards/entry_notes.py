"""What is said of each field of an entry, and where on its page it stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from indicators.entries import Typed
from indicators.entry_checks import Finding, Level
from indicators.scoring.types import Input, Sentence, gettext_noop

WHOLE = "whole"  # names the evidence of an indicator without inputs


@dataclass(frozen=True, slots=True)
class Note:
    """What is said of a field: `error` must be mended before submitting, `warning` looked at,
    `remark` is the supervisor's."""

    level: str
    word: str
    sentence: Sentence | str


@dataclass(frozen=True, slots=True)
class Field:
    """A field by its name in the form; `id` is what a link in the summary leads to."""

    id: str
    name: str
    label: str
    value: str
    notes: tuple[Note, ...] = ()

    @property
    def is_bad(self) -> bool:
        return any(note.level == "error" for note in self.notes)


WORDS = {
    "error": gettext_noop("須修正"),
    "warning": gettext_noop("請核對"),
    "missing": gettext_noop("尚缺"),
    "remark": gettext_noop("退回意見"),
}


class Notes:
    """Findings by the id of the field that they stand beside."""

    def __init__(
        self,
        inputs: Sequence[Input],
        typed: Typed,
        findings: Iterable[Finding],
        remarks: Mapping[str, str],
    ) -> None:
        self.numbers = {given.symbol: number for number, given in enumerate(inputs)}
        self.table_of = {n: t for t, table in enumerate(typed.tables) for n in table.inputs}
        self.rows = [len(table.labels) for table in typed.tables]
        self.found: dict[str, list[Note]] = defaultdict(list)
        for field, text in remarks.items():
            self.found[self._beside(field, None)].append(_note("remark", text))
        for finding in findings:
            place = self._beside(finding.field, finding.row)
            self.found[place].append(_note(finding.level.value, finding.sentence))

    def of(self, place: str) -> tuple[Note, ...]:
        return tuple(self.found.get(place, ()))

    def field(self, name: str, label: str, value: str) -> Field:
        return Field(name, name, label, value, self.of(name))

    def errors(
        self, faults: Sequence[Finding], findings: Sequence[Finding]
    ) -> Iterable[tuple[str, Sentence]]:
        """What blocks; nothing is said to be missing of a field that just can't be read."""
        unread = {fault.field for fault in faults}
        for finding in (*faults, *findings):
            is_fault = finding in faults
            blocks = finding.level is not Level.WARNING
            if blocks and (is_fault or finding.field not in unread):
                yield self.link(finding), finding.sentence

    def link(self, finding: Finding) -> str:
        """The id of the field itself."""
        place = self._beside(finding.field, finding.row)
        kind, _colon, symbol = finding.field.partition(":")
        if kind != "input" or symbol not in self.numbers:
            return place
        number = self.numbers[symbol]
        if number not in self.table_of:
            return place
        table = self.table_of[number]
        if not self.rows[table]:
            return f"add-{table}"
        return f"c-{number}-{finding.row or 0}"

    def _beside(self, field: str, row: int | None) -> str:
        kind, _colon, rest = field.partition(":")
        if kind == "input":
            number = self.numbers.get(rest, 0)
            if number not in self.table_of:
                return f"v-{number}"
            table = self.table_of[number]
            return f"table-{table}" if row is None else f"row-{table}-{row}"
        if kind == "evidence":
            return f"e-{self.numbers.get(rest, WHOLE)}"
        if kind == "stage":
            return f"done-{int(rest) - 1}"
        if kind == "review":
            return rest
        if kind == "actual" and self.numbers:
            return "result"
        return kind


def _note(level: str, sentence: Sentence | str) -> Note:
    return Note(level, _(WORDS[level]), sentence)
