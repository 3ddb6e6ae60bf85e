"""With whom something lies today: those who hold a role there, or the deputies of who is away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from indicators.models import Deputyship, Indicator, Role

Status = Indicator.Status
CLERK, SUPERVISOR, MANAGER = Role.Name.CLERK, Role.Name.SUPERVISOR, Role.Name.PLAN_MANAGER
NOBODY: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """Somebody's role in an agency or one of its units; `deputies` (key, name) are today's."""

    role: str
    unit_id: int | None
    user_id: int
    person: str
    deputies: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Seat:
    """Who acts today; `absent` is whose deputy they are, empty where the role is their own."""

    user_id: int
    person: str
    absent_id: int | None = None
    absent: str = ""

    @property
    def holder_id(self) -> int:
        """Whose role it is."""
        return self.user_id if self.absent_id is None else self.absent_id


def role_now(status: str) -> str:
    """Who has an indicator in this status, while its plan is open."""
    if status == Status.SUBMITTED:
        return SUPERVISOR
    return MANAGER if status == Status.APPROVED else CLERK


def holders(
    held: Iterable[RoleHeld],
    role: str,
    unit_id: int | None,
    *,
    without: Collection[int] = NOBODY,
) -> tuple[Seat, ...]:
    """Those of the unit itself, else those of the whole agency; each person once.

    Who is away comes back in where their deputies are all among those left out (`without`).
    """
    free = [own for own in held if own.role == role and own.user_id not in without]
    near = [own for own in free if unit_id is not None and own.unit_id == unit_id]
    chosen = near or [own for own in free if own.unit_id is None]
    return tuple({s.user_id: s for own in chosen for s in _seats(own, without)}.values())


def _seats(own: RoleHeld, without: Collection[int]) -> list[Seat]:
    seats = [
        Seat(key, name, own.user_id, own.person) for key, name in own.deputies if key not in without
    ]
    return seats or [Seat(own.user_id, own.person)]


def roles_held(agency_id: int, day: date) -> tuple[RoleHeld, ...]:
    """2 queries."""
    roles = Role.objects.filter(
        agency=agency_id, name__in=[CLERK, SUPERVISOR, MANAGER], user__is_active=True
    )
    deputies = _deputies(agency_id, day)
    return tuple(
        RoleHeld(
            role=role.name,
            unit_id=role.unit_id,
            user_id=role.user_id,
            person=str(role.user),
            deputies=tuple(deputies[role.user_id]),
        )
        for role in roles.select_related("user").order_by("pk")
    )


def _deputies(agency_id: int, day: date) -> Mapping[int, list[tuple[int, str]]]:
    """By the absent person; only who has a role in the agency acts there."""
    people = Role.objects.filter(agency=agency_id).values("user")
    rows = Deputyship.objects.on(day).filter(
        absent__in=people, deputy__in=people, deputy__is_active=True
    )
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for row in rows.select_related("deputy").order_by("first_day", "pk"):
        found[row.absent_id].append((row.deputy_id, str(row.deputy)))
    return found
