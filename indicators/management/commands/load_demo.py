"""What `make run` starts with: the 107 report and four accounts."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.utils import timezone

from indicators import actions
from indicators.accounts import demo
from indicators.interchange.json_tree import read_file
from indicators.interchange.plan_reading import read_plan
from indicators.management.base import PortalCommand
from indicators.models import Plan

PLAN = "fixtures/taichung-secretariat-107.json"
PASSWORDS = "demo-accounts.txt"


class Command(PortalCommand):
    help = "Import the 107 plan where it is absent, create the demo accounts and print them."

    def handle(self, **options: object) -> None:
        plan = self.plan()
        path = Path(settings.VAR_DIR) / PASSWORDS
        passwords = demo.ensure_accounts(demo.read_passwords(path), agency=plan.agency)
        demo.write_passwords(path, passwords)
        self.stdout.write(f"示範帳號（密碼也存在 {path}）：")
        for account in demo.ACCOUNTS:
            password = passwords[account.username]
            shown = "（密碼已由使用者更改）" if password == demo.CHANGED else password
            self.stdout.write(f"  {account.username:<11}{shown}　{account.role.label}")

    def plan(self) -> Plan:
        """The plan of the fixture, imported once; what was changed since then stays."""
        record = read_plan(read_file(str(Path(settings.BASE_DIR) / PLAN)))
        plans = Plan.objects.select_related("agency").for_year(record.year)
        found = plans.filter(agency__code=record.agency_code).first()
        return found or actions.replace_plan(record, by=None, now=timezone.now())
