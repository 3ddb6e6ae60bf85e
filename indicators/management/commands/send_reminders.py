"""For a timer, once a day or more often: nobody gets two letters on one day."""

from __future__ import annotations

from indicators.management.letters import LetterCommand
from indicators.notices import reminder_letters


class Command(LetterCommand):
    help = "Send each person the reminder of the day, on working days, where there is anything."
    letters = staticmethod(reminder_letters)
