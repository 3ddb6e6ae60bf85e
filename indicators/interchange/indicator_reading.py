"""One indicator of a plan document: its method, inputs, formula, milestones and words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from indicators.interchange.interim_reading import Known, read_interim
from indicators.interchange.json_tree import shown
from indicators.interchange.methods import without_others
from indicators.interchange.nodes import Node
from indicators.records import IndicatorRecord, Review
from indicators.scoring import formula
from indicators.scoring.tree import ARITY
from indicators.scoring.types import (
    Direction,
    Indicator,
    Input,
    InputRow,
    Method,
    Milestone,
    gettext_noop,
)

KEY = r"[a-z0-9_-]{2,40}"
REQUIRED = ("title", "weight", "unit", "decimals", "direction", "target", "method")
OPTIONAL = ("id", "owner", "previous", "review", "measure", "evaluation", "analysis", "interim")
KEYS_OF_METHOD = {
    Method.FORMULA: ("inputs", "formula"),
    Method.MILESTONES: ("milestones",),
    Method.DIRECT: ("actual",),
}
NEEDED = {Method.FORMULA: "formula", Method.MILESTONES: "milestones"}


def read_indicator(node: Node) -> IndicatorRecord:
    """Stands for a faulty part by something harmless: a weight of 0, an empty text."""
    found = node.fields(REQUIRED, (*OPTIONAL, "inputs", "formula", "milestones", "actual"))
    lineage = found["id"].matching(
        KEY, gettext_noop("id 應為 2 至 40 個小寫字母、數字、連字號或底線。")
    )
    found["id"].claim("indicators", lineage, gettext_noop("兩項指標同用「%(name)s」。"))
    previous = found["previous"].fields((), ("target", "actual"))
    spec = _spec(node, found)
    return IndicatorRecord(
        spec=spec,
        lineage=lineage,
        owner=found["owner"].name(may_be_empty=True),
        previous_target=previous["target"].number(),
        previous_actual=previous["actual"].unless_null().number(),
        review=_review(found["review"]),
        measure=found["measure"].text(),
        evaluation=found["evaluation"].text(),
        analysis=found["analysis"].text(),
        interim=read_interim(found["interim"], _known(found, spec)),
    )


def _known(found: dict[str, Node], spec: Indicator) -> Known:
    is_method = found["method"].value in [*Method]
    lists = {item.symbol for item in spec.inputs if item.rows is not None}
    return Known(
        method=spec.method if is_method else None,
        symbols=_symbols(found["inputs"], spec.inputs) if is_method else None,
        lists=lists,
    )


def positive_weight(node: Node) -> Decimal:
    """A weight above 0; 0 stands for one that is missing or faulty."""
    value = node.number()
    if value is None:
        return Decimal(0)
    if value <= 0:
        node.fault(gettext_noop("權重應大於 0。"))
        return Decimal(0)
    return value


def _spec(node: Node, found: dict[str, Node]) -> Indicator:
    direction, method = found["direction"].choice([*Direction]), found["method"].choice([*Method])
    if method:
        found = _of_method(node, found, Method(method))
    inputs = found["inputs"].each(_input)
    return Indicator(
        title=found["title"].name(),
        weight=positive_weight(found["weight"]),
        unit=found["unit"].title(),
        decimals=found["decimals"].integer(0, 6),
        direction=Direction(direction or Direction.EQUAL),
        target=_target(found["target"], direction),
        method=Method(method or Method.DIRECT),
        inputs=inputs,
        formula=_formula(found["formula"], _symbols(found["inputs"], inputs)),
        milestones=_milestones(found["milestones"]),
        actual=found["actual"].unless_null().number(),
    )


def _of_method(node: Node, found: dict[str, Node], method: Method) -> dict[str, Node]:
    needed = NEEDED.get(method)
    if needed and found[needed].is_absent:
        node.fault(
            gettext_noop("計算方式 %(method)s 缺少「%(key)s」。"), method=method.value, key=needed
        )
    return without_others(found, method, KEYS_OF_METHOD)


def _target(node: Node, direction: str) -> Decimal:
    value = node.number()
    if value is None:
        return Decimal(0)
    if value < 0 and direction in {Direction.HIGHER, Direction.LOWER}:
        node.fault(gettext_noop("愈高愈好或愈低愈好的指標，目標值不可小於 0。"))
    return value


def _review(node: Node) -> Review | None:
    found = node.fields(("cause", "action", "responsible", "due"))
    if node.is_absent:
        return None
    return Review(
        cause=found["cause"].text(),
        action=found["action"].text(),
        responsible=found["responsible"].title(),
        due=found["due"].day(),
    )


# Formula -------------------------------------------------------------------------------------


def _input(node: Node) -> Input:
    found = node.fields(("symbol",), ("label", "unit", "value", "rows"))
    if not found["value"].is_absent and not found["rows"].is_absent:
        node.fault(gettext_noop("基礎資料只能有 value 或 rows 其中之一。"))
    symbol = _symbol(found["symbol"])
    found["symbol"].claim(
        node.place.rpartition("[")[0], symbol, gettext_noop("兩筆基礎資料同用「%(name)s」。")
    )
    return Input(
        symbol=symbol,
        value=found["value"].unless_null().number(),
        rows=None if found["rows"].is_absent else found["rows"].each(_row),
        label=found["label"].title(),
        unit=found["unit"].title(),
    )


def _symbol(node: Node) -> str:
    value = node.name()
    if value and not (value.isidentifier() and value not in ARITY):
        node.fault(
            gettext_noop(
                "「%(symbol)s」不能當公式裡的名稱：用文字開頭，不含空白與符號，且不是函數名。"
            ),
            symbol=shown(value),
        )
        return ""
    return value


def _row(node: Node) -> InputRow:
    found = node.fields(("label",), ("value",))
    return InputRow(found["label"].name(), found["value"].unless_null().number())


def _symbols(node: Node, inputs: tuple[Input, ...]) -> set[str] | None:
    """The names that a formula may use; None, any, where an input's own name is a fault."""
    symbols = {item.symbol for item in inputs}
    return symbols if "" not in symbols and (node.is_list or node.is_absent) else None


def _formula(node: Node, symbols: set[str] | None) -> str:
    source = node.text()
    if source or node.value == "":
        try:
            formula.parse(source, symbols)
        except formula.FormulaError as error:
            node.add(error.sentence)
    return source


# Milestones ----------------------------------------------------------------------------------


def _milestones(node: Node) -> tuple[Milestone, ...]:
    if node.value == []:
        node.fault(gettext_noop("至少要有一個工作項目。"))
    stages = []
    last: Decimal | None = None
    for item in node.items():
        found = item.fields(("title", "percent"), ("done", "done_on"))
        percent = _percent(found["percent"], last)
        last = last if percent is None else percent
        done = found["done"].unless_null().boolean()
        stages.append(
            Milestone(
                found["title"].name(), percent or Decimal(0), done, _done_on(found["done_on"], done)
            )
        )
    return tuple(stages)


def _done_on(node: Node, done: bool | None) -> date | None:
    if node.is_absent:
        return None
    if not done:
        node.fault(gettext_noop("只有已完成的工作項目有完成日期。"))
    return node.day()


def _percent(node: Node, last: Decimal | None) -> Decimal | None:
    """A cumulative percentage; None if it is none, so that the next is not compared with it."""
    percent = node.number()
    if percent is None:
        return None
    if not 0 <= percent <= 100:
        node.fault(gettext_noop("累計百分比應在 0 至 100 之間。"))
        return None
    if last is not None and percent <= last:
        node.fault(gettext_noop("累計百分比應逐項增加。"))
    return percent
