"""The words and shapes of states, in the user's language."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext, gettext_lazy

from indicators.models import Plan, Step
from indicators.models.plan import IndicatorStatus, PlanStatus
from indicators.scoring.ratings import Light
from indicators.scoring.types import Direction, Status


@dataclass(frozen=True, slots=True)
class Tag:
    """A state as a word; `shape` names the mark that stands before it."""

    shape: str
    word: str


PLAN_SHAPES = {
    PlanStatus.DRAFT: "draft",
    PlanStatus.SUBMITTED: "sent",
    PlanStatus.RETURNED: "back",
    PlanStatus.APPROVED: "ok",
    PlanStatus.REVIEWED: "ok2",
    PlanStatus.PUBLISHED: "pub",
}
STEP_SHAPES = {
    Step.Name.SUBMIT: "sent",
    Step.Name.RETURN: "back",
    Step.Name.APPROVE: "ok",
    Step.Name.CLOSE: "sent",
    Step.Name.ASK_BACK: "back",
    Step.Name.REVIEW: "ok2",
    Step.Name.PUBLISH: "pub",
    Step.Name.CORRECT: "draft",
}
RESULT_SHAPES = {Status.MET: "met", Status.MISSED: "missed", Status.NOT_REPORTED: "none"}
RESULT_WORDS = {
    Status.MET: gettext_lazy("達標"),
    Status.MISSED: gettext_lazy("未達標"),
    Status.NOT_REPORTED: gettext_lazy("未填報"),
}
DIRECTION_WORDS = {
    Direction.HIGHER: gettext_lazy("愈高愈好"),
    Direction.LOWER: gettext_lazy("愈低愈好"),
    Direction.EQUAL: gettext_lazy("等於目標"),
}
LIGHT_WORDS = {
    Light.GREEN: gettext_lazy("綠燈"),
    Light.YELLOW: gettext_lazy("黃燈"),
    Light.RED: gettext_lazy("紅燈"),
    Light.NONE: gettext_lazy("未亮燈"),
}
DONE_WORDS = {
    True: gettext_lazy("已完成"),
    False: gettext_lazy("未完成"),
    None: gettext_lazy("未填報"),
}


def plan_tag(status: str) -> Tag:
    state = PlanStatus(status)
    return Tag(PLAN_SHAPES[state], str(state.label))


def indicator_tag(status: str, *, is_begun: bool = True) -> Tag:
    """How far an entry is; one that nobody has begun is said to be not reported."""
    state = IndicatorStatus(status)
    if state is IndicatorStatus.DRAFT and not is_begun:
        return result_tag(Status.NOT_REPORTED)
    return Tag(PLAN_SHAPES[PlanStatus(state.value)], str(state.label))


def indicator_states() -> tuple[Tag, ...]:
    """From the furthest to what is not begun."""
    order = (
        IndicatorStatus.APPROVED,
        IndicatorStatus.SUBMITTED,
        IndicatorStatus.RETURNED,
        IndicatorStatus.DRAFT,
    )
    return (*map(indicator_tag, order), result_tag(Status.NOT_REPORTED))


def step_tag(name: str) -> Tag:
    return Tag(STEP_SHAPES[Step.Name(name)], str(Step.Name(name).label))


@dataclass(frozen=True, slots=True)
class Standing:
    """Which version of a plan a page shows, and whether it is published or a correction of one."""

    plan_id: int
    agency_code: str
    agency_name: str
    year: int
    version: int
    tag: Tag
    is_published: bool

    @property
    def is_correction(self) -> bool:
        return self.version > 1 and not self.is_published

    @property
    def report_title(self) -> str:
        return f"{self.agency_name}{self.year}年度施政績效報告"


def standing(plan: Plan) -> Standing:
    return Standing(
        plan_id=plan.pk,
        agency_code=plan.agency.code,
        agency_name=plan.agency_name,
        year=plan.year,
        version=plan.version,
        tag=plan_tag(plan.status),
        is_published=plan.status == PlanStatus.PUBLISHED,
    )


def result_tag(status: Status) -> Tag:
    return Tag(RESULT_SHAPES[status], str(RESULT_WORDS[status]))


def light_tag(light: Light) -> Tag:
    """For components/light.html."""
    return Tag(light.value, str(LIGHT_WORDS[light]))


def done_word(done: bool | None) -> str:
    return str(DONE_WORDS[done])


def bullet_words(actual: str | None, target: str, earlier: str | None = None) -> str:
    """What a bullet says to those who do not see it."""
    words = {"actual": actual, "target": target, "earlier": earlier}
    if actual is None and earlier is None:
        return gettext("未填報，目標 %(target)s") % words
    if actual is None:
        return gettext("未填報，目標 %(target)s，去年 %(earlier)s") % words
    if earlier is None:
        return gettext("實際 %(actual)s，目標 %(target)s") % words
    return gettext("實際 %(actual)s，目標 %(target)s，去年 %(earlier)s") % words
