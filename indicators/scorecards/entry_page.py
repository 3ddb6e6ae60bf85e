"""The page where one indicator is filled in: every field, its value and what is said of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from indicators.entries import Typed, TypedTable
from indicators.entry_checks import Finding
from indicators.scorecards.entry_notes import WHOLE, Field, Note, Notes
from indicators.scorecards.entry_shares import Shares
from indicators.scorecards.scored import ScoredIndicator
from indicators.scorecards.steps import as_written, input_total
from indicators.scoring.rounding import grouped
from indicators.scoring.types import Indicator, Input, Method, Sentence


@dataclass(frozen=True, slots=True)
class Single:
    """An input that is one number."""

    field: Field
    symbol: str  # its name in the formula where that is another
    unit: str


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    label: Field
    cells: tuple[Field, ...]
    share: str
    notes: tuple[Note, ...]
    id: str
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class Table:
    """Lists side by side; `share` names the quotient of two of them, row by row."""

    number: int
    inputs: str  # their numbers, as the form carries them
    heads: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    totals: tuple[str, ...]
    share: str
    share_total: str
    notes: tuple[Note, ...]

    @property
    def id(self) -> str:
        return f"table-{self.number}"

    @property
    def add_id(self) -> str:
        return f"add-{self.number}"

    def sums(self) -> tuple[tuple[str, str], ...]:
        names = (name for name, _unit in self.heads)
        return tuple(zip(names, self.totals, strict=True))

    @property
    def width(self) -> int:
        return len(self.heads) + (2 if self.share else 1)


@dataclass(frozen=True, slots=True)
class StageField:
    number: int
    title: str
    percent: str
    is_done: bool
    done_on: str
    notes: tuple[Note, ...]

    @property
    def key(self) -> str:
        return str(self.number)


@dataclass(frozen=True, slots=True)
class Proof:
    """The evidence of one input, or of the whole: `key` names its fields."""

    key: str
    about: str
    title: str
    notes: tuple[Note, ...]
    refused: str  # why what was sent was not taken


@dataclass(frozen=True, slots=True)
class Insertion:
    """What can be put into the analysis: a reference, and what it prints as."""

    reference: str
    words: str


@dataclass(frozen=True, slots=True)
class EntryFields:
    singles: tuple[Single, ...]
    tables: tuple[Table, ...]
    stages: tuple[StageField, ...]
    none_done: bool
    actual: Field | None
    analysis: Field
    review: tuple[Field, ...]  # cause, action, responsible, due
    proofs: tuple[Proof, ...]
    result: tuple[Note, ...]
    insertions: tuple[Insertion, ...]
    errors: tuple[tuple[str, Sentence | str], ...]  # (id of the field, sentence)
    is_faulty: bool  # something can't be read: the result is for the time being

    def places(self) -> Iterable[tuple[str, tuple[Note, ...]]]:
        """Every place where something may be said, also those where nothing is."""
        yield from ((single.field.id, single.field.notes) for single in self.singles)
        for table in self.tables:
            yield table.id, table.notes
            yield from ((row.id, row.notes) for row in table.rows)
        yield from ((f"done-{stage.key}", stage.notes) for stage in self.stages)
        fields = (*((self.actual,) if self.actual else ()), self.analysis, *self.review)
        yield from ((field.id, field.notes) for field in fields)
        yield from ((f"e-{proof.key}", proof.notes) for proof in self.proofs)


def entry_fields(
    typed: Typed,
    item: ScoredIndicator,
    faults: Sequence[Finding],
    findings: Sequence[Finding],
    remarks: Mapping[str, str],
    refused: Mapping[str, str],
) -> EntryFields:
    """`faults` are what can't be read, `findings` the doubts about what can; `refused`: why what
    was sent as evidence was not taken, by the id of its field."""
    spec = item.spec
    findings = list(_where_typed(findings, typed, spec))
    notes = Notes(spec.inputs, typed, [*faults, *findings], remarks)
    shares = Shares(item)
    return EntryFields(
        singles=tuple(
            _single(number, given, typed, notes)
            for number, given in enumerate(spec.inputs)
            if given.rows is None
        )
        if spec.method is Method.FORMULA
        else (),
        tables=tuple(
            _table(number, table, spec.inputs, notes, shares)
            for number, table in enumerate(typed.tables)
        ),
        stages=tuple(
            StageField(
                n, stage.title, grouped(stage.percent), own.done, own.done_on, notes.of(f"done-{n}")
            )
            for n, (own, stage) in enumerate(zip(typed.stages, spec.milestones, strict=True))
        ),
        none_done=typed.none_done,
        actual=notes.field("actual", pgettext("heading", "達成目標值"), typed.actual)
        if spec.method is Method.DIRECT
        else None,
        analysis=notes.field("analysis", _("分析"), typed.analysis),
        review=(
            notes.field("cause", _("未達原因"), typed.cause),
            notes.field("action", _("改善措施"), typed.action),
            notes.field("responsible", _("負責人或單位"), typed.responsible),
            notes.field("due", _("完成期限"), typed.due),
        ),
        proofs=tuple(_proofs(spec.inputs, spec.method, notes, refused)),
        result=notes.of("result"),
        insertions=tuple(_insertions(item)),
        errors=tuple(notes.errors(faults, findings)),
        is_faulty=bool(faults),
    )


def _where_typed(findings: Sequence[Finding], typed: Typed, spec: Indicator) -> Iterable[Finding]:
    """A finding names a row of the entry, which has no empty rows; here as the page numbers it."""
    symbols = [given.symbol for given in spec.inputs]
    tables = {symbols[number]: table for table in typed.tables for number in table.inputs}
    for finding in findings:
        table = tables.get(finding.field.removeprefix("input:"))
        if finding.row is None or table is None:
            yield finding
        else:
            yield replace(finding, row=table.filled()[finding.row])


# Fields ------------------------------------------------------------------------------------------


def _single(number: int, given: Input, typed: Typed, notes: Notes) -> Single:
    name = given.label or given.symbol
    field = notes.field(f"v-{number}", name, typed.values.get(number, ""))
    return Single(field, "" if name == given.symbol else given.symbol, given.unit)


def _table(
    number: int, table: TypedTable, inputs: Sequence[Input], notes: Notes, shares: Shares
) -> Table:
    given = [inputs[n] for n in table.inputs]
    names = [item.label or item.symbol for item in given]
    has_share, filled = shares.fits(table), table.filled()
    rows = tuple(
        Row(
            number=place,
            label=Field(
                f"label-{number}-{place}",
                f"label-{number}",
                _("第 %(number)s 列的名稱") % {"number": place + 1},
                label,
            ),
            cells=tuple(
                Field(f"c-{n}-{place}", f"c-{n}", f"{label or place + 1} {name}", cell)
                for n, name, cell in zip(table.inputs, names, cells, strict=True)
            ),
            share=shares.row(filled.index(place)) if has_share and place in filled else "",
            notes=notes.of(f"row-{number}-{place}"),
            id=f"row-{number}-{place}",
            is_first=place == 0,
            is_last=place == len(table.labels) - 1,
        )
        for place, (label, cells) in enumerate(table.rows())
    )
    return Table(
        number=number,
        inputs=",".join(map(str, table.inputs)),
        heads=tuple((name, item.unit) for name, item in zip(names, given, strict=True)),
        rows=rows,
        totals=tuple(input_total(item) for item in given),
        share=_("占比") if has_share else "",
        share_total=shares.total() if has_share else "",
        notes=notes.of(f"table-{number}"),
    )


def _proofs(
    inputs: Sequence[Input], method: Method, notes: Notes, refused: Mapping[str, str]
) -> Iterable[Proof]:
    abouts = {WHOLE: ("", _("這項指標"))}
    if method is Method.FORMULA:
        named = ((given.symbol, given.label or given.symbol) for given in inputs)
        abouts = {str(number): pair for number, pair in enumerate(named)}
    for key, (about, title) in abouts.items():
        place = f"e-{key}"
        yield Proof(key, about, title, notes.of(place), refused.get(place, ""))


def _insertions(item: ScoredIndicator) -> Iterable[Insertion]:
    spec, result = item.spec, item.result
    for given in spec.inputs:
        name = given.label or given.symbol
        yield Insertion(f"{{{{ {given.symbol} }}}}", f"{name} {input_total(given)}")
    percent = "%" if spec.unit == "%" else ""
    words = _("實際值")
    if result.actual is not None:
        words = _("實際 %s") % f"{as_written(result.actual)}{percent}"
    yield Insertion(f"{{{{ actual }}}}{percent}", words)
    yield Insertion(f"{{{{ target }}}}{percent}", _("目標 %s") % f"{grouped(spec.target)}{percent}")
    if result.calculation:
        yield Insertion("({{ calculation }})", _("算式"))
    yield Insertion("{{ achievement }}%", _("達成度"))


def suggestion(item: ScoredIndicator, year: int) -> str:
    """A first sentence from the data, by reference; its reader sees it printed below the field."""
    spec = item.spec
    unit = "%" if spec.unit == "%" else f" {spec.unit}".rstrip()
    target = f"{'不高於 ' if spec.direction == 'lower' else ''}{{{{ target }}}}{unit}"
    worked = "({{ calculation }})" if item.result.calculation else ""
    return (
        f"{year} 年度{spec.title}實際達成 {{{{ actual }}}}{unit}{worked}，"
        f"年度目標 {target}，達成度 {{{{ achievement }}}}%。"
    )
