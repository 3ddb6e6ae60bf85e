"""Rules on the plan as a whole, its references and its summary."""

from __future__ import annotations

from collections.abc import Iterator

from indicators.records import SectionRecord
from indicators.scorecards.scored import ScoredIndicator
from indicators.scorecards.steps import actual_text, target_text, trimmed
from indicators.scoring.rounding import grouped
from indicators.scoring.types import Direction, Status
from reports.consistency.amounts import Amount
from reports.consistency.context import Context, Doubt
from reports.narrative import REFERENCE, as_written

_FAR_BEYOND = 200
_NAMED = 5
_REVIEW_WORDS = {"cause": "原因", "action": "改善措施", "responsible": "負責單位"}


def weights_sum(context: Context) -> Iterator[Doubt]:
    weight = context.plan.totals.weight
    if weight != 100:
        yield Doubt(
            "error",
            "weights-sum",
            "衡量指標權重",
            f"全部衡量指標的權重合計是 {grouped(weight)}%，應為 100%。請調整各指標的權重。",
        )


def references(context: Context) -> Iterator[Doubt]:
    places = {passage.title: passage.place for passage in reversed(context.passages)}
    for placed in context.problems:
        place, name = places.get(placed.place, placed.place), placed.problem.reference
        if placed.problem.is_empty:
            yield Doubt(
                "warning",
                "empty-reference",
                place,
                f"「{{{{ {name} }}}}」引用的資料尚未填報，報告印成「—」。請填報該項資料。",
            )
        else:
            yield Doubt(
                "error",
                "unresolved-reference",
                place,
                f"「{{{{ {name} }}}}」沒有對應的資料，報告會照原樣印出。請更正引用的名稱。",
            )


def figures(context: Context) -> Iterator[Doubt]:
    record = context.plan.record
    if not record.sections:
        return
    texts = [item.analysis for item in record.indicators()]
    texts += [section.body for section in _all(record.sections)]
    words = {word for text in texts for ref in REFERENCE.findall(text) for word in ref.split()}
    if not any(figure.key in words for figure in record.figures):
        return  # a text that is typed throughout
    printed = {mention.amount.key for one in context.passages for mention in one.mentions()}
    unused = [
        figure.key
        for figure in record.figures
        if figure.key not in words
        and (figure.value is None or Amount(as_written(figure.value)).key not in printed)
    ]
    if unused:
        names = "、".join(unused[:_NAMED]) + (" 等" if len(unused) > _NAMED else "")
        yield Doubt(
            "warning",
            "figure-unused",
            "工作統計數字",
            f"有 {len(unused)} 個已填報的數字沒有出現在報告文字中：{names}。"
            "請在文字中引用，或刪除不需要的數字。",
        )


def _all(sections: tuple[SectionRecord, ...]) -> Iterator[SectionRecord]:
    for section in sections:
        yield section
        yield from _all(section.sections)


# Each indicator ----------------------------------------------------------------------------------


def indicators(context: Context) -> Iterator[Doubt]:
    places = {id(one.indicator): one.place for one in context.passages if one.is_analysis}
    for item in context.plan.indicators():
        place = places[id(item)].removesuffix("／分析")
        yield from _unreviewed(item, place)
        yield from _met_by_rounding(item, place)
        yield from _softened(item, place)
        yield from _far_beyond(item, place)


def _unreviewed(item: ScoredIndicator, place: str) -> Iterator[Doubt]:
    if item.result.status != Status.MISSED:
        return
    review = item.record.review
    absent = [
        word
        for name, word in _REVIEW_WORDS.items()
        if review is None or not getattr(review, name).strip()
    ]
    absent += [] if review else ["完成期限"]
    if absent:
        yield Doubt(
            "warning",
            "missed-without-review",
            place,
            f"未達目標（目標 {target_text(item.spec)}，"
            f"實際 {actual_text(item.spec, item.result)}），"
            f"檢討缺少{'、'.join(absent)}。請補上未達目標項目檢討。",
        )


def _met_by_rounding(item: ScoredIndicator, place: str) -> Iterator[Doubt]:
    if item.result.rounding_turned_miss_into_met:
        yield Doubt(
            "warning",
            "rounding-met",
            place,
            f"實際值四捨五入成 {actual_text(item.spec, item.result)} 後才達到目標 "
            f"{target_text(item.spec)}，未捨入前並未達標。請確認小數位數是否適當，並在分析中說明。",
        )


def _softened(item: ScoredIndicator, place: str) -> Iterator[Doubt]:
    spec, previous = item.spec, item.record.previous_target
    if previous is None:
        return
    weaker = {
        Direction.HIGHER: spec.target < previous,
        Direction.LOWER: spec.target > previous,
        Direction.EQUAL: False,
    }
    if weaker[spec.direction]:
        yield Doubt(
            "warning",
            "previous-softened",
            place,
            f"本年目標值 {grouped(spec.target)} 比上年目標值 {grouped(previous)} 寬鬆。"
            "調降目標值時，須分析原目標無法達成的原因並提出對策，請確認分析已寫明。",
        )


def _far_beyond(item: ScoredIndicator, place: str) -> Iterator[Doubt]:
    uncapped = item.result.uncapped
    if uncapped is not None and uncapped >= _FAR_BEYOND:
        yield Doubt(
            "warning",
            "target-beaten",
            place,
            f"實際值 {actual_text(item.spec, item.result)} 遠超過目標 {target_text(item.spec)}"
            f"（未設上限的達成度為 {trimmed(uncapped)}%）。請檢討目標值是否訂得太容易。",
        )
