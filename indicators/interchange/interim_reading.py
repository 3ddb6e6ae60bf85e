"""期中數值 of one indicator in a plan document: how it is followed, and its values by period."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from indicators.interchange.json_tree import shown
from indicators.interchange.methods import without_others
from indicators.interchange.nodes import Node
from indicators.records import InterimRecord
from indicators.scoring.interim import ACTUAL, Gather, Path
from indicators.scoring.periods import Period
from indicators.scoring.types import Method, gettext_noop

PERIODS = [period for period in Period if period]
GATHERS = [gather for gather in Gather if gather]
KEYS_OF_METHOD = {Method.FORMULA: ("inputs",), Method.DIRECT: ("gather", "values")}


@dataclass(frozen=True, slots=True)
class Known:
    """What the indicator is otherwise; None where that is a fault already."""

    method: Method | None
    symbols: Collection[str] | None
    lists: Collection[str]


def read_interim(node: Node, known: Known) -> InterimRecord | None:
    found = node.fields((), ("period", "path", "inputs", "gather", "values"))
    if known.method:
        found = without_others(found, known.method, KEYS_OF_METHOD)
    period = Period(found["period"].choice(PERIODS))
    rules: dict[str, Gather] = {}
    values: dict[tuple[str, int], Decimal] = {}
    for symbol, gather, given in _parts(node, found, known):
        rules[symbol] = Gather(gather.choice(GATHERS))
        if not given.is_absent and found["period"].is_absent:
            node.fault(gettext_noop("缺少「%(key)s」。"), key="period")
        elif period:
            values |= {(symbol, number): value for number, value in _values(given, period)}
    path = Path(found["path"].choice([*Path]) or Path.EVEN)
    return InterimRecord(period, path, rules, values).or_none()


def _parts(node: Node, found: dict[str, Node], known: Known) -> Iterator[tuple[str, Node, Node]]:
    """What is asked per period: its symbol, its rule and its values."""
    for item in found["inputs"].items():
        part = item.fields(("symbol", "gather"), ("values",))
        yield _symbol(part["symbol"], item, known), part["gather"], part["values"]
    gather, values = found["gather"], found["values"]
    if gather.is_absent and not values.is_absent:
        node.fault(gettext_noop("缺少「%(key)s」。"), key="gather")
    if not (gather.is_absent and values.is_absent):
        yield ACTUAL, gather, values


def _symbol(node: Node, item: Node, known: Known) -> str:
    symbol = node.name()
    node.claim(
        item.place.rpartition("[")[0], symbol, gettext_noop("兩筆基礎資料同用「%(name)s」。")
    )
    if symbol in known.lists:
        node.fault(gettext_noop("「%(name)s」是清單，清單不能分期填報。"), name=shown(symbol))
    elif symbol and known.symbols is not None and symbol not in known.symbols:
        node.fault(gettext_noop("這項指標沒有「%(name)s」這筆基礎資料。"), name=shown(symbol))
    return symbol


def _values(node: Node, period: Period) -> Iterator[tuple[int, Decimal]]:
    """Those that were entered, by the number of their month or quarter."""
    found = node.fields((), [str(number) for number in range(1, period.in_year + 1)])
    for number, given in found.items():
        value = given.unless_null().number()
        if value is not None:
            yield int(number), value
