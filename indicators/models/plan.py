"""One agency's goals, indicators, weights and targets of one year.

Every row belongs to one year's plan, so that a later year's change never alters an
earlier report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from indicators.models.fields import (
    NOT_NEGATIVE,
    POSITIVE,
    VISIBLE,
    ExactDecimalField,
    choice_check,
    form_check,
    name_checks,
    number_check,
    text_checks,
    title_checks,
)
from indicators.models.interim_choices import GatherChoice, PathChoice, PeriodChoice
from indicators.models.organisation import Agency, Unit

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from indicators.models.people import User


class PlanStatus(models.TextChoices):
    """How far a plan has come; see permissions.py for who may do what when."""

    DRAFT = "draft", _("填報中")
    SUBMITTED = "submitted", _("已送出")
    RETURNED = "returned", _("退回補正")
    APPROVED = "approved", _("核定")
    REVIEWED = "reviewed", _("複核")
    PUBLISHED = "published", _("公告")


class IndicatorStatus(models.TextChoices):
    """How far one indicator's entry has come; the plan is closed when all are approved."""

    DRAFT = "draft", _("填報中")
    SUBMITTED = "submitted", _("已送出")
    RETURNED = "returned", _("退回補正")
    APPROVED = "approved", _("核定")


class LowerChoice(models.TextChoices):
    """The plan's rule for a 'lower is better' target that is not met; empty is the default."""

    DEFAULT = "", _("線性（預設）")
    LINEAR = "linear", _("線性")
    RATIO = "ratio", _("比率")


class DirectionChoice(models.TextChoices):
    """Which side of the target is good."""

    HIGHER = "higher", _("愈高愈好")
    LOWER = "lower", _("愈低愈好")
    EQUAL = "equal", _("等於目標")


class MethodChoice(models.TextChoices):
    """Where an indicator's actual comes from."""

    FORMULA = "formula", _("公式")
    MILESTONES = "milestones", _("完成工作項目")
    DIRECT = "direct", _("直接填報")


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, user: User | AnonymousUser) -> PlanQuerySet:
        return self.filter(agency__in=Agency.objects.visible_to(user))

    def for_year(self, year: int) -> PlanQuerySet:
        return self.filter(year=year)

    def current(self) -> PlanQuerySet:
        """Without what a correction has replaced."""
        later = Plan.objects.filter(
            agency=models.OuterRef("agency"),
            year=models.OuterRef("year"),
            version__gt=models.OuterRef("version"),
        )
        return self.exclude(models.Exists(later))

    def named(self, words: str) -> PlanQuerySet:
        """Each word is in the agency's code, its name, or its name of that year."""
        found = self
        for word in words.split():
            name = models.Q(agency__name__icontains=word) | models.Q(agency_name__icontains=word)
            found = found.filter(name | models.Q(agency__code__icontains=word))
        return found

    def newest_first(self) -> PlanQuerySet:
        return self.select_related("agency").order_by("-year", "agency__code", "-version")


