"""Who somebody is today: their own roles, and those of whoever they are the deputy of."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from indicators.models import Deputyship, Role, User


@dataclass(frozen=True, slots=True)
class Post:
    """One role that a person holds today; `of` is the absent person whose role it is."""

    name: str
    agency_id: int | None
    unit_id: int | None
    of: User | None = None

    def covers(self, agency_id: int, unit_id: int | None) -> bool:
        """A role of the city covers every agency, one of an agency every unit of it."""
        if self.agency_id is None:
            return True
        return self.agency_id == agency_id and self.unit_id in (None, unit_id)


@dataclass(frozen=True, slots=True)
class Actor:
    """A person with the roles that they hold today; their own stand before a deputy's."""

    user: User
    posts: tuple[Post, ...]

    def post(self, names: Collection[str], agency_id: int, unit_id: int | None) -> Post | None:
        """The role by which they may do something there, if any."""
        return next(
            (p for p in self.posts if p.name in names and p.covers(agency_id, unit_id)), None
        )

    def lent_or_own(
        self, names: Collection[str], agency_id: int, holders: Collection[int]
    ) -> Post | None:
        """A role in any unit of the agency that one of these people holds."""
        return next(
            (
                p
                for p in self.posts
                if p.name in names
                and p.agency_id in (None, agency_id)
                and (p.of or self.user).pk in holders
            ),
            None,
        )

    def stands_for(self, agency_id: int) -> frozenset[int]:
        """Oneself, and whoever one is the deputy of in that agency."""
        lent = {p.of.pk for p in self.posts if p.of is not None and p.agency_id == agency_id}
        return frozenset({self.user.pk, *lent})

    def holds(self, names: Collection[str]) -> bool:
        return any(post.name in names for post in self.posts)


def actor_of(user: User, today: date) -> Actor:
    """2 queries. A deputy has only the roles in agencies of their own, never those of the city.

    So who has left an agency, or never was in it, acts for nobody there.
    """
    own = [Post(role.name, role.agency_id, role.unit_id) for role in _roles(user)]
    return Actor(user, (*own, *_lent(user, today)))


def _roles(user: User) -> Iterator[Role]:
    yield from Role.objects.filter(user=user).order_by("pk")


def _lent(user: User, today: date) -> Iterator[Post]:
    absent = Deputyship.objects.on(today).filter(deputy=user, absent__is_active=True)
    agencies = Role.objects.filter(user=user, agency__isnull=False).values("agency")
    roles = Role.objects.filter(user__in=absent.values("absent"), agency__in=agencies)
    for role in roles.select_related("user").order_by("pk"):
        yield Post(role.name, role.agency_id, role.unit_id, role.user)
