"""With whom something lies today: those who hold a role there, or the deputies of who is away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from indicators.models import Deputyship, Indicator, Role, User

Status = Indicator.Status
CLERK, SUPERVISOR, MANAGER = Role.Name.CLERK, Role.Name.SUPERVISOR, Role.Name.PLAN_MANAGER
NOBODY: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Seat:
    """Who acts today in a role; `absent` is whose deputy they are, empty where it is their own."""

    role: str
    unit_id: int | None
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
    seats: Iterable[Seat],
    role: str,
    unit_id: int | None,
    *,
    without: Collection[int] = NOBODY,
) -> tuple[Seat, ...]:
    """Those of the unit itself, else those of the whole agency; each person once."""
    free = [s for s in seats if s.role == role and not {s.user_id, s.holder_id} & set(without)]
    near = [seat for seat in free if unit_id is not None and seat.unit_id == unit_id]
    chosen = near or [seat for seat in free if seat.unit_id is None]
    return tuple({seat.user_id: seat for seat in chosen}.values())


def seats_of(agency_id: int, day: date) -> tuple[Seat, ...]:
    """2 queries."""
    roles = Role.objects.filter(
        agency=agency_id, name__in=[CLERK, SUPERVISOR, MANAGER], user__is_active=True
    )
    deputies = _deputies(agency_id, day)
    return tuple(
        seat
        for role in roles.select_related("user").order_by("pk")
        for seat in _seats(role, deputies)
    )


def _seats(role: Role, deputies: Mapping[int, list[User]]) -> Iterator[Seat]:
    away = deputies.get(role.user_id, [])
    for deputy in away:
        yield Seat(role.name, role.unit_id, deputy.pk, str(deputy), role.user_id, str(role.user))
    if not away:
        yield Seat(role.name, role.unit_id, role.user_id, str(role.user))


def _deputies(agency_id: int, day: date) -> dict[int, list[User]]:
    """By the absent person; only who has a role in the agency acts there."""
    people = Role.objects.filter(agency=agency_id).values("user")
    rows = Deputyship.objects.on(day).filter(
        absent__in=people, deputy__in=people, deputy__is_active=True
    )
    found: dict[int, list[User]] = defaultdict(list)
    for row in rows.select_related("deputy").order_by("first_day", "pk"):
        found[row.absent_id].append(row.deputy)
    return found
