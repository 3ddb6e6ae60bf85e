"""Evidence files: what they are by their content, and where they lie. See docs/evidence.md."""

from indicators.evidence.names import clean_name, clean_number
from indicators.evidence.refusal import EvidenceRefused
from indicators.evidence.types import SUFFIXES, content_type_of
from indicators.evidence.verification import problems

__all__ = [
    "SUFFIXES",
    "EvidenceRefused",
    "clean_name",
    "clean_number",
    "content_type_of",
    "problems",
]
