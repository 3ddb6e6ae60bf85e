"""Rows: fields, constraints and facts about one row; a QuerySet with the filter words."""

from indicators.models.audit import AuditEvent, Chain
from indicators.models.measurement import (
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

__all__ = [
    "Agency",
    "AuditEvent",
    "Chain",
    "Figure",
    "Goal",
    "Indicator",
    "Input",
    "InputRow",
    "Measurement",
    "Milestone",
    "MissedTargetReview",
    "PasswordReset",
    "PasswordResetQuerySet",
    "Perspective",
    "Plan",
    "ReportSection",
    "Role",
    "Unit",
    "User",
]
