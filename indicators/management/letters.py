"""What the commands share that send letters: their arguments, their report, their exit code."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from django.core.management.base import CommandParser
from django.utils import timezone

from indicators.actions.notices import Claim
from indicators.management.base import PortalCommand
from indicators.notices import Letter, Outcome, send_letters

RULE = "─" * 30


def iso_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"--date 請用 2020-01-22 的寫法，不能是 {text!r}") from error


class LetterCommand(PortalCommand):
    """Exit 1 where a letter did not reach its reader: a timer then tells whoever runs it."""

    letters: Callable[[date], Iterator[Letter]]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=iso_date, help="as if it were that day (2020-01-22)")
        parser.add_argument(
            "--dry-run", action="store_true", help="print the letters; send and store nothing"
        )

    def handle(self, *, date: date | None, dry_run: bool, **options: object) -> None:
        letters = type(self).letters(date or timezone.localdate())
        if dry_run:
            self._print_letters(letters)
        else:
            self._report(list(send_letters(letters, timezone.now())))

    def _print_letters(self, letters: Iterable[Letter]) -> None:
        count = 0
        for count, letter in enumerate(letters, start=1):  # noqa: B007
            self.stdout.write(f"{RULE}\n{address(letter)}\n{letter.subject}\n\n{letter.body}")
        self.stdout.write(f"{RULE}\n共 {count} 封，沒有寄出。")

    def _report(self, outcomes: list[Outcome]) -> None:
        failed = [one for one in outcomes if one.error]
        sent = sum(one.claim is Claim.MINE for one in outcomes) - len(failed)
        earlier = sum(one.claim is Claim.SENT for one in outcomes)
        self.stdout.write(f"寄出 {sent} 封；{earlier} 人先前已寄過。")
        lines = [f"寄不到 {address(one.letter)}：{one.error}。下次執行時再試。" for one in failed]
        lines += [
            f"不確定 {address(one.letter)} 是否收到：上次寄送時中斷，不再重寄。"
            for one in outcomes
            if one.claim is Claim.UNSURE
        ]
        if lines:
            self.fail(lines)


def address(letter: Letter) -> str:
    return f"{letter.to} <{letter.to.email}>"
