"""Which samples a database still lacks, and putting them there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from indicators import actions, models
from indicators.accounts import demo as accounts
from indicators.actions.deputies import name_deputy
from indicators.actions.past_interims import import_interims
from indicators.actions.past_plans import keep_as_published
from indicators.actions.refusals import Missing, Refused
from indicators.demo import city, secretariat
from indicators.demo.interims import NOTES, followed
from indicators.demo.playing import Calendar, Play
from indicators.interchange.json_tree import read_file
from indicators.interchange.plan_reading import read_plan
from indicators.permissions import NotAllowed, actor_of

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
IMPORTED = 16  # working days ago
PAST = ("sample-secretariat-105.json", "sample-secretariat-106.json")
REPORT = "taichung-secretariat-107.json"
UNDER_WAY = "taichung-secretariat-108.json"
PLAYED: dict[str, Callable[[Play], None]] = {
    UNDER_WAY: secretariat.play,
    "sample-library-108.json": city.play_library,
    "sample-land-office-108.json": city.play_land_office,
}


def load(known: dict[str, str], *, now: datetime) -> tuple[dict[str, str], list[str]]:
    """What is absent; what is there stays as people have left it.

    `known` are the passwords of earlier runs. Returns those that open the accounts, and what the
    person at the terminal should know. Files are attached once the rest is stored.
    """
    passwords, played = _load(known, now)
    if stage := played[UNDER_WAY].stage:
        secretariat.attach(stage, FIXTURES)
    return passwords, [said.note for said in played.values() if said.note]


@dataclass(frozen=True, slots=True)
class Played:
    """`stage` where the plan was played just now; `note` where it could not be."""

    stage: Play | None = None
    note: str = ""


@transaction.atomic
def _load(known: dict[str, str], now: datetime) -> tuple[dict[str, str], dict[str, Played]]:
    for name in PAST:
        _ensure_past(name, now)
    plan, is_new = _ensure_plan(REPORT, now)
    if is_new:
        _follow(plan, now)
    passwords = accounts.ensure_accounts(known, agency=plan.agency)
    return passwords, {name: _ensure_played(name, now) for name in PLAYED}


def _ensure_played(name: str, now: datetime) -> Played:
    calendar = Calendar(timezone.localdate(now))
    plan, is_new = _ensure_plan(name, calendar.at(IMPORTED, "09:00"))
    if not is_new:
        return Played()
    try:
        with transaction.atomic():
            stage = Play(plan, _people(plan, calendar), calendar)
            PLAYED[name](stage)
    except (NotAllowed, Refused, Missing) as error:  # the demo accounts have other roles by now
        return Played(note=f"{plan}：已匯入計畫，但無法重演填報流程（{error}）")
    return Played(stage)


def _ensure_past(name: str, now: datetime) -> None:
    plan, is_new = _ensure_plan(name, now)
    if is_new:
        _follow(plan, now)
        keep_as_published(plan_id=plan.pk, now=now)


def _follow(plan: models.Plan, now: datetime) -> None:
    """The months of a year that is over."""
    year = plan.year
    import_interims(plan_id=plan.pk, followed=followed(year), note=NOTES[year], now=now)


def _ensure_plan(name: str, now: datetime) -> tuple[models.Plan, bool]:
    """The plan of a fixture, and whether it was imported just now."""
    document = read_file(str(FIXTURES / name))
    record = read_plan(document)
    plans = models.Plan.objects.select_related("agency").for_year(record.year)
    found = plans.filter(agency__code=record.agency_code).order_by("-version").first()
    if found is not None:
        return found, False
    digest = hashlib.sha256(document).hexdigest()
    return actions.replace_plan(record, by=None, now=now, document_sha256=digest), True


def _people(plan: models.Plan, calendar: Calendar) -> dict[str, models.User]:
    """By username: those of the demo accounts, and the plan's colleagues."""
    names = [account.username for account in accounts.ACCOUNTS]
    people = {user.username: user for user in models.User.objects.filter(username__in=names)}
    agency = plan.agency
    if agency.code in city.SHORT:
        for role, part in city.PART.items():
            name, whole = city.username(agency.code, role), f"範例{city.SHORT[agency.code]}{part}"
            people[name] = accounts.ensure_colleague(name, whole, role, agency=agency)
        return people
    for username, name, unit in secretariat.COLLEAGUES:
        people[username] = accounts.ensure_colleague(
            username, name, models.Role.Name.CLERK, agency=agency, unit=unit
        )
    _deputise(people, calendar)
    return people


def _deputise(people: dict[str, models.User], calendar: Calendar) -> None:
    """Named by the absent themselves, from the last working day on."""
    now = calendar.at(1, "09:00")
    for absent, days in secretariat.ABSENT.items():
        name_deputy(
            absent_id=people[absent].pk,
            deputy_id=people[secretariat.DEPUTY].pk,
            first_day=timezone.localdate(now),
            last_day=calendar.day(days),
            actor=actor_of(people[absent], timezone.localdate(now)),
            now=now,
        )
