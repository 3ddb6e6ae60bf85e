"""Agencies and their units, by administrators alone and each change on record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from indicators import history, models, permissions
from indicators.actions.refusals import Missing, Refused
from indicators.locking import retry
from indicators.models import Agency, Plan, Unit
from indicators.permissions import Actor


@retry
@transaction.atomic
def create_agency(*, code: str, name: str, actor: Actor, now: datetime) -> Agency:
    """Raises `NotAllowed`, and `Refused` for a code that is taken."""
    permissions.check_administrator(actor)
    if Agency.objects.filter(code=code).exists():
        raise Refused(_("代碼「%(code)s」已經有機關使用。") % {"code": code}, "code")
    agency = Agency.objects.create(code=code, name=name)
    _note("create", "agency", agency, {}, {"code": code, "name": name}, by=actor.user, now=now)
    return agency


@retry
@transaction.atomic
def rename_agency(*, agency_id: int, name: str, actor: Actor, now: datetime) -> None:
    """Plans keep the name that the agency had in their year. Raises `NotAllowed`, `Missing`."""
    permissions.check_administrator(actor)
    agency = _locked_agency(agency_id)
    if name == agency.name:
        return
    before, agency.name = agency.name, name
    agency.save(update_fields=["name"])
    _note("rename", "agency", agency, {"name": before}, {"name": name}, by=actor.user, now=now)


@retry
@transaction.atomic
def create_unit(*, agency_id: int, name: str, actor: Actor, now: datetime) -> Unit:
    """Raises `NotAllowed`, `Missing`, and `Refused` for a name that the agency has already."""
    permissions.check_administrator(actor)
    agency = _locked_agency(agency_id)
    _check_free(agency, name)
    unit = Unit.objects.create(agency=agency, name=name)
    after = {"agency": agency.code, "name": name}
    _note("create", "unit", unit, {}, after, by=actor.user, now=now)
    return unit


@retry
@transaction.atomic
def rename_unit(*, unit_id: int, name: str, actor: Actor, now: datetime) -> None:
    """Raises `NotAllowed`, `Missing`, and `Refused` where a published plan names the unit."""
    permissions.check_administrator(actor)
    unit = _locked_unit(unit_id)
    if name == unit.name:
        return
    _check_unpublished(unit)
    _check_free(unit.agency, name)
    before, unit.name = unit.name, name
    unit.save(update_fields=["name"])
    _note("rename", "unit", unit, {"name": before}, {"name": name}, by=actor.user, now=now)


@retry
@transaction.atomic
def remove_unit(*, unit_id: int, actor: Actor, now: datetime) -> None:
    """Raises `NotAllowed`, `Missing`, and `Refused` while anything refers to the unit."""
    permissions.check_administrator(actor)
    unit = _locked_unit(unit_id)
    _check_unused(unit)
    before = {"agency": unit.agency.code, "name": unit.name}
    _note("remove", "unit", unit, before, {}, by=actor.user, now=now)
    unit.delete()


def _locked_agency(agency_id: int) -> Agency:
    agency = Agency.objects.select_for_update(no_key=True).filter(pk=agency_id).first()
    if agency is None:
        raise Missing
    return agency


def _locked_unit(unit_id: int) -> Unit:
    """The agency is locked first, and for all that is done with its units.

    The unit's lock keeps others from referring to it until the transaction ends.
    """
    found = Unit.objects.filter(pk=unit_id).values_list("agency_id", flat=True).first()
    if found is None:
        raise Missing
    agency = _locked_agency(found)
    unit = Unit.objects.select_for_update().filter(pk=unit_id).first()
    if unit is None:
        raise Missing
    unit.agency = agency
    return unit


def _check_free(agency: Agency, name: str) -> None:
    if agency.units.filter(name=name).exists():
        raise Refused(_("這個機關已經有「%(name)s」。") % {"name": name}, "name")


def _check_unpublished(unit: Unit) -> None:
    """A published plan prints its owners' names, and nothing of it changes."""
    published = Plan.objects.filter(status=Plan.Status.PUBLISHED)
    if published.filter(indicators__owner=unit).exists():
        raise Refused(
            _("已公告的計畫寫著這個科室的名稱，不能更改；組織調整時，請新增科室。"), "name"
        )


def _check_unused(unit: Unit) -> None:
    counts = {
        _("%(count)s 項指標"): unit.indicators.count(),
        _("%(count)s 項業務數據"): unit.figures.count(),
        _("%(count)s 個角色"): unit.roles.count(),
    }
    uses = _("、").join(words % {"count": count} for words, count in counts.items() if count)
    if uses:
        raise Refused(_("還有 %(uses)s屬於這個科室，不能移除。") % {"uses": uses})


def _note(
    action: str,
    kind: str,
    row: Agency | Unit,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    by: models.User,
    now: datetime,
) -> None:
    history.record(
        plan=None,
        action=action,
        kind=kind,
        obj_id=row.pk,
        label=row.name,
        before=before,
        after=after,
        by=by,
        now=now,
    )
