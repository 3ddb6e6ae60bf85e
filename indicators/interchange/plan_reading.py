"""A plan document, `kpi-plan/1`, as a `PlanRecord`. All its faults at once, each with its place.

Numbers keep their digits as written, trailing zeros too; zeros before the first digit go.
"""

from __future__ import annotations

from decimal import Decimal

from indicators.interchange.indicator_reading import KEY, positive_weight, read_indicator
from indicators.interchange.json_tree import DocumentError, Fault, parse
from indicators.interchange.nodes import MOST_FAULTS, Node, Reading, TooManyFaults
from indicators.records import (
    FigureRecord,
    GoalRecord,
    PerspectiveRecord,
    PlanRecord,
    Policy,
    SectionRecord,
)
from indicators.scoring.rounding import exact_sum, plain
from indicators.scoring.types import LowerPolicy, Sentence, gettext_noop

FORMAT = "kpi-plan/1"
CODE = r"[a-z0-9-]{2,40}"
DEEPEST_SECTION = 20


def read_plan(data: bytes) -> PlanRecord:
    """The plan of a document's bytes; raises `DocumentError` with every fault."""
    tree, reading = parse(data), Reading()
    try:
        record = _plan(Node(tree, "$", reading))
    except TooManyFaults as error:
        more = Sentence(gettext_noop("錯誤超過 %(most)s 項，其餘不再列出。"), {"most": MOST_FAULTS})
        raise DocumentError([*reading.faults, Fault("$", more)]) from error
    if reading.faults:
        raise DocumentError(reading.faults)
    return record


def _plan(node: Node) -> PlanRecord:
    found = node.fields(
        ("format", "agency", "year", "perspectives"),
        ("sample_note", "interim_note", "policy", "figures", "sections"),
    )
    found["format"].choice([FORMAT])
    agency = found["agency"].fields(("code", "name"))
    return PlanRecord(
        agency_code=agency["code"].matching(
            CODE, gettext_noop("機關代碼應為 2 至 40 個小寫字母、數字或連字號。")
        ),
        agency_name=agency["name"].name(),
        year=found["year"].integer(1, 999),
        sample_note=found["sample_note"].text(1000),
        interim_note=found["interim_note"].text(1000),
        policy=_policy(found["policy"]),
        perspectives=found["perspectives"].each(_perspective),
        figures=found["figures"].each(_figure),
        sections=found["sections"].each(_section),
    )


def _policy(node: Node) -> Policy:
    found = node.fields((), ("lower", "lights"))
    lights = found["lights"].fields(("green", "yellow"))
    green, yellow = lights["green"].number(), lights["yellow"].number()
    if green is not None and yellow is not None and yellow > green:
        found["lights"].fault(gettext_noop("黃燈門檻不可高於綠燈門檻。"))
    return Policy(found["lower"].choice([*LowerPolicy]), green, yellow)


def _perspective(node: Node) -> PerspectiveRecord:
    found = node.fields(("name", "goals"))
    return PerspectiveRecord(name=found["name"].name(), goals=found["goals"].each(_goal))


def _goal(node: Node) -> GoalRecord:
    found = node.fields(("title", "weight", "indicators"))
    goal = GoalRecord(
        title=found["title"].name(),
        weight=positive_weight(found["weight"]),
        indicators=found["indicators"].each(read_indicator),
    )
    if found["indicators"].is_list:
        parts = [record.spec.weight for record in goal.indicators]
        _check_goal_weight(found["weight"], goal.weight, parts)
    return goal


def _check_goal_weight(node: Node, stated: Decimal, parts: list[Decimal]) -> None:
    """A weight of 0 stands for one that is a fault already: nothing can be said of the sum."""
    if stated and all(parts) and stated != exact_sum(parts):
        node.fault(
            gettext_noop("目標權重 %(stated)s 與其指標權重合計 %(sum)s 不同，請改為一致。"),
            stated=plain(stated),
            sum=plain(exact_sum(parts)),
        )


def _figure(node: Node) -> FigureRecord:
    found = node.fields(("key", "label"), ("unit", "value", "source", "previous"))
    key = found["key"].matching(
        KEY, gettext_noop("key 應為 2 至 40 個小寫字母、數字、連字號或底線。")
    )
    found["key"].claim("figures", key, gettext_noop("兩個數據同用「%(name)s」。"))
    return FigureRecord(
        key=key,
        label=found["label"].name(),
        unit=found["unit"].title(),
        value=found["value"].unless_null().number(),
        source=found["source"].text(),
        previous=found["previous"].number(),
    )


def _section(node: Node, depth: int = 1) -> SectionRecord:
    found = node.fields(("title",), ("body", "sections"))
    below = found["sections"]
    if depth == DEEPEST_SECTION and not below.is_absent:
        below.fault(gettext_noop("章節最多 %(deepest)s 層。"), deepest=DEEPEST_SECTION)
        below = below.as_absent()
    return SectionRecord(
        title=found["title"].name(),
        body=found["body"].text(),
        sections=below.each(lambda item: _section(item, depth + 1)),
    )
