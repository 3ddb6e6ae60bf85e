"""Numbers, dates and sentences for people; a dash for what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from indicators.scoring.rounding import grouped
from indicators.scoring.types import Sentence
from indicators.workdays import Deadline

if TYPE_CHECKING:
    from indicators.holders import Seat

register = template.Library()

MISSING = "—"
FIRST_ROC_YEAR = 1912
KILOBYTE, MEGABYTE = 1000, 1_000_000
BREAKS = re.compile(r"(?<![;=])(?==)|(?<=[+*/×÷)])(?=[^),=])")


@register.filter
def sentence(value: object) -> str:
    """A `Sentence` in the user's language: its template is translated, then filled in."""
    if not isinstance(value, Sentence):
        return "" if value is None else str(value)
    translated = gettext(value.template)
    return translated % _filled(value.params) if value.params else translated


def _filled(params: Mapping[str, object]) -> dict[str, object]:
    return {
        key: sentence(value) if isinstance(value, Sentence) else value
        for key, value in params.items()
    }


@register.filter
def one_line(text: str) -> str:
    """What somebody typed begins no line of its own in a letter."""
    return " ".join(text.split())


@register.filter
def number(value: Decimal | None) -> str:
    """With thousands separators; — where nothing is entered."""
    return MISSING if value is None else grouped(value)


@register.filter
def dash(value: object) -> object:
    """The value itself, or — where there is none; 0 is a value."""
    return MISSING if value is None or value == "" else value


@register.filter
def file_size(size: int) -> str:
    """48 kB, 3.2 MB: as people say it, never 0."""
    if size < MEGABYTE:
        return f"{max(1, round(size / KILOBYTE))} kB"
    return f"{size / MEGABYTE:.1f} MB"


@register.filter
def calculation(value: str) -> SafeString:
    """A formula that breaks into lines before `=` and after an operator, not within a number."""
    return mark_safe(BREAKS.sub("<wbr>", escape(value)))  # noqa: S308  escaped just before


@register.filter(expects_localtime=True)
def roc_date(value: date | None) -> str:
    """107年12月31日; in English the common calendar: 31 December 2018."""
    if value is None:
        return MISSING
    if isinstance(value, datetime):
        value = timezone.localdate(value)
    if (get_language() or "").startswith("en"):
        return date_format(value, "j F Y")
    year = value.year - FIRST_ROC_YEAR + 1
    name = f"{year}年" if year > 0 else f"民國前{1 - year}年"
    return f"{name}{value.month}月{value.day}日"


@register.filter
def roc_day(value: date | None, today: date) -> str:
    """1月8日: without the year where it is the one of `today`."""
    if value is None or value.year != today.year:
        return roc_date(value)
    if (get_language() or "").startswith("en"):
        return date_format(value, "j F")
    return f"{value.month}月{value.day}日"


@register.filter
def roc_weekday(value: date | None) -> str:
    """星期五."""
    return "" if value is None else date_format(value, "l")


@register.filter
def days_left(value: Deadline) -> str:
    """剩 3 個工作天, 今天到期, 逾期 2 個工作天; empty where there is no deadline."""
    if value.left is None or value.is_today:
        return gettext("今天到期") if value.is_today else ""
    days = abs(value.left)
    if value.is_late and not days:
        return gettext("逾期，其後尚無工作天")
    if value.is_late:
        return ngettext("逾期 %(days)s 個工作天", "逾期 %(days)s 個工作天", days) % {"days": days}
    return ngettext("剩 %(days)s 個工作天", "剩 %(days)s 個工作天", days) % {"days": days}


@register.filter
def people(seats: Iterable[Seat]) -> str:
    """With whom something lies: 王承辦、林同仁（代理李主管）."""
    return gettext("、").join(_person(seat) for seat in seats)


def _person(seat: Seat) -> str:
    deputy = gettext("（代理%(absent)s）") % {"absent": seat.absent} if seat.absent else ""
    return f"{seat.person}{deputy}"


@register.filter
def roc_moment(value: datetime | None) -> str:
    """108年1月8日 09:12, in Taipei."""
    if value is None:
        return MISSING
    here = timezone.localtime(value)
    return f"{roc_date(here.date())} {here:%H:%M}"


@register.filter
def roc_time(value: datetime | None, today: date) -> str:
    """1月8日 09:12: without the year where it is the one of `today`."""
    if value is None:
        return MISSING
    here = timezone.localtime(value)
    return f"{roc_day(here.date(), today)} {here:%H:%M}"


@register.filter
def shown(value: object) -> str:
    """A value of the history: a date or time in ROC years, text as it is; — for nothing."""
    if isinstance(value, datetime):
        return roc_moment(value)
    if isinstance(value, date):
        return roc_date(value)
    return MISSING if value is None or value == "" else str(value)
