"""A file or a document number behind an input. What a file really is the action finds out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from indicators.evidence import SUFFIXES, EvidenceRefused, clean_number
from indicators.forms.typed import RocDateField

ACCEPTED = ",".join(suffix for group in SUFFIXES.values() for suffix in group)


class FileForm(forms.Form):
    """選擇檔案. `accept` only helps to choose."""

    file = forms.FileField(
        label=_("檔案"),
        help_text=_("PDF、ODF、docx、xlsx、pptx、影像或 CSV。"),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={
            "required": _("請選擇檔案。"),
            "missing": _("請選擇檔案。"),
            "invalid": _("檔案沒有傳上來，請重新選擇後再試一次。"),
            "empty": _("檔案沒有內容，請選擇別的檔案。"),
        },
    )


class DocumentForm(forms.Form):
    """文號 with its date."""

    number = forms.CharField(
        label=_("文號"),
        help_text=_("例如「中市秘採字第1080000123號」。"),
        error_messages={"required": _("請填寫文號。")},
    )
    dated = RocDateField(
        label=_("發文日期"),
        help_text=_("民國年月日，例如 108/1/5。"),
        error_messages={"required": _("請填寫發文日期。")},
    )

    def clean_number(self) -> Any:
        try:
            return clean_number(self.cleaned_data["number"])
        except EvidenceRefused as error:
            raise ValidationError(str(error)) from error
