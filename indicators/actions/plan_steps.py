"""Steps of a whole plan, from closing to publication and correction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from indicators import models, permissions
from indicators.actions.moves import move_plan, reopen
from indicators.actions.plans import fill_plan
from indicators.locking import lock_plan, retry
from indicators.models import Indicator, Plan, Step
from indicators.permissions import Actor, NotAllowed, Subject
from indicators.queries import load_plan


@retry
@transaction.atomic
def close(*, plan_id: int, actor: Actor, now: datetime) -> None:
    """To the city, once every indicator is approved and the weights sum to 100."""
    plan = lock_plan(plan_id)
    post = permissions.check(Step.Name.CLOSE, actor, Subject.of(plan))
    permissions.check_can_close(plan)
    move_plan(plan, Step.Name.CLOSE, actor=actor, post=post, now=now)


@retry
@transaction.atomic
def ask_back(
    *, plan_id: int, reason: str, indicator_ids: Iterable[int], actor: Actor, now: datetime
) -> None:
    """The city returns a plan, and with it the indicators that are to be corrected."""
    plan = lock_plan(plan_id)
    post = permissions.check(Step.Name.ASK_BACK, actor, Subject.of(plan))
    permissions.check_reason(Step.Name.ASK_BACK, reason)
    reopen(plan, set(indicator_ids), reason, actor=actor, post=post, now=now)
    move_plan(plan, Step.Name.ASK_BACK, actor=actor, post=post, now=now, reason=reason)


@retry
@transaction.atomic
def review(*, plan_id: int, actor: Actor, now: datetime, seen: int | None = None) -> None:
    """`seen` is the plan's last step that was looked at; None: whichever it is."""
    plan = lock_plan(plan_id)
    post = permissions.check(Step.Name.REVIEW, actor, Subject.of(plan))
    _check_seen(plan, seen)
    move_plan(plan, Step.Name.REVIEW, actor=actor, post=post, now=now)


@retry
@transaction.atomic
def publish(*, plan_id: int, actor: Actor, now: datetime, seen: int | None = None) -> Plan:
    """The last step: nothing of the plan changes after it, in the database either.

    For the portal this is a part of `reports.publish.publish`, which keeps the files with it.
    """
    plan = lock_plan(plan_id)
    post = permissions.check(Step.Name.PUBLISH, actor, Subject.of(plan))
    _check_seen(plan, seen)
    models.Draft.objects.filter(indicator__plan=plan).delete()
    move_plan(plan, Step.Name.PUBLISH, actor=actor, post=post, now=now)
    return plan


def last_step(plan: Plan) -> Step | None:
    """The plan's own last step. 1 query."""
    return plan.steps.filter(indicator=None).order_by("-pk").first()


def _check_seen(plan: Plan, seen: int | None) -> None:
    last = last_step(plan) if seen is not None else None
    if last is not None and last.pk != seen:
        raise NotAllowed(_("計畫在您檢視時又有變動，請再看一次。"))


@retry
@transaction.atomic
def correct(
    *, plan_id: int, reason: str, indicator_ids: Iterable[int], actor: Actor, now: datetime
) -> Plan:
    """A new version of a published plan, in which the named indicators are to be corrected.

    Everything is copied with its evidence and counts as approved, but for those named.
    """
    old = lock_plan(plan_id)
    post = permissions.check(Step.Name.CORRECT, actor, Subject.of(old))
    permissions.check_reason(Step.Name.CORRECT, reason)
    if Plan.objects.filter(agency=old.agency, year=old.year, version__gt=old.version).exists():
        raise NotAllowed(_("這個年度已經有更新的版本。"))
    new, matching = _copy(old, reason, now)
    wanted = {matching[pk] for pk in indicator_ids if pk in matching}
    reopen(new, wanted, reason, actor=actor, post=post, now=now)
    move_plan(new, Step.Name.CORRECT, actor=actor, post=post, now=now, reason=reason)
    return new


def _copy(old: Plan, reason: str, now: datetime) -> tuple[Plan, dict[int, int]]:
    """The next version, approved throughout, and which indicator became which."""
    new = Plan.objects.create(
        agency=old.agency,
        agency_name=old.agency_name,
        year=old.year,
        version=old.version + 1,
        correction_reason=reason,
        interim_note=old.interim_note,
        due=None,
        status=Plan.Status.RETURNED,
    )
    record = load_plan(old)
    fill_plan(new, record, by=None, now=now)
    new.indicators.update(status=Indicator.Status.APPROVED)
    fresh = load_plan(new, with_texts=False)
    pairs = zip(record.indicators(), fresh.indicators(), strict=True)
    matching = {was.pk: now_is.pk for was, now_is in pairs if was.pk and now_is.pk}
    _copy_evidence(matching)
    _copy_recorders(matching)
    _copy_interims(matching)
    _copy_figure_owners(old, new)
    _take_comments_along(matching)
    return new, matching


def _copy_evidence(matching: Mapping[int, int]) -> None:
    """The files themselves are shared: they are written once and never changed."""
    found = list(models.Evidence.objects.in_force().filter(indicator__in=matching))
    for evidence in found:
        evidence.pk = None
        evidence.indicator_id = matching[evidence.indicator_id]
    models.Evidence.objects.bulk_create(found)


def _copy_recorders(matching: Mapping[int, int]) -> None:
    """Who filled in what is copied, and when."""
    measured = models.Measurement.objects
    fresh = {row.indicator_id: row for row in measured.filter(indicator__in=matching.values())}
    for was in measured.filter(indicator__in=matching):
        row = fresh[matching[was.indicator_id]]
        row.recorded_at, row.recorded_by_id = was.recorded_at, was.recorded_by_id
    measured.bulk_update(fresh.values(), ["recorded_at", "recorded_by"])


def _copy_interims(matching: Mapping[int, int]) -> None:
    """How the indicators are followed within the year, and the values so far."""
    settings = ("period", "path", "gather")
    of_old = Indicator.objects.filter(pk__in=matching).values("pk", *settings)
    fresh = [
        Indicator(pk=matching[row["pk"]], **{name: row[name] for name in settings})
        for row in of_old.order_by("pk")
    ]
    Indicator.objects.bulk_update(fresh, settings)
    _copy_gathers(matching)
    values = list(models.InterimValue.objects.filter(indicator__in=matching).order_by("pk"))
    for value in values:
        value.pk = None
        value.indicator_id = matching[value.indicator_id]
    models.InterimValue.objects.bulk_create(values)


def _copy_gathers(matching: Mapping[int, int]) -> None:
    inputs = models.Input.objects
    gathers = {
        (matching[row.indicator_id], row.symbol): row.gather
        for row in inputs.filter(indicator__in=matching)
    }
    fresh = list(inputs.filter(indicator__in=matching.values()))
    for row in fresh:
        row.gather = gathers[row.indicator_id, row.symbol]
    inputs.bulk_update(fresh, ["gather"])


def _copy_figure_owners(old: Plan, new: Plan) -> None:
    owners = dict(old.figures.values_list("key", "owner"))
    figures = list(new.figures.all())
    for figure in figures:
        figure.owner_id = owners[figure.key]
    models.Figure.objects.bulk_update(figures, ["owner"])


def _take_comments_along(matching: Mapping[int, int]) -> None:
    """A question that is open stays one: the threads move to the version that is worked on."""
    comments = list(models.Comment.objects.filter(indicator__in=matching).order_by("pk"))
    for comment in comments:
        comment.indicator_id = matching[comment.indicator_id]
    models.Comment.objects.bulk_update(comments, ["indicator"])
