"""What stands around one indicator's entry: evidence, drafts, last year, who returned it and who
can approve it. Each function has a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.contrib.auth.models import AnonymousUser

from indicators import models
from indicators.holders import Seat, lies_with, roles_held
from indicators.queries import CODE, YEAR, NotFound
from indicators.records import EvidenceRecord

LARGEST_KEY = 2**63 - 1


def last_year(row: models.Indicator) -> models.Indicator | None:
    """The same indicator in the plan of the year before, by its lineage. 1 query."""
    if not row.lineage:
        return None
    plans = models.Plan.objects.filter(agency=row.plan.agency_id, year=row.plan.year - 1).current()
    wanted = models.Indicator.objects.select_related(
        "plan__agency", "owner", "goal__perspective", "measurement", "review"
    )
    return wanted.filter(plan__in=plans, lineage=row.lineage).first()


def proven(row: models.Indicator) -> frozenset[str]:
    """What has evidence: symbols of inputs, and empty for the indicator as a whole. 1 query."""
    found = models.Evidence.objects.in_force().filter(indicator=row)
    return frozenset(found.values_list("about", flat=True))


def draft_of(row: models.Indicator, user: models.User) -> models.Draft | None:
    return models.Draft.objects.filter(indicator=row, user=user).first()


def last_return(row: models.Indicator) -> models.Step | None:
    """Why a returned indicator was returned; None for one in any other status. 1 query."""
    if row.status != models.Indicator.Status.RETURNED:
        return None
    returns = models.Step.objects.filter(indicator=row, name=models.Step.Name.RETURN)
    return returns.newest_first().first()


def approvers_of(row: models.Indicator, today: date, senders: Collection[int]) -> tuple[Seat, ...]:
    """Who approves an indicator that `senders` send in. 2 queries."""
    held = roles_held(row.plan.agency_id, today)
    return lies_with(held, models.Indicator.Status.SUBMITTED, row.owner_id, senders)


def saves_since(row: models.Indicator, revision: int) -> list[models.AuditEvent]:
    """The events of the saves after `revision`, oldest first. 1 query.

    A revision is a save or a return; see `actions.moves`.
    """
    count = max(row.revision - revision, 0)
    events = models.AuditEvent.objects.of_object("indicator", row.pk)
    counted = events.filter(action__in=["record", models.Step.Name.RETURN])
    newest = counted.select_related("actor", "acting_for").order_by("-sequence")[:count]
    return [event for event in reversed(newest) if event.action == "record"]


class EvidenceNotFound(NotFound):
    """No such evidence, or none that this person may see."""


def evidence_of(row: models.Indicator) -> tuple[EvidenceRecord, ...]:
    """What is in force, oldest first. 1 query."""
    found = models.Evidence.objects.in_force().filter(indicator=row)
    return tuple(
        EvidenceRecord(
            pk=item.pk,
            about=item.about,
            kind=item.kind,
            name=item.name,
            dated=item.dated,
            size=item.size,
            added_at=item.added_at,
            added_by=str(item.added_by),
        )
        for item in found.select_related("added_by")
    )


def find_evidence_file(
    agency_code: str, year: int, pk: int, *, user: models.User | AnonymousUser
) -> models.Evidence:
    """A file of any version of the plan, withdrawn or not, among what `user` may see. 1 query."""
    if not CODE.fullmatch(agency_code) or pk > LARGEST_KEY or not YEAR.fullmatch(str(year)):
        raise EvidenceNotFound
    plans = models.Plan.objects.visible_to(user).for_year(year).filter(agency__code=agency_code)
    files = models.Evidence.objects.filter(kind=models.Evidence.Kind.FILE)
    found = files.filter(pk=pk, indicator__plan__in=plans).first()
    if found is None:
        raise EvidenceNotFound
    return found
