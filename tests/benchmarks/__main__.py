"""Run all benchmarks on a database of their own: `make bench`, or `make bench RUNS=3`."""

import io
import os
import sys
import tempfile

RUNS = int(os.environ.get("RUNS", "9"))

with tempfile.TemporaryDirectory() as folder:
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from tests.benchmarks import documents, entries, pages, reports, supervision

    parts = {"pages": pages, "entries": entries, "reports": reports, "supervision": supervision}

    call_command("migrate", verbosity=0)
    call_command("import_plan", str(documents.SEED), stdout=io.StringIO())
    chosen = sys.argv[1:] or ["pages", "entries", "reports"]
    for name in chosen:
        parts[name].run(RUNS)
