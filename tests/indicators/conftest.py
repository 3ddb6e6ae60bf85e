"""Running a command as a user does: what it printed, what it warned of, how it ended."""

import io
from dataclasses import dataclass

import pytest
from django.apps import apps
from django.core.management import call_command

from tests.indicators.documents import as_bytes


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str

    @property
    def errors(self):
        return self.err.splitlines()

    @property
    def places(self):
        """Where the faults are: what stands before the colon of each line."""
        return [line.split("：", 1)[0] for line in self.errors]


@pytest.fixture
def command():
    def run(name, *arguments):
        out, err = io.StringIO(), io.StringIO()
        try:
            call_command(name, *arguments, stdout=out, stderr=err)
        except SystemExit as ended:
            return Ended(ended.code, out.getvalue(), err.getvalue())
        return Ended(0, out.getvalue(), err.getvalue())

    return run


@pytest.fixture
def import_plan(command, tmp_path):
    """Import a document (a dict or bytes)."""

    def run(document, *options):
        path = tmp_path / "plan.json"
        path.write_bytes(document if isinstance(document, bytes) else as_bytes(document))
        return command("import_plan", str(path), *options)

    return run


@pytest.fixture
def row_counts(db):
    def count():
        return {model.__name__: model.objects.count() for model in apps.get_models()}

    return count
