"""The PDF against headless Chromium's print of the same stand-alone HTML."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from django.conf import settings

from indicators.interchange.plan_reading import read_plan
from indicators.scorecards.scored import ScoredPlan, score_plan
from reports.assembly import build
from reports.attachments import attachments
from reports.rendering import html_document, pdf_document
from tests.benchmarks import documents
from tests.benchmarks.timing import interleaved, table

CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-pdf-header-footer",
]
TIMES = 20


def run(runs: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _compare("The 107 report", documents.seed(), Path(folder), runs, command=True)
        large = documents.with_text_times(TIMES)
        _compare(f"Its text {TIMES} times", large, Path(folder), max(1, runs // 3), command=False)


def _compare(title: str, document: dict, folder: Path, runs: int, *, command: bool) -> None:
    plan = score_plan(read_plan(documents.as_bytes(document)))
    source = folder / "report.html"
    source.write_text(html_document(build(plan, city=settings.CITY_NAME)), encoding="utf-8")
    size = len(_pdf(plan))  # also warms up
    tasks = {"warm": lambda: _pdf(plan), "chromium": lambda: _chromium(source, folder)}
    if command:
        tasks["process"] = lambda: _process(folder)
    seconds = interleaved(runs, **tasks)
    rows = {
        "PDF, warm (data to bytes)": f"{seconds['warm']:.2f} s",
        "Chromium, the same stand-alone HTML": f"{seconds['chromium']:.2f} s",
        "ratio": f"{seconds['warm'] / seconds['chromium']:.2f}",
        "size": f"{size / 1e6:.2f} MB",
    }
    if command:
        rows["render_report as a new process"] = f"{seconds['process']:.2f} s"
        rows["ratio of the new process"] = f"{seconds['process'] / seconds['chromium']:.2f}"
    table(f"{title} (median of {runs})", rows)


def _pdf(plan: ScoredPlan) -> bytes:
    return pdf_document(build(plan, city=settings.CITY_NAME), attachments(plan))


def _process(folder: Path) -> None:
    command = ["manage.py", "render_report", "tc-secretariat", "107", "--format", "pdf"]
    subprocess.run([sys.executable, *command, "-o", str(folder / "own.pdf")], check=True)


def _chromium(source: Path, folder: Path) -> None:
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        raise SystemExit("chromium is missing: apt-get install chromium")
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                browser,
                *CHROMIUM_FLAGS,
                f"--user-data-dir={profile}",
                f"--print-to-pdf={folder / 'chromium.pdf'}",
                source.as_uri(),
            ],
            check=True,
            stderr=subprocess.DEVNULL,
        )
