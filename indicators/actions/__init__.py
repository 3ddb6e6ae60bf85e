"""Everything that changes rows. Each function is all or nothing and says who and when."""

from indicators.actions.drafts import discard_draft, keep_draft
from indicators.actions.entries import Conflict, Saved, record_entry
from indicators.actions.indicator_steps import (
    NotReady,
    approve,
    checked,
    last_submitted,
    return_for_correction,
    submit,
)
from indicators.actions.plan_steps import (
    ask_back,
    close,
    correct,
    last_step,
    publish,
    review,
)
from indicators.actions.plans import check_replace_plan, replace_plan

__all__ = [
    "Conflict",
    "NotReady",
    "Saved",
    "approve",
    "ask_back",
    "check_replace_plan",
    "checked",
    "close",
    "correct",
    "discard_draft",
    "keep_draft",
    "last_step",
    "last_submitted",
    "publish",
    "record_entry",
    "replace_plan",
    "return_for_correction",
    "review",
    "submit",
]
