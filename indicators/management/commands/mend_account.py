from __future__ import annotations

from django.core.management.base import CommandParser
from django.utils import timezone

from indicators import accounts
from indicators.management.base import PortalCommand
from indicators.models import User


class Command(PortalCommand):
    help = "For who runs the server: let somebody in again who can't be helped from the pages."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("account")
        parser.add_argument("--enable", action="store_true", help="a disabled account")
        parser.add_argument("--remove-second-factor", action="store_true")
        parser.add_argument("--remove-sign-on", action="store_true", help="the city's, linked anew")
        parser.add_argument("--link", action="store_true", help="print a link for a new password")

    def handle(self, *, account: str, **options: object) -> None:
        user, now = User.objects.filter(username=account).first(), timezone.now()
        if user is None:
            self.fail([f"沒有「{account}」這個帳號。"])
        if options["enable"]:
            accounts.enable_from_server(user, now)
            self.stdout.write("帳號已啟用。")
        if options["remove_second_factor"]:
            accounts.remove_second_factor(user, None, now)
            self.stdout.write("第二步驗證已移除。")
        if options["remove_sign_on"]:
            accounts.remove_sign_on(user, None, now)
            self.stdout.write("單一簽入的連結已移除。")
        if options["link"]:
            self.stdout.write(accounts.issue_reset(user, None, now))
