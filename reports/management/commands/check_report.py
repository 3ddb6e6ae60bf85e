from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from django.conf import settings
from django.core.management.base import CommandParser

from indicators.management.base import PortalCommand
from indicators.records import PlanRecord
from indicators.scorecards.scored import score_plan
from reports.assembly import build_with_problems
from reports.consistency import Finding, audit

LEVELS = {"error": "錯誤", "warning": "注意"}


class Command(PortalCommand):
    help = "Check that the report's text agrees with its data; exit 1 if any finding is an error."

    def add_arguments(self, parser: CommandParser) -> None:
        self.add_plan_arguments(parser)
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *, agency: str, year: str, format: str, **options: object) -> None:
        plan = score_plan(self.load(agency, year))
        report, problems = build_with_problems(plan, city=settings.CITY_NAME)
        findings = audit(plan, report, problems)
        write = findings_json if format == "json" else findings_text
        self.stdout.write(write(plan.record, findings), ending="")
        if any(finding.level == "error" for finding in findings):
            self.stdout.flush()
            sys.exit(1)


def findings_text(record: PlanRecord, findings: Sequence[Finding]) -> str:
    lines = [f"{LEVELS[one.level]}　{one.place}：{one.sentence}" for one in findings]
    return "\n".join(lines or ["未發現不一致。"]) + "\n"


def findings_json(record: PlanRecord, findings: Sequence[Finding]) -> str:
    tree = {
        "format": "kpi-findings/1",
        "agency": {"code": record.agency_code, "name": record.agency_name},
        "year": record.year,
        "findings": [
            {"level": one.level, "rule": one.rule, "place": one.place, "sentence": one.sentence}
            for one in findings
        ],
    }
    return json.dumps(tree, ensure_ascii=False, indent=2) + "\n"
