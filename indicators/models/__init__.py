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
from indicators.models.organisation import Agency, Unit
from indicators.models.people import PasswordReset, PasswordResetQuerySet, Role, User
from indicators.models.plan import Goal, Indicator, Perspective, Plan
from indicators.models.workflow import Draft, Step

__all__ = [
    "Agency",
    "AuditEvent",
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
    "Measurement",
    "Mention",
    "Milestone",
    "MissedTargetReview",
    "PasswordReset",
    "PasswordResetQuerySet",
    "Perspective",
    "Plan",
    "ReportSection",
    "Role",
    "Step",
    "Unit",
    "User",
]
