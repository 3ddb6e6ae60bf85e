"""The history that proves itself: written by `record`, checked by `verify`. See docs/history.md."""

from indicators.history.canonical import changes
from indicators.history.chains import Head, heads, read_heads
from indicators.history.recording import NO_PLAN, Entry, record, record_many
from indicators.history.verification import Fault, Problem, snapshot, verify

__all__ = [
    "NO_PLAN",
    "Entry",
    "Fault",
    "Head",
    "Problem",
    "changes",
    "heads",
    "read_heads",
    "record",
    "record_many",
    "snapshot",
    "verify",
]
