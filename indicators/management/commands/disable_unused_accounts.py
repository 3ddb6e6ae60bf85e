"""For a nightly timer; an account that is past its time is refused at sign-in anyway."""

from __future__ import annotations

from django.utils import timezone

from indicators import accounts
from indicators.management.base import PortalCommand


class Command(PortalCommand):
    help = "Disable the accounts that nobody used for UNUSED_ACCOUNT_DAYS and name them."

    def handle(self, **options: object) -> None:
        for name in accounts.disable_unused(timezone.now()):
            self.stdout.write(f"已停用：{name}")
