"""An entry's fields in words: what a person calls `input:流廢標件數` or `review:due`."""

from __future__ import annotations

from django.utils.translation import gettext as _

from indicators.records import IndicatorRecord
from indicators.scoring.types import Method


def field_words(record: IndicatorRecord) -> dict[str, str]:
    """The fields that this indicator has, in the order of its page."""
    spec = record.spec
    words = {f"input:{given.symbol}": given.label or given.symbol for given in spec.inputs}
    for number, stage in enumerate(spec.milestones, start=1):
        words[f"stage:{number}"] = _("第 %(number)s 項 %(title)s") % {
            "number": number,
            "title": stage.title,
        }
    if spec.method is Method.DIRECT:
        words["actual"] = _("實際值")
    return words | {
        "evidence": _("佐證資料"),
        "analysis": _("達成情形分析"),
        "review:cause": _("未達原因"),
        "review:action": _("改善措施"),
        "review:responsible": _("負責單位"),
        "review:due": _("完成期限"),
    }


def place_words(record: IndicatorRecord, field: str) -> str:
    """Where a finding or a remark belongs; `evidence:<about>` and `actual` are places too."""
    words = field_words(record)
    if field in words:
        return words[field]
    kind, _colon, about = field.partition(":")
    if kind == "evidence":
        name = words.get(f"input:{about}", "")
        return _("佐證資料：%(name)s") % {"name": name} if name else words["evidence"]
    return _("實際值") if field == "actual" else field
