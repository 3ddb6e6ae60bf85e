"""Whether what a missed target's review promised was kept: as recorded, and by the numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext, gettext_lazy

from indicators.models.follow_ups import OutcomeChoice
from indicators.records import Review
from indicators.scorecards.words import Tag
from indicators.scoring.types import Status
from indicators.trend_queries import FollowUpRecord, YearRecord

OUTCOME_SHAPES = {
    OutcomeChoice.KEPT: "met",
    OutcomeChoice.PARTLY: "draft",
    OutcomeChoice.NOT_KEPT: "missed",
}
NEXT_WORDS = {
    Status.MET: gettext_lazy("次年達標"),
    Status.MISSED: gettext_lazy("次年仍未達標"),
}


@dataclass(frozen=True, slots=True)
class Promise:
    """`tag`: what was recorded last, or that nothing was; `following`: what the next year shows."""

    review: Review
    tag: Tag
    following: Tag
    is_untracked: bool
    follow_ups: tuple[tuple[Tag, FollowUpRecord], ...]


def promise_of(year: YearRecord, following: Status | None, today: date) -> Promise | None:
    """`following`: the status of the year after, None where it can't be told."""
    review = year.record.review
    if review is None:
        return None
    is_untracked = not year.follow_ups and review.due is not None and review.due < today
    return Promise(
        review=review,
        tag=_tag(year, is_untracked),
        following=_following(following),
        is_untracked=is_untracked,
        follow_ups=tuple((outcome_tag(item), item) for item in year.follow_ups),
    )


def outcome_tag(item: FollowUpRecord) -> Tag:
    return Tag(OUTCOME_SHAPES[OutcomeChoice(item.outcome)], item.word)


def _tag(year: YearRecord, is_untracked: bool) -> Tag:
    if year.follow_ups:
        return outcome_tag(year.follow_ups[0])
    if is_untracked:
        return Tag("late", gettext("尚未追蹤"))
    return Tag("none", gettext("期限未到"))


def _following(status: Status | None) -> Tag:
    if status is None or status is Status.NOT_REPORTED:
        return Tag("none", gettext("次年尚無可比的結果"))
    shape = "met" if status is Status.MET else "missed"
    return Tag(shape, str(NEXT_WORDS[status]))
