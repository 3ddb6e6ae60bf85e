"""What `make run` starts with: the 107 report, a year under way, and accounts to try it with."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.utils import timezone

from indicators import demo
from indicators.accounts import demo as accounts
from indicators.management.base import PortalCommand

PASSWORDS = "demo-accounts.txt"


class Command(PortalCommand):
    help = "Import the sample plans that are absent, create the demo accounts and print them."

    def handle(self, **options: object) -> None:
        path = Path(settings.VAR_DIR) / PASSWORDS
        known = accounts.read_passwords(path)
        passwords, notes = demo.load(known, now=timezone.now())
        accounts.write_passwords(path, passwords)
        self.warn(notes)
        self.stdout.write(f"示範帳號（密碼也存在 {path}）：")
        for account in accounts.ACCOUNTS:
            password = passwords[account.username]
            shown = "（密碼已由使用者更改）" if password == accounts.CHANGED else password
            self.stdout.write(f"  {account.username:<11}{shown}　{account.place}")
            self.stdout.write(f"  {'':<11}{account.tries}")
