"""One table: what may be done, by whom, in which status, and what comes of it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from indicators.models import (
    AuditEvent,
    Comment,
    Draft,
    FollowUp,
    Indicator,
    Plan,
    Role,
    Step,
    User,
)
from indicators.models.fields import VISIBLE
from indicators.permissions.actors import Actor, Post
from indicators.scoring.rounding import exact_sum

CLERK, SUPERVISOR = Role.Name.CLERK, Role.Name.SUPERVISOR
MANAGER, REVIEWER = Role.Name.PLAN_MANAGER, Role.Name.REVIEWER
ADMINISTRATOR, AUDITOR = Role.Name.ADMINISTRATOR, Role.Name.AUDITOR
OPEN = frozenset({Plan.Status.DRAFT, Plan.Status.RETURNED})  # the agency still works on the plan
FULL_WEIGHT = 100
EDITABLE = frozenset({Indicator.Status.DRAFT, Indicator.Status.RETURNED})


class NotAllowed(Exception):
    """The message is a sentence for the user."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`indicator` empty: the step is one of the whole plan. `to` None: nothing moves on."""

    roles: frozenset[str]
    plan: frozenset[str]
    indicator: frozenset[str] = frozenset()
    to: str | None = None
    needs_reason: bool = False


Name = Step.Name
RULES: dict[str, Rule] = {
    "record": Rule(frozenset({CLERK}), OPEN, EDITABLE),
    Name.SUBMIT: Rule(frozenset({CLERK}), OPEN, EDITABLE, Indicator.Status.SUBMITTED),
    Name.RETURN: Rule(
        frozenset({SUPERVISOR, MANAGER}),
        OPEN,
        frozenset({Indicator.Status.SUBMITTED, Indicator.Status.APPROVED}),
        Indicator.Status.RETURNED,
        needs_reason=True,
    ),
    Name.APPROVE: Rule(
        frozenset({SUPERVISOR}),
        OPEN,
        frozenset({Indicator.Status.SUBMITTED}),
        Indicator.Status.APPROVED,
    ),
    "assign": Rule(frozenset({MANAGER}), OPEN),
    "calendar": Rule(frozenset({MANAGER}), OPEN),
    "remind": Rule(frozenset({SUPERVISOR, MANAGER}), OPEN),
    "interim": Rule(frozenset({MANAGER}), OPEN, EDITABLE),
    "figures": Rule(frozenset({CLERK, MANAGER}), OPEN),
    "follow_up": Rule(frozenset({SUPERVISOR, MANAGER}), frozenset(Plan.Status)),
    Name.CLOSE: Rule(frozenset({MANAGER}), OPEN, to=Plan.Status.APPROVED),
    Name.ASK_BACK: Rule(
        frozenset({REVIEWER}),
        frozenset({Plan.Status.APPROVED, Plan.Status.REVIEWED}),
        to=Plan.Status.RETURNED,
        needs_reason=True,
    ),
    Name.REVIEW: Rule(
        frozenset({REVIEWER}), frozenset({Plan.Status.APPROVED}), to=Plan.Status.REVIEWED
    ),
    Name.PUBLISH: Rule(
        frozenset({REVIEWER}), frozenset({Plan.Status.REVIEWED}), to=Plan.Status.PUBLISHED
    ),
    Name.CORRECT: Rule(
        frozenset({MANAGER, REVIEWER}),
        frozenset({Plan.Status.PUBLISHED}),
        to=Plan.Status.RETURNED,
        needs_reason=True,
    ),
    # A question may come up at any time, also about what is published: it is not in the report.
    "comment": Rule(
        frozenset({CLERK, SUPERVISOR, MANAGER, REVIEWER}),
        frozenset(Plan.Status.values),
        frozenset(Indicator.Status.values),
    ),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What something is to be done with: a plan, or one of its indicators, as they are now."""

    agency_id: int
    plan_status: str
    unit_id: int | None = None
    indicator_status: str | None = None

    @classmethod
    def of(cls, plan: Plan, indicator: Indicator | None = None) -> Subject:
        if indicator is None:
            return cls(plan.agency_id, plan.status)
        return cls(plan.agency_id, plan.status, indicator.owner_id, indicator.status)

    @classmethod
    def of_unit(cls, plan: Plan, unit_id: int | None) -> Subject:
        """What of a plan belongs to a unit, such as a work statistic."""
        return cls(plan.agency_id, plan.status, unit_id)


def check_role(name: str, actor: Actor, subject: Subject) -> Post:
    """The role by which `actor` would do it, whatever the status. Raises `NotAllowed`."""
    roles = RULES[name].roles
    post = actor.post(roles, subject.agency_id, subject.unit_id)
    if post is None:
        raise NotAllowed(_who_of(roles))
    return post


def check(name: str, actor: Actor, subject: Subject) -> Post:
    """The role by which `actor` may do it. Raises `NotAllowed`."""
    rule = RULES[name]
    post = check_role(name, actor, subject)
    if subject.plan_status not in rule.plan:
        raise NotAllowed(plan_lock(subject.plan_status) or _not_in(Plan, subject.plan_status))
    if rule.indicator and subject.indicator_status not in rule.indicator:
        status = subject.indicator_status or ""
        raise NotAllowed(indicator_lock(status) or _not_in(Indicator, status))
    return post


def check_answer(actor: Actor, subject: Subject, told: Collection[int]) -> Post:
    """The role by which they may answer in a thread that mentions `told`. Raises `NotAllowed`.

    Whom it mentions may answer there, whichever their unit; so may who stands for them.
    """
    if not can("comment", actor, subject):
        post = actor.lent_or_own(RULES["comment"].roles, subject.agency_id, told)
        if post is not None:
            return post
    return check("comment", actor, subject)


def can_answer(actor: Actor, subject: Subject, told: Collection[int]) -> bool:
    try:
        check_answer(actor, subject, told)
    except NotAllowed:
        return False
    return True


def can(name: str, actor: Actor, subject: Subject) -> bool:
    try:
        check(name, actor, subject)
    except NotAllowed:
        return False
    return True


def has_role(name: str, actor: Actor, subject: Subject) -> bool:
    roles = RULES[name].roles
    return actor.post(roles, subject.agency_id, subject.unit_id) is not None


def check_four_eyes(title: str, submitted: Step | None, actor: Actor, post: Post) -> None:
    """Who submitted an entry, also as a deputy or through one, does not approve it."""
    if submitted is None:
        return
    theirs = {submitted.by_id, submitted.acting_for_id} - {None}
    if theirs & {actor.user.pk, post.of.pk if post.of else None}:
        raise NotAllowed(_("「%(title)s」是您自己送出的，請由其他主管核定。") % {"title": title})


def check_reason(name: str, reason: str) -> None:
    if RULES[name].needs_reason and not re.search(VISIBLE, reason):
        raise NotAllowed(_("請寫明原因。"))


def check_administrator(actor: Actor) -> None:
    """Agencies, units, accounts and roles. Raises `NotAllowed`."""
    if not actor.holds({ADMINISTRATOR}):
        raise NotAllowed(_who_of({ADMINISTRATOR}))


def check_can_manage_account(by: User) -> None:
    """Whoever may issue a link for somebody's password could become them: administrators only."""
    held = Role.objects.filter(user=by, user__is_active=True, name=ADMINISTRATOR)
    if not held.exists():
        raise NotAllowed(_("您不能變更這個帳號，請洽管理員。"))


def check_accounts_history(actor: Actor) -> None:
    """Who signed in, and whose roles changed. Raises `NotAllowed`."""
    if not actor.holds({ADMINISTRATOR, AUDITOR}):
        raise NotAllowed(_who_of({ADMINISTRATOR, AUDITOR}))


def start_page(actor: Actor) -> str:
    """The name of the page that somebody begins with: that of their work, if they have any."""
    held = {post.name for post in actor.posts}
    if ADMINISTRATOR in held and held <= {ADMINISTRATOR, AUDITOR}:
        return "people"
    return "plans" if held == {AUDITOR} else "my_work"


def why_locked(subject: Subject) -> str:
    """Why the fields can't be changed and who can unlock them; empty while they can."""
    return plan_lock(subject.plan_status) or indicator_lock(subject.indicator_status or "")


def plan_lock(status: str) -> str:
    sentences: dict[str, str] = {
        Plan.Status.SUBMITTED: _("計畫已送出，欄位鎖定；需要更改時，請核定的人退回。"),
        Plan.Status.APPROVED: _("計畫已關帳送研考會，欄位鎖定；需要更改時，請研考會退回。"),
        Plan.Status.REVIEWED: _("研考會已複核，欄位鎖定；需要更改時，請研考會退回。"),
        Plan.Status.PUBLISHED: _("計畫已公告，內容不再變更；更正請由研考承辦另立新版本。"),
    }
    return sentences.get(status, "")


def indicator_lock(status: str) -> str:
    sentences: dict[str, str] = {
        Indicator.Status.SUBMITTED: _("已送出，等候主管審核，欄位鎖定；需要更改時，請主管退回。"),
        Indicator.Status.APPROVED: _("主管已核定，欄位鎖定；需要更改時，請主管或研考承辦退回。"),
    }
    return sentences.get(status, "")


def check_can_replace(plan: Plan, *, discard_work: bool = False) -> None:
    """A document replaces only a plan of which nothing has been signed or proven yet.

    What was done to it in the portal otherwise (entries, drafts, figures, owners, deadlines) would
    be lost with it: `discard_work` says that this is meant.
    """
    whole = {"agency": plan.agency_name, "year": plan.year}
    if plan.status != Plan.Status.DRAFT:
        status = plan.get_status_display()
        raise NotAllowed(
            _(
                "%(agency)s %(year)s 年度計畫的狀態是「%(status)s」，"
                "只有填報中的計畫可以用文件取代。"
            )
            % {**whole, "status": status}
        )
    if plan.indicators.exclude(status=Indicator.Status.DRAFT).exists():
        raise NotAllowed(_("%(agency)s %(year)s 年度計畫已有指標送出，不能再用文件取代。") % whole)
    if plan.indicators.filter(evidence__isnull=False).exists():
        raise NotAllowed(_("%(agency)s %(year)s 年度計畫已附佐證資料，不能再用文件取代。") % whole)
    if Comment.objects.filter(indicator__plan=plan).exists():
        raise NotAllowed(
            _("%(agency)s %(year)s 年度計畫的指標已有意見，不能再用文件取代。") % whole
        )
    if FollowUp.objects.filter(indicator__plan=plan).exists():
        raise NotAllowed(
            _("%(agency)s %(year)s 年度計畫的改善措施已有追蹤結果，不能再用文件取代。") % whole
        )
    if not discard_work and _has_work(plan):
        raise NotAllowed(
            _(
                "%(agency)s %(year)s 年度計畫已有人在系統填報或指派，用文件取代會失去這些內容；"
                "確定要取代時請加 --discard-work。"
            )
            % whole
        )


def _has_work(plan: Plan) -> bool:
    events = AuditEvent.objects.filter(plan=plan).exclude(action="import")
    return events.exists() or Draft.objects.filter(indicator__plan=plan).exists()


def check_can_close(plan: Plan) -> None:
    """Raises `NotAllowed` with what is still open."""
    weights = list(plan.indicators.values_list("weight", "status"))
    open_ones = sum(status != Indicator.Status.APPROVED for _weight, status in weights)
    if not weights:
        raise NotAllowed(_("計畫還沒有指標，不能關帳。"))
    if open_ones:
        raise NotAllowed(
            _("還有 %(count)s 項指標尚未核定，全部核定後才能關帳。") % {"count": open_ones}
        )
    if exact_sum(weight for weight, _status in weights) != FULL_WEIGHT:
        raise NotAllowed(_("全部指標的權重合計不是 100，不能關帳；請先修正計畫。"))


def _who_of(roles: Collection[str]) -> str:
    names = _("、").join(str(role.label) for role in Role.Name if role.value in roles)
    return _("這個步驟由負責的%(roles)s辦理，您的角色不能操作。") % {"roles": names}


def _not_in(model: type[Plan] | type[Indicator], status: str) -> str:
    word = model.Status(status).label
    return _("目前的狀態是「%(status)s」，不能進行這個步驟。") % {"status": word}
