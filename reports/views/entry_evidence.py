"""Evidence that comes with an entry's form: files, document numbers, and what is withdrawn."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators import actions
from indicators.forms.typed import to_date
from indicators.permissions import Actor
from indicators.records import IndicatorRecord
from indicators.scorecards.entry_notes import WHOLE
from indicators.scoring.types import Method

if TYPE_CHECKING:
    from indicators.models import Indicator

WITHDRAW = re.compile(r"withdraw-([0-9]{1,18})")


def take_in(
    request: HttpRequest, row: Indicator, who: Actor, stored: IndicatorRecord
) -> dict[str, str]:
    """Each on its own: what is refused, by the id of its field, keeps nothing else out."""
    refused: dict[str, str] = {}
    for key, about in _abouts(stored).items():
        try:
            _take_one(request, key, about, row, who)
        except (actions.EvidenceRefused, ValueError) as error:
            refused[f"e-{key}"] = str(error)
    if match := WITHDRAW.fullmatch(request.POST.get("op", "")):
        actions.withdraw_evidence(
            indicator_id=row.pk,
            evidence_id=int(match[1]),
            actor=who,
            now=timezone.now(),
        )
    return refused


def _abouts(stored: IndicatorRecord) -> dict[str, str]:
    if stored.spec.method is not Method.FORMULA:
        return {WHOLE: ""}
    return {str(number): given.symbol for number, given in enumerate(stored.spec.inputs)}


def _take_one(request: HttpRequest, key: str, about: str, row: Indicator, who: Actor) -> None:
    for upload in request.FILES.getlist(f"file-{key}"):
        if isinstance(upload, UploadedFile):
            actions.attach_file(
                indicator_id=row.pk, about=about, upload=upload, actor=who, now=timezone.now()
            )
    number = request.POST.get(f"number-{key}", "").strip()
    dated = request.POST.get(f"dated-{key}", "").strip()
    if not number and not dated:
        return
    day = to_date(dated)
    if not number or day is None:
        raise ValueError(_("文號與發文日期都要填，例如「中市秘採字第1080000001號」與 108/1/5。"))
    actions.cite_document(
        indicator_id=row.pk, about=about, number=number, dated=day, actor=who, now=timezone.now()
    )
