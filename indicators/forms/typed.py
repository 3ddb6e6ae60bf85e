"""Numbers and dates as people type and paste them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from indicators.entries import FIRST_ROC_YEAR, roc
from indicators.models.fields import NUMBER_DIGITS

SIGNS = str.maketrans({"−": "-", "–": "-", "﹣": "-", "，": ",", "．": ".", "。": "."})
NUMBER = re.compile(r"[-+]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?")
DATE = re.compile(r"(\d{1,4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
LONGEST_SHOWN = 30


def to_number(typed: str) -> Decimal | None:
    """The number that was typed, None where nothing was. Raises ValueError with a sentence.

    Full-width digits and thousands separators are read; a unit, a percent sign or words are not:
    `12%` may mean 12 or 0.12.
    """
    text = unicodedata.normalize("NFKC", typed.translate(SIGNS)).translate(SIGNS)
    text = re.sub(r"\s+", "", text)
    if not text:
        return None
    if not NUMBER.fullmatch(text):
        raise ValueError(_refusal(typed.strip(), text))
    digits = text.replace(",", "").lstrip("+")
    if sum(map(str.isdigit, digits)) > NUMBER_DIGITS:
        raise ValueError(_("最多 %(limit)s 位數字，請縮短。") % {"limit": NUMBER_DIGITS})
    return Decimal(digits)


def _refusal(typed: str, text: str) -> str:
    shown = typed if len(typed) <= LONGEST_SHOWN else f"{typed[:LONGEST_SHOWN]}…"
    if re.fullmatch(r"[-+]?[0-9,]+(\.[0-9]+)?", text):
        return _("「%(typed)s」的千分位位置不對，請核對後重填。") % {"typed": shown}
    if re.fullmatch(r"[-+]?[0-9,.]+\D{1,4}", text):
        return _("「%(typed)s」請只填數字，不加單位或百分比符號。") % {"typed": shown}
    return _("「%(typed)s」不是數字，請填數字，例如 1586 或 18.7。") % {"typed": shown}


def to_date(typed: str) -> date | None:
    """`108/1/5`, `108年1月5日` or `2019-01-05`; None where nothing was typed.

    Raises ValueError with a sentence. A year below 1000 is a ROC year.
    """
    text = unicodedata.normalize("NFKC", typed).strip()
    if not text:
        return None
    match = DATE.fullmatch(text)
    if match is None:
        raise ValueError(_("請用民國年月日填寫，例如 108/1/5。"))
    year, month, day = map(int, match.groups())
    try:
        if year == 0:
            raise ValueError
        return date(year if year >= 1000 else year + FIRST_ROC_YEAR - 1, month, day)
    except ValueError as error:
        raise ValueError(_("沒有「%(typed)s」這一天，請核對。") % {"typed": text}) from error


class RocDateField(forms.CharField):
    """A date typed in ROC years; cleans to a `date` or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=30, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return roc(value) if isinstance(value, date) else value

    def clean(self, value: Any) -> Any:
        try:
            return to_date(super().clean(value))
        except ValueError as error:
            raise ValidationError(str(error)) from error
