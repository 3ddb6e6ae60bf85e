"""期中數值: an input's, or the actual's, value for one month or quarter of the year."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from indicators.models.fields import ExactDecimalField, number_check, title_checks
from indicators.models.plan import Indicator

LAST_PERIOD = 12


class InterimValue(models.Model):
    """`symbol` is the input's; empty: the directly entered actual. `value` None: taken back.

    `period` counts months or quarters from 1, as the indicator's `period` says.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="interim_values")
    symbol = models.CharField(max_length=200, blank=True, default="")
    period = models.PositiveSmallIntegerField()
    value = ExactDecimalField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="interim_once", fields=["indicator", "symbol", "period"]),
            models.CheckConstraint(
                name="interim_period_range",
                condition=models.Q(period__gte=1, period__lte=LAST_PERIOD),
            ),
            *title_checks("interim", "symbol"),
            number_check("interim", "value"),
        ]

    def __str__(self) -> str:
        return f"{self.symbol} {self.period}".strip()
