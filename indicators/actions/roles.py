"""Giving and taking roles. Their events bear the person's id, so that one finds a person's."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from indicators import history, models, permissions
from indicators.actions.refusals import Missing, Refused
from indicators.locking import retry
from indicators.models import Role
from indicators.permissions import Actor

OF_CITY = frozenset({Role.Name.REVIEWER, Role.Name.ADMINISTRATOR, Role.Name.AUDITOR})
OF_UNIT = frozenset({Role.Name.CLERK, Role.Name.SUPERVISOR})  # or of a whole agency


@retry
@transaction.atomic
def give_role(
    *,
    user_id: int,
    role: str,
    agency_id: int | None = None,
    unit_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """A unit's id implies its agency; neither is the whole city.

    Raises `NotAllowed`, `Missing`, and `Refused` for a role that the person can't have there.
    """
    permissions.check_administrator(actor)
    if user_id == actor.user.pk:
        raise Refused(_("您不能給自己角色，請另一位管理員辦理。"))
    user = models.User.objects.select_for_update(no_key=True).filter(pk=user_id).first()
    if user is None:
        raise Missing
    give(user, role, agency_id, unit_id, by=actor.user, now=now)


@retry
@transaction.atomic
def take_role(*, user_id: int, role_id: int, actor: Actor, now: datetime) -> None:
    """Raises `NotAllowed`, `Missing`, and `Refused` for one's own or the last administrator."""
    permissions.check_administrator(actor)
    roles = Role.objects.select_related("user", "agency", "unit")
    role = roles.filter(pk=role_id).first()
    if role is None or role.user_id != user_id:
        raise Missing
    if role.name == Role.Name.ADMINISTRATOR:
        if role.user == actor.user:
            raise Refused(_("您不能收回自己的管理員角色，請另一位管理員辦理。"))
        check_administrator_remains(without=role.user)
    before = _content(role)
    Role.objects.filter(pk=role.pk).delete()
    history.record(
        plan=None,
        action="take",
        kind="role",
        obj_id=user_id,
        label=str(role.user),
        before=before,
        after={},
        by=actor.user,
        now=now,
    )


def give(
    user: models.User,
    name: str,
    agency_id: int | None,
    unit_id: int | None,
    *,
    by: models.User,
    now: datetime,
) -> None:
    """Inside an action that has the right and holds the person's row."""
    agency, unit = _place(agency_id, unit_id)
    _check_possible(Role.Name(name), agency, unit)
    if Role.objects.filter(user=user, name=name, agency=agency, unit=unit).exists():
        raise Refused(_("%(person)s已經有這個角色。") % {"person": user}, "role")
    role = Role.objects.create(user=user, name=name, agency=agency, unit=unit)
    history.record(
        plan=None,
        action="give",
        kind="role",
        obj_id=user.pk,
        label=str(user),
        before={},
        after=_content(role),
        by=by,
        now=now,
    )


def check_administrator_remains(*, without: models.User) -> None:
    """Locked, so that two administrators can't remove each other at the same moment."""
    held = Role.objects.select_for_update(no_key=True, of=("self",)).filter(
        name=Role.Name.ADMINISTRATOR, user__is_active=True
    )
    holders = set(held.order_by("pk").values_list("user_id", flat=True))
    if holders == {without.pk}:
        raise Refused(_("至少要有一位管理員，請先指定另一位。"))


def _place(
    agency_id: int | None, unit_id: int | None
) -> tuple[models.Agency | None, models.Unit | None]:
    """Where the role is held. Raises `Missing`."""
    if unit_id is not None:
        unit = models.Unit.objects.select_related("agency").filter(pk=unit_id).first()
        if unit is None or agency_id not in (None, unit.agency_id):
            raise Missing
        return unit.agency, unit
    if agency_id is None:
        return None, None
    agency = models.Agency.objects.filter(pk=agency_id).first()
    if agency is None:
        raise Missing
    return agency, None


def _check_possible(
    name: Role.Name, agency: models.Agency | None, unit: models.Unit | None
) -> None:
    words = {"role": name.label}
    if name in OF_CITY and agency is not None:
        raise Refused(_("「%(role)s」的範圍是全市，請選「全市」。") % words, "scope")
    if name not in OF_CITY and agency is None:
        raise Refused(_("「%(role)s」屬於機關，請選機關或科室。") % words, "scope")
    if unit is not None and name not in OF_UNIT:
        raise Refused(_("「%(role)s」的範圍是整個機關，請選機關，不選科室。") % words, "scope")


def _content(role: Role) -> dict[str, str]:
    return {
        "account": role.user.username,
        "role": role.name,
        "agency": role.agency.code if role.agency else "",
        "unit": role.unit.name if role.unit else "",
    }
