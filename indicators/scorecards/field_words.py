"""What the fields of an entry, and of other recorded objects, are called on pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from indicators.entries import REVIEW_PARTS, roc
from indicators.records import IndicatorRecord
from indicators.scorecards.steps import NOT_REPORTED, as_written
from indicators.scorecards.words import done_word
from indicators.scoring.periods import Period, period_label
from indicators.scoring.types import Indicator, Method

FIELD_WORDS = {
    "evidence": gettext_lazy("佐證資料"),
    "status": gettext_lazy("狀態"),
    "actual": gettext_lazy("實際值"),
    "analysis": gettext_lazy("達成情形分析"),
    "review:cause": gettext_lazy("未達原因"),
    "review:action": gettext_lazy("改善措施"),
    "review:responsible": gettext_lazy("改善的負責人或單位"),
    "review:due": gettext_lazy("改善的完成期限"),
    "outcome": gettext_lazy("改善措施是否兌現"),
    "document_sha256": gettext_lazy("計畫文件的雜湊"),
    "interim_note": gettext_lazy("期中數值的說明"),
    "interim_values": gettext_lazy("期中數值的筆數"),
    "value": gettext_lazy("本年數值"),
    "source": gettext_lazy("資料來源"),
    "owner": gettext_lazy("負責單位"),
    "due": gettext_lazy("期限"),
    "name": gettext_lazy("名稱"),
    "title": gettext_lazy("名稱"),
    "code": gettext_lazy("代碼"),
    "role": gettext_lazy("角色"),
    "agency": gettext_lazy("機關"),
    "unit": gettext_lazy("科室"),
    "about": gettext_lazy("佐證的項目"),
    "kind": gettext_lazy("種類"),
    "dated": gettext_lazy("文件日期"),
    "size": gettext_lazy("大小"),
    "sha256": gettext_lazy("檔案的雜湊"),
    "absent": gettext_lazy("不在的人"),
    "deputy": gettext_lazy("代理人"),
    "first_day": gettext_lazy("第一天"),
    "last_day": gettext_lazy("最後一天"),
    "is_active": gettext_lazy("帳號可用"),
    "username": gettext_lazy("帳號"),
    "email": gettext_lazy("電子郵件"),
    "reminders": gettext_lazy("待辦提醒"),
    "weekly": gettext_lazy("每週摘要"),
    "account": gettext_lazy("帳號"),
    "active": gettext_lazy("帳號可用"),
    "indicator": gettext_lazy("衡量指標"),
    "address": gettext_lazy("來源位址"),
    "step": gettext_lazy("步驟"),
    "error": gettext_lazy("原因"),
    "expires_at": gettext_lazy("有效到"),
    "said": gettext_lazy("意見"),
    "told": gettext_lazy("通知"),
    "comment": gettext_lazy("意見編號"),
    "resolved": gettext_lazy("已解決"),
    "types": gettext_lazy("種類"),
    "day": gettext_lazy("日期"),
    "is_workday": gettext_lazy("上班"),
    "note": gettext_lazy("原因"),
    "to": gettext_lazy("收件人"),
    "period": gettext_lazy("期中填報的期別"),
    "path": gettext_lazy("目標路徑"),
}


@dataclass(frozen=True, slots=True)
class Names:
    """One indicator's own names: its inputs' by symbol, its stages' in order."""

    inputs: Mapping[str, str] = field(default_factory=dict)
    stages: Sequence[str] = ()


def names_of(spec: Indicator) -> Names:
    return Names(
        {given.symbol: given.label or given.symbol for given in spec.inputs},
        [stage.title for stage in spec.milestones],
    )


def field_word(name: str, names: Names) -> str:
    """`input:<symbol>` by its label, `stage:<number>` by its title; an unknown one as it is."""
    kind, _, rest = name.partition(":")
    if kind == "input":
        return names.inputs.get(rest, rest)
    if kind == "evidence":
        if not rest:
            return str(FIELD_WORDS["evidence"])
        return gettext("%(name)s的佐證資料") % {"name": names.inputs.get(rest, rest)}
    if kind == "stage" and rest.isdecimal():
        return stage_word(int(rest), names)
    if kind == "interim":
        return interim_word(rest, names)
    if kind == "gather":
        return gettext("「%(name)s」的彙整方式") % {"name": _asked(rest, names)}
    return str(FIELD_WORDS.get(name, name))


def stage_word(number: int, names: Names) -> str:
    title = names.stages[number - 1] if 0 < number <= len(names.stages) else ""
    return gettext("第 %(number)s 項　%(title)s") % {"number": number, "title": title}


def interim_word(place: str, names: Names) -> str:
    """`month:3:<symbol>`: the value of one period."""
    kind, number, symbol = place.split(":", 2)
    label = period_label(Period(kind), int(number))
    period = gettext(label.template) % label.params
    return gettext("%(period)s　%(name)s") % {"period": period, "name": _asked(symbol, names)}


def _asked(symbol: str, names: Names) -> str:
    return names.inputs.get(symbol, symbol) if symbol else str(FIELD_WORDS["actual"])


def field_words(record: IndicatorRecord) -> dict[str, str]:
    """The fields that this indicator has, in the order of its page."""
    spec, names = record.spec, names_of(record.spec)
    fields = [
        *(f"input:{given.symbol}" for given in spec.inputs),
        *(f"stage:{number}" for number, _stage in enumerate(spec.milestones, start=1)),
        *(["actual"] if spec.method is Method.DIRECT else []),
        "evidence",
        "analysis",
        *(f"review:{part}" for part in REVIEW_PARTS),
    ]
    return {name: field_word(name, names) for name in fields}


def place_words(record: IndicatorRecord, field: str) -> str:
    """Where a finding or a remark belongs; `evidence:<about>` and `actual` are places too."""
    return field_word(field, names_of(record.spec))


def value_words(value: Any) -> str:
    """A value of `Entry.flat`; — where nothing is entered."""
    match value:
        case None | "":
            return NOT_REPORTED
        case Decimal():
            return as_written(value)
        case date():
            return roc(value)
        case [bool() | None as done, date() | None as day]:
            return f"{done_word(done)} {roc(day)}".strip()
        case list():
            rows = gettext("、").join(f"{label} {as_written(number)}" for label, number in value)
            return rows or NOT_REPORTED
    return str(value)
