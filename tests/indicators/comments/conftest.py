"""The people who talk about one indicator, and who only read."""

from __future__ import annotations

import pytest

from tests.indicators.work_scenes import person


@pytest.fixture
def row(secretariat):
    return secretariat.indicators.get(lineage="failed-tender-rate")


@pytest.fixture
def unit(secretariat):
    return secretariat.agency.units.get(name="採購管理科")


@pytest.fixture
def clerk(secretariat, unit):
    return person("王承辦", "clerk", secretariat.agency, unit)


@pytest.fixture
def boss(secretariat, unit):
    return person("李主管", "supervisor", secretariat.agency, unit)


@pytest.fixture
def city(db):
    return person("張研考", "reviewer", None)


@pytest.fixture
def elsewhere(secretariat):
    """A clerk of the agency whose unit has no part in the indicator: sees it, and no more."""
    return person(
        "陳人事", "clerk", secretariat.agency, secretariat.agency.units.get(name="人事室")
    )
