"""Rows: fields, constraints and facts about one row; a QuerySet with the filter words."""

from indicators.models.audit import AuditEvent, Chain
from indicators.models.comments import Comment, Mention
from indicators.models.deputies import Deputyship
from indicators.models.follow_ups import FollowUp
from indicators.models.interim import InterimValue
from indicators.models.measurement import (
    Evidence,
    Input,
    InputRow,
    Measurement,
    Milestone,
    MissedTargetReview,
)
from indicators.models.narrative import Figure, ReportSection
from indicators.models.notices import MailChoice, Notice
from indicators.models.organisation import Agency, CalendarDay, Unit
from indicators.models.people import PasswordReset, PasswordResetQuerySet, Role, User
from indicators.models.plan import Goal, Indicator, Perspective, Plan
from indicators.models.workflow import Draft, Reminder, Step

__all__ = [
    "Agency",
    "AuditEvent",
    "CalendarDay",
    "Chain",
    "Comment",
    "Deputyship",
    "Draft",
    "Evidence",
    "Figure",
    "FollowUp",
    "Goal",
    "Indicator",
    "Input",
    "InputRow",
    "InterimValue",
    "MailChoice",
    "Measurement",
    "Mention",
    "Milestone",
    "MissedTargetReview",
    "Notice",
    "PasswordReset",
    "PasswordResetQuerySet",
    "Perspective",
    "Plan",
    "Reminder",
    "ReportSection",
    "Role",
    "Step",
    "Unit",
    "User",
]
