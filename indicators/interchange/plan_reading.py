"""A plan document, `kpi-plan/1`, as a `PlanRecord`. All its faults at once, each with its place."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from indicators.interchange.json_tree import DocumentError, Fault, parse
from indicators.interchange.nodes import Node
from indicators.records import (
    FigureRecord,
    GoalRecord,
    IndicatorRecord,
    PerspectiveRecord,
    PlanRecord,
    Policy,
    Review,
    SectionRecord,
)
from indicators.scoring import formula
from indicators.scoring.rounding import exact_sum, plain
from indicators.scoring.tree import ARITY
from indicators.scoring.types import (
    Direction,
    Indicator,
    Input,
    InputRow,
    LowerPolicy,
    Method,
    Milestone,
    Sentence,
    gettext_noop,
)

FORMAT = "kpi-plan/1"
CODE = r"[a-z0-9-]{2,40}"
KEY = r"[a-z0-9_-]{2,40}"
DEEPEST_SECTION = 20
KEYS_OF_METHOD = {
    Method.FORMULA: ("inputs", "formula"),
    Method.MILESTONES: ("milestones",),
    Method.DIRECT: ("actual",),
}


def read_plan(data: bytes) -> PlanRecord:
    """The plan of a document's bytes; raises `DocumentError` with every fault."""
    faults: list[Fault] = []
    record = _plan(Node(parse(data), "$", faults))
    if faults:
        raise DocumentError(faults)
    return record


def _plan(node: Node) -> PlanRecord:
    found = node.fields(
        ("format", "agency", "year", "perspectives"), ("policy", "figures", "sections")
    )
    if "format" in found:
        found["format"].choice([FORMAT])
    code, name = _agency(found["agency"]) if "agency" in found else ("", "")
    record = PlanRecord(
        agency_code=code,
        agency_name=name,
        year=found["year"].integer(1, 999) if "year" in found else 1,
        policy=_policy(found["policy"]) if "policy" in found else Policy(),
        perspectives=_each(found.get("perspectives"), _perspective),
        figures=_each(found.get("figures"), _figure),
        sections=_each(found.get("sections"), _section),
    )
    _refuse_repeats(
        _children(found.get("figures")),
        "key",
        gettext_noop("兩個數據同用「%(name)s」。"),
    )
    _refuse_repeats(_indicator_nodes(node), "id", gettext_noop("兩項指標同用「%(name)s」。"))
    return record


def _each(node: Node | None, read) -> tuple:
    return tuple(read(item) for item in node.items()) if node is not None else ()


def _agency(node: Node) -> tuple[str, str]:
    found = node.fields(("code", "name"))
    code = ""
    if "code" in found:
        code = found["code"].matching(
            CODE, gettext_noop("機關代碼應為 2 至 40 個小寫字母、數字或連字號。")
        )
    return code, found["name"].name() if "name" in found else ""


def _policy(node: Node) -> Policy:
    found = node.fields((), ("lower", "lights"))
    lower = found["lower"].choice([*LowerPolicy]) if "lower" in found else ""
    green = yellow = None
    if "lights" in found:
        lights = found["lights"].fields(("green", "yellow"))
        green = lights["green"].number() if "green" in lights else None
        yellow = lights["yellow"].number() if "yellow" in lights else None
        if green is not None and yellow is not None and yellow > green:
            found["lights"].fault(gettext_noop("黃燈門檻不可高於綠燈門檻。"))
    return Policy(lower, green, yellow)


def _perspective(node: Node) -> PerspectiveRecord:
    found = node.fields(("name", "goals"))
    return PerspectiveRecord(
        name=found["name"].name() if "name" in found else "",
        goals=_each(found.get("goals"), _goal),
    )


def _goal(node: Node) -> GoalRecord:
    found = node.fields(("title", "weight", "indicators"))
    goal = GoalRecord(
        title=found["title"].name() if "title" in found else "",
        weight=_weight(found.get("weight")),
        indicators=_each(found.get("indicators"), _indicator),
    )
    stated, parts = goal.weight, [record.spec.weight for record in goal.indicators]
    if stated and all(parts) and stated != exact_sum(parts):
        found["weight"].fault(
            gettext_noop("目標權重 %(stated)s 與其指標權重合計 %(sum)s 不同，請改為一致。"),
            stated=plain(stated),
            sum=plain(exact_sum(parts)),
        )
    return goal


