"""For a timer, once a week or more often: nobody gets two digests in one week."""

from __future__ import annotations

from indicators.management.letters import LetterCommand
from indicators.notices import weekly_letters


class Command(LetterCommand):
    help = "Send the digest of the seven days that end today to those who asked for it."
    letters = staticmethod(weekly_letters)
