"""How an indicator is followed within its year; what the words mean is in scoring.interim."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PeriodChoice(models.TextChoices):
    """How often its values are entered; empty: once a year."""

    NONE = "", _("只填全年")
    MONTH = "month", _("每月")
    QUARTER = "quarter", _("每季")


class PathChoice(models.TextChoices):
    """Where it should be on the way to its target."""

    EVEN = "even", _("逐期累積，年底達到目標")
    LEVEL = "level", _("每期都應達到目標")


class GatherChoice(models.TextChoices):
    """What the values of several periods come to; empty: not asked per period."""

    CONSTANT = "", _("不分期（全年一個數值）")
    SUM = "sum", _("各期合計")
    LAST = "last", _("最後一期")
    AVERAGE = "average", _("各期平均")
    AVERAGE_GIVEN = "average_given", _("有數值各期的平均")