class Plan(models.Model):
    """年度施政計畫. `year` is the ROC year (107 = 2018). Empty policy fields mean the default.

    A published plan never changes: its correction is a new row with the next `version`.
    """

    Status = PlanStatus

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="plans")
    agency_name = models.CharField(max_length=200)  # as it was in that year
    year = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField(default=1)
    correction_reason = models.TextField(blank=True, default="")  # of versions after the first
    due = models.DateField(null=True, blank=True)  # last day to submit, where an indicator has none
    status = models.CharField(max_length=20, choices=Status, default=Status.DRAFT)
    sample_note = models.TextField(blank=True, default="")  # 範例資料: what of it is invented
    interim_note = models.TextField(blank=True, default="")  # where its interim values come from
    lower_policy = models.CharField(max_length=10, choices=LowerChoice, blank=True, default="")
    green_from = ExactDecimalField(null=True, blank=True)
    yellow_from = ExactDecimalField(null=True, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="plan_once", fields=["agency", "year", "version"]),
            models.CheckConstraint(
                name="plan_correction_has_reason",
                condition=models.Q(version=1) | models.Q(correction_reason__regex=VISIBLE),
            ),
            *text_checks("plan", "correction_reason"),
            *text_checks("plan", "sample_note", 1000),
            *text_checks("plan", "interim_note", 1000),
            models.CheckConstraint(
                name="plan_year_range", condition=models.Q(year__gte=1, year__lte=999)
            ),
            *name_checks("plan", "agency_name"),
            choice_check("plan", "status", PlanStatus),
            choice_check("plan", "lower_policy", LowerChoice),
            number_check("plan", "green_from"),
            number_check("plan", "yellow_from"),
            models.CheckConstraint(
                name="plan_lights_together",
                condition=models.Q(green_from=None, yellow_from=None)
                | models.Q(green_from__isnull=False, yellow_from__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_name} {self.year}"


class Perspective(models.Model):
    """面向: 業務, 人力, 經費 or an agency's own."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="perspectives")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="perspective_place", fields=["plan", "position"]),
            *name_checks("perspective", "name"),
        ]

    def __str__(self) -> str:
        return self.name


class Goal(models.Model):
    """策略績效目標. Its stated weight is what its indicators sum to."""

    perspective = models.ForeignKey(Perspective, models.CASCADE, related_name="goals")
    position = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    weight = ExactDecimalField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="goal_place", fields=["perspective", "position"]),
            *name_checks("goal", "title"),
            number_check("goal", "weight", POSITIVE),
        ]

    def __str__(self) -> str:
        return self.title


class Indicator(models.Model):
    """衡量指標. `lineage` is the same in every year in which an agency measures the same thing.

    `revision` counts the saves of its entry: who saves names the one they started from.
    """

    Status = IndicatorStatus

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="indicators")
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="indicators")
    position = models.PositiveIntegerField()
    lineage = models.CharField(max_length=40, blank=True, default="")
    owner = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="indicators"
    )
    title = models.CharField(max_length=200)
    weight = ExactDecimalField()
    unit = models.CharField(max_length=200, blank=True, default="")
    decimals = models.PositiveSmallIntegerField()
    direction = models.CharField(max_length=10, choices=DirectionChoice)
    target = ExactDecimalField()
    method = models.CharField(max_length=10, choices=MethodChoice)
    formula = models.CharField(max_length=2000, blank=True, default="")
    measure = models.TextField(blank=True, default="")
    evaluation = models.TextField(blank=True, default="")
    previous_target = ExactDecimalField(null=True, blank=True)
    previous_actual = ExactDecimalField(null=True, blank=True)
    status = models.CharField(max_length=20, choices=Status, default=Status.DRAFT)
    due = models.DateField(null=True, blank=True)  # last day to submit; empty: the plan's
    revision = models.PositiveIntegerField(default=0)
    period = models.CharField(max_length=10, choices=PeriodChoice, blank=True, default="")
    path = models.CharField(max_length=10, choices=PathChoice, default=PathChoice.EVEN)
    gather = models.CharField(  # of the actual itself, where it is entered directly
        max_length=20, choices=GatherChoice, blank=True, default=""
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="indicator_place", fields=["goal", "position"]),
            models.UniqueConstraint(
                name="indicator_lineage_once",
                fields=["plan", "lineage"],
                condition=~models.Q(lineage=""),
            ),
            form_check("indicator", "lineage", r"\A([a-z0-9_-]{2,40})?\Z"),
            *name_checks("indicator", "title"),
            *title_checks("indicator", "unit"),
            *text_checks("indicator", "formula", 2000),
            *text_checks("indicator", "measure"),
            *text_checks("indicator", "evaluation"),
            number_check("indicator", "weight", POSITIVE),
            number_check("indicator", "target"),
            number_check("indicator", "previous_target"),
            number_check("indicator", "previous_actual"),
            models.CheckConstraint(
                name="indicator_target_side",
                condition=models.Q(direction="equal") | models.Q(target__regex=NOT_NEGATIVE),
            ),
            models.CheckConstraint(
                name="indicator_decimals_range", condition=models.Q(decimals__lte=6)
            ),
            choice_check("indicator", "direction", DirectionChoice),
            choice_check("indicator", "method", MethodChoice),
            choice_check("indicator", "status", IndicatorStatus),
            models.CheckConstraint(
                name="indicator_formula_of_method",
                condition=models.Q(method="formula") ^ models.Q(formula=""),
            ),
            choice_check("indicator", "period", PeriodChoice),
            choice_check("indicator", "path", PathChoice),
            choice_check("indicator", "gather", GatherChoice),
            models.CheckConstraint(
                name="indicator_gather_of_method",
                condition=models.Q(method="direct") | models.Q(gather=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title