def _weight(node: Node | None) -> Decimal:
    """A weight above 0; 0 stands for one that is missing or faulty."""
    value = node.number() if node is not None else None
    if node is not None and value is not None and value <= 0:
        node.fault(gettext_noop("權重應大於 0。"))
        return Decimal(0)
    return value or Decimal(0)


REQUIRED = ("title", "weight", "unit", "decimals", "direction", "target", "method")
OPTIONAL = ("id", "owner", "previous", "review", "measure", "evaluation", "analysis")


def _indicator(node: Node) -> IndicatorRecord:
    found = node.fields(REQUIRED, (*OPTIONAL, "inputs", "formula", "milestones", "actual"))
    lineage = ""
    if "id" in found:
        lineage = found["id"].matching(
            KEY, gettext_noop("id 應為 2 至 40 個小寫字母、數字、連字號或底線。")
        )
    target, actual = _previous(found.get("previous"))
    return IndicatorRecord(
        spec=_spec(node, found),
        lineage=lineage,
        owner=found["owner"].title() if "owner" in found else "",
        previous_target=target,
        previous_actual=actual,
        review=_review(found["review"]) if "review" in found else None,
        measure=_text(found, "measure"),
        evaluation=_text(found, "evaluation"),
        analysis=_text(found, "analysis"),
    )


def _text(found: dict[str, Node], key: str) -> str:
    return found[key].text() if key in found else ""


def _spec(node: Node, found: dict[str, Node]) -> Indicator:
    direction = _choice(found, "direction", Direction)
    method = _choice(found, "method", Method)
    if "method" in found and isinstance(found["method"].value, str):
        _check_method_keys(node, found, method)
    inputs = _inputs(found.get("inputs"))
    return Indicator(
        title=found["title"].name() if "title" in found else "",
        weight=_weight(found.get("weight")),
        unit=found["unit"].title() if "unit" in found else "",
        decimals=found["decimals"].integer(0, 6) if "decimals" in found else 0,
        direction=direction,
        target=_target(found.get("target"), direction),
        method=method,
        inputs=inputs,
        formula=_formula(found.get("formula"), {item.symbol for item in inputs}),
        milestones=_milestones(found.get("milestones")),
        actual=_optional_number(found.get("actual")),
    )


def _choice(found: dict[str, Node], key: str, kind: type) -> object:
    return kind(found[key].choice([*kind])) if key in found else next(iter(kind))


def _check_method_keys(node: Node, found: dict[str, Node], method: Method) -> None:
    for other, keys in KEYS_OF_METHOD.items():
        for key in keys if other != method else ():
            if key in found:
                found[key].fault(
                    gettext_noop("「%(key)s」不屬於計算方式 %(method)s，請刪除或改用 %(other)s。"),
                    key=key,
                    method=method.value,
                    other=other.value,
                )
    needed = {Method.FORMULA: "formula", Method.MILESTONES: "milestones"}.get(method)
    if needed and needed not in found:
        node.fault(
            gettext_noop("計算方式 %(method)s 缺少「%(key)s」。"),
            method=method.value,
            key=needed,
        )


def _target(node: Node | None, direction: Direction) -> Decimal:
    value = node.number() if node is not None else None
    if node is not None and value is not None and value < 0 and direction != Direction.EQUAL:
        node.fault(gettext_noop("愈高愈好或愈低愈好的指標，目標值不可小於 0。"))
    return value if value is not None else Decimal(0)


def _optional_number(node: Node | None) -> Decimal | None:
    return None if node is None or node.is_null else node.number()


def _previous(node: Node | None) -> tuple[Decimal | None, Decimal | None]:
    found = node.fields((), ("target", "actual")) if node is not None else {}
    target = found["target"].number() if "target" in found else None
    return target, _optional_number(found.get("actual"))


def _inputs(node: Node | None) -> tuple[Input, ...]:
    inputs = _each(node, _input)
    _refuse_repeats(_children(node), "symbol", gettext_noop("兩筆基礎資料同用「%(name)s」。"))
    return inputs


def _input(node: Node) -> Input:
    found = node.fields(("symbol",), ("label", "unit", "value", "rows"))
    if "value" in found and "rows" in found:
        node.fault(gettext_noop("基礎資料只能有 value 或 rows 其中之一。"))
    return Input(
        symbol=_symbol(found["symbol"]) if "symbol" in found else "",
        value=_optional_number(found.get("value")),
        rows=_each(found["rows"], _row) if "rows" in found else None,
        label=found["label"].title() if "label" in found else "",
        unit=found["unit"].title() if "unit" in found else "",
    )


