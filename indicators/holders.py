"""With whom something lies today: those who hold a role there, or the deputies of who is away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

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


def lies_with(
    held: Iterable[RoleHeld],
    status: str,
    unit_id: int | None,
    senders: Collection[int] = NOBODY,
) -> tuple[Seat, ...]:
    """With whom an indicator in this status lies; whoever sent it in does not approve it."""
    without = senders if status == Status.SUBMITTED else NOBODY
    return holders(held, role_now(status), unit_id, without=without)


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
    return roles_by_agency([agency_id], day)[agency_id]


def roles_by_agency(agencies: Collection[int], day: date) -> Mapping[int, tuple[RoleHeld, ...]]:
    """2 queries."""
    roles = Role.objects.filter(agency__in=agencies, user__is_active=True)
    people: dict[int, list[Role]] = {agency: [] for agency in agencies}
    for role in roles.select_related("user").order_by("pk"):
        people[role.agency_id].append(role)  # type: ignore[index]
    deputies = _deputies(roles, day)
    return {agency: tuple(_held(found, deputies)) for agency, found in people.items()}


def _held(roles: list[Role], deputies: Mapping[int, list[tuple[int, str]]]) -> Iterator[RoleHeld]:
    """Only who has a role in the agency acts there."""
    here = {role.user_id for role in roles}
    for role in roles:
        lent = tuple(deputy for deputy in deputies[role.user_id] if deputy[0] in here)
        yield RoleHeld(role.name, role.unit_id, role.user_id, str(role.user), lent)


def _deputies(roles: QuerySet[Role], day: date) -> Mapping[int, list[tuple[int, str]]]:
    """By the absent person."""
    rows = Deputyship.objects.on(day).filter(absent__in=roles.values("user"))
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for row in rows.select_related("deputy").order_by("first_day", "pk"):
        found[row.absent_id].append((row.deputy_id, str(row.deputy)))
    return found
