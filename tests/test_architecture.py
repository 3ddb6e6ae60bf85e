"""The house rules that a machine can check."""

from pathlib import Path

import pytest
from django.core.management import call_command
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parent.parent


def test_imports_follow_the_layers():
    assert lint_imports(config_filename=str(ROOT / ".importlinter"), no_cache=True) == 0


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("name", ["utils", "helpers", "services", "common", "signals"])
def test_no_drawer_for_everything(name):
    apps = ("indicators", "reports", "kpi_portal")
    found = [path for app in apps for path in (ROOT / app).rglob(name + "*")]
    assert found == []
