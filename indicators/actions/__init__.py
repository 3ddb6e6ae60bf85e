"""Everything that changes rows. Each function is all or nothing and says who and when."""

from indicators.actions.drafts import discard_draft, keep_draft
from indicators.actions.entries import Conflict, Saved, record_entry
from indicators.actions.evidence import attach_file, cite_document, withdraw_evidence
from indicators.actions.figures import FiguresClash, record_figures
from indicators.actions.indicator_steps import (
    NotReady,
    approve,
    approve_each,
    checked,
    last_submitted,
    return_for_correction,
    submit,
)
from indicators.actions.interims import InterimClash, record_interim, set_interim
from indicators.actions.plan_steps import (
    ask_back,
    close,
    correct,
    last_step,
    publish,
    review,
)
from indicators.actions.plans import check_replace_plan, replace_plan
from indicators.evidence import EvidenceRefused

__all__ = [
    "Conflict",
    "EvidenceRefused",
    "FiguresClash",
    "InterimClash",
    "NotReady",
    "Saved",
    "approve",
    "approve_each",
    "ask_back",
    "attach_file",
    "check_can_close",
    "check_replace_plan",
    "checked",
    "cite_document",
    "close",
    "correct",
    "discard_draft",
    "keep_draft",
    "last_step",
    "last_submitted",
    "publish",
    "record_entry",
    "record_figures",
    "record_interim",
    "replace_plan",
    "return_for_correction",
    "review",
    "set_interim",
    "submit",
    "withdraw_evidence",
]