def _symbol(node: Node) -> str:
    value = node.name()
    if value and not (value.isidentifier() and value not in ARITY):
        node.fault(
            gettext_noop(
                "「%(symbol)s」不能當公式裡的名稱：用文字開頭，不含空白與符號，且不是函數名。"
            ),
            symbol=value,
        )
    return value


def _row(node: Node) -> InputRow:
    found = node.fields(("label",), ("value",))
    label = found["label"].name() if "label" in found else ""
    return InputRow(label, _optional_number(found.get("value")))


def _formula(node: Node | None, symbols: set[str]) -> str:
    if node is None:
        return ""
    source = node.text()
    if source or not isinstance(node.value, str):
        try:
            formula.parse(source, symbols) if source else None
        except formula.FormulaError as error:
            node.faults.append(Fault(node.place, error.sentence))
    elif not node.value:
        node.fault(gettext_noop("公式不可空白。"))
    return source


def _milestones(node: Node | None) -> tuple[Milestone, ...]:
    if node is None:
        return ()
    stages = _each(node, _milestone)
    if isinstance(node.value, list) and not stages:
        node.fault(gettext_noop("至少要有一個工作項目。"))
    last = Decimal(-1)
    for item, stage in zip(_children(node), stages, strict=True):
        if stage.percent <= last and "percent" in item.value:
            item.fault(gettext_noop("累計百分比應逐項增加。"))
        last = stage.percent
    return stages


def _milestone(node: Node) -> Milestone:
    found = node.fields(("title", "percent"), ("done",))
    percent = found["percent"].number() if "percent" in found else None
    if percent is not None and not 0 <= percent <= 100:
        found["percent"].fault(gettext_noop("累計百分比應在 0 至 100 之間。"))
    done = found["done"].boolean() if "done" in found and not found["done"].is_null else None
    return Milestone(
        found["title"].name() if "title" in found else "",
        percent if percent is not None else Decimal(-1),
        done,
    )


def _review(node: Node) -> Review | None:
    found = node.fields(("cause", "action", "responsible", "due"))
    if len(found) < 4 or not {"cause", "action", "responsible", "due"} <= set(found):
        return None
    return Review(
        cause=found["cause"].text(),
        action=found["action"].text(),
        responsible=found["responsible"].title(),
        due=found["due"].day(),
    )


def _figure(node: Node) -> FigureRecord:
    found = node.fields(("key", "label"), ("unit", "value", "source", "previous"))
    key = ""
    if "key" in found:
        key = found["key"].matching(
            KEY, gettext_noop("key 應為 2 至 40 個小寫字母、數字、連字號或底線。")
        )
    return FigureRecord(
        key=key,
        label=found["label"].name() if "label" in found else "",
        unit=found["unit"].title() if "unit" in found else "",
        value=_optional_number(found.get("value")),
        source=_text(found, "source"),
        previous=_optional_number(found.get("previous")),
    )


def _section(node: Node, depth: int = 1) -> SectionRecord:
    found = node.fields(("title",), ("body", "sections"))
    if depth == DEEPEST_SECTION and "sections" in found:
        node.fault(gettext_noop("章節最多 %(deepest)s 層。"), deepest=DEEPEST_SECTION)
        del found["sections"]
    return SectionRecord(
        title=found["title"].name() if "title" in found else "",
        body=_text(found, "body"),
        sections=_each(found.get("sections"), lambda item: _section(item, depth + 1)),
    )


# Repeated names ------------------------------------------------------------------------------


def _children(node: Node | None) -> list[Node]:
    """The items of a list without a second fault if it is none."""
    if node is None or not isinstance(node.value, list):
        return []
    return list(node.items())


def _indicator_nodes(node: Node) -> Iterable[Node]:
    level = [node]
    for key in ("perspectives", "goals", "indicators"):
        level = [child for item in level for child in _children(_member(item, key))]
    return level


def _member(node: Node, key: str) -> Node | None:
    if not isinstance(node.value, dict) or key not in node.value:
        return None
    return Node(node.value[key], f"{node.place}.{key}", node.faults)


def _refuse_repeats(nodes: Iterable[Node], key: str, template: str) -> None:
    seen: set[str] = set()
    for node in nodes:
        member = _member(node, key)
        if member is None or not isinstance(member.value, str):
            continue
        if member.value in seen:
            member.faults.append(Fault(member.place, Sentence(template, {"name": member.value})))
        seen.add(member.value)
