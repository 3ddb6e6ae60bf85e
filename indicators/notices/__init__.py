"""The letters that a timer sends: composed, claimed, delivered. See docs/mail.md."""

from indicators.notices.letters import Letter
from indicators.notices.reminders import reminder_letters
from indicators.notices.sending import Outcome, send_letters
from indicators.notices.weekly import weekly_letters

__all__ = ["Letter", "Outcome", "reminder_letters", "send_letters", "weekly_letters"]
