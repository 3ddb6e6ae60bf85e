"""What tests share: the seed's plan, a person for each role, and clients that are logged in."""

from __future__ import annotations

from pathlib import Path

import hypothesis
import pytest
from django.utils import timezone

from indicators import actions, demo, models
from indicators.interchange.json_tree import read_file
from indicators.interchange.plan_reading import read_plan
from tests import selection
from tests import shared_rows as sharing
from tests.shared_rows import shared_rows

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT / "fixtures" / "taichung-secretariat-107.json"
NOW = timezone.now()
CITY_ROLES = {"reviewer", "administrator", "auditor"}


# No time limits: how fast a machine is, is not what a property says.
hypothesis.settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")


def pytest_configure(config: pytest.Config) -> None:
    for part in (selection, sharing):
        config.pluginmanager.register(part)


@pytest.fixture(scope="session")
def seed_record():
    """The 107 plan as its document says it; no database."""
    return read_plan(read_file(str(SEED)))


@shared_rows
def secretariat(seed_record) -> models.Plan:
    """The 107 plan of tc-secretariat, stored."""
    return actions.replace_plan(seed_record, by=None, now=NOW)


@shared_rows
def played() -> None:
    """The demo's year under way."""
    demo.load({}, now=NOW)


@pytest.fixture
def other_agency(db) -> models.Agency:
    """An agency that the secretariat's people have nothing to do with."""
    return models.Agency.objects.create(code="tc-other", name="別的機關")


def a_person(role: str, agency: models.Agency | None = None, name: str = "") -> models.User:
    user = models.User(username=name or f"test-{role}", first_name="測試者")
    user.set_password("only-for-tests")
    user.save()
    models.Role.objects.create(user=user, name=role, agency=agency)
    return user


@pytest.fixture
def make_user(db):
    """make_user("clerk", agency): a person with that role; agency None is the whole city."""
    return a_person


@shared_rows
def users(secretariat) -> dict[str, models.User]:
    """One person for each role, in the secretariat or in the city."""
    return {
        role: a_person(role, None if role in CITY_ROLES else secretariat.agency)
        for role in models.Role.Name.values
    }


@pytest.fixture
def sign_in(client):
    """sign_in(user): the client, logged in, in Chinese."""

    def log(user: models.User):
        client.force_login(user)
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-TW"
        return client

    return log


@pytest.fixture
def clerk_client(secretariat, make_user, sign_in):
    """A client logged in as a clerk of the secretariat."""
    return sign_in(make_user("clerk", secretariat.agency))
