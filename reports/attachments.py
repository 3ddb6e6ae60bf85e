"""What a PDF report carries inside: the plan, its scorecard and its figures, for machines."""

from __future__ import annotations

import csv
import io

from indicators.interchange.cells import as_text
from indicators.interchange.plan_writing import write_plan
from indicators.records import PlanRecord
from indicators.scorecards.document import scorecard_json
from indicators.scorecards.scored import ScoredPlan
from reports.pdf import Attachment


def attachments(plan: ScoredPlan) -> tuple[Attachment, ...]:
    """The three files, the same bytes for the same plan."""
    name = f"{plan.record.agency_code}-{plan.record.year}"
    return (
        Attachment(
            f"{name}-plan.json",
            write_plan(plan.record).encode(),
            "application/json",
            "計畫文件（kpi-plan/1）",
            "Source",
        ),
        Attachment(
            f"{name}-scorecard.json",
            scorecard_json(plan).encode(),
            "application/json",
            "計分表（kpi-scorecard/1）",
            "Data",
        ),
        Attachment(
            f"{name}-figures.csv",
            figures_csv(plan.record).encode("utf-8-sig"),
            "text/csv",
            "業務數據",
            "Data",
        ),
    )


def figures_csv(record: PlanRecord) -> str:
    """key, label, unit, value, previous, source; text that a spreadsheet would run is quoted."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["key", "label", "unit", "value", "previous", "source"])
    for figure in record.figures:
        value = "" if figure.value is None else format(figure.value, "f")
        previous = "" if figure.previous is None else format(figure.previous, "f")
        words = [as_text(text) for text in (figure.label, figure.unit, figure.source)]
        writer.writerow([figure.key, *words[:2], value, previous, words[2]])
    return out.getvalue()
