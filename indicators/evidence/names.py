"""Names of files and numbers of documents, as they may be stored and shown."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from indicators.evidence.refusal import EvidenceRefused
from indicators.models.fields import TITLE_LENGTH

INVISIBLE = {
    "Cc",
    "Cf",
    "Cs",
    "Co",
    "Cn",
    "Zl",
    "Zp",
}  # controls, bidi marks, joiners, no character


def clean_name(given: str) -> str:
    """The file's name without folders and invisible characters, at most 200 characters long."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    name = _visible(last).strip(" .")
    suffix = PurePosixPath(name).suffix
    if len(suffix) > TITLE_LENGTH // 2:
        return name[:TITLE_LENGTH]
    stem = name.removesuffix(suffix)[: TITLE_LENGTH - len(suffix)]
    return f"{stem.rstrip()}{suffix}"


def clean_number(given: str) -> str:
    """A document's number on one line. Raises `EvidenceRefused`."""
    number = _visible(unicodedata.normalize("NFC", given)).strip()
    if not number:
        raise EvidenceRefused(_("請填寫文號，例如「中市秘採字第1080000123號」。"))
    if len(number) > TITLE_LENGTH:
        raise EvidenceRefused(_("文號最多 %(limit)s 個字，請縮短。") % {"limit": TITLE_LENGTH})
    return number


def _visible(text: str) -> str:
    spaced = re.sub(r"\s+", " ", text)
    return "".join(char for char in spaced if unicodedata.category(char) not in INVISIBLE)
