"""An indicator over all its years, with its texts as the reports print them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from indicators.actions.follow_ups import record_follow_up
from indicators.forms.follow_ups import FollowUpForm
from indicators.permissions import Actor, Subject, check, has_role
from indicators.records import PlanRecord
from indicators.scorecards.indicator_page import find_indicator
from indicators.scorecards.scored import score_plan
from indicators.scorecards.trend import TrendPage, YearDetail, trend_page
from indicators.trend_queries import whole_plans, years_of
from indicators.views.access import actor, indicator_of, today
from indicators.views.refusals import shown_in
from reports.annual import Paragraph
from reports.entry_sheet import refers_outside
from reports.views.indicator import texts_of

if TYPE_CHECKING:
    from indicators.models import Indicator


@dataclass(frozen=True, slots=True)
class Year:
    """`form` None where the person does not record what came of it, or nothing was promised."""

    detail: YearDetail
    texts: Mapping[str, tuple[Paragraph, ...]]
    form: FollowUpForm | None


@require_http_methods(["GET", "HEAD", "POST"])
def trend(request: HttpRequest, agency: str, year: int, pk: int) -> HttpResponse:
    """Posted to the address of the year that missed: whether its promise was kept."""
    row, who = indicator_of(request, agency, year, pk), actor(request)
    form = FollowUpForm(auto_id=f"id-{year}-%s")
    if request.method == "POST":
        check("follow_up", who, Subject.of(row.plan, row))
        form = FollowUpForm(request.POST, auto_id=f"id-{year}-%s")
        if form.is_valid() and _recorded(row, form, who):
            messages.success(request, _("已記錄追蹤結果。"))
            return redirect("trend", agency, year, pk)
    return render(request, "reports/trend.html", _context(row, who, form))


def _recorded(row: Indicator, form: FollowUpForm, who: Actor) -> bool:
    with shown_in(form):
        record_follow_up(indicator_id=row.pk, **form.cleaned_data, actor=who, now=timezone.now())
    return not form.errors


def _context(row: Indicator, who: Actor, form: FollowUpForm) -> dict[str, object]:
    years = years_of(row)
    page = trend_page(years, row.plan.year, today())
    whole = whole_plans([y.plan for y in years if refers_outside(y.record)])
    return {
        "page": page,
        "years": [_year(row, who, form, detail, whole) for detail in page.details],
        "form": form,
        "words": _words(page),
    }


def _year(
    row: Indicator,
    who: Actor,
    form: FollowUpForm,
    detail: YearDetail,
    whole: Mapping[int, PlanRecord],
) -> Year:
    plan, item, year = detail.plan, detail.item, detail.line.year
    if year in whole:
        plan = score_plan(whole[year])
        item = find_indicator(plan, item.record.pk or 0)
    subject = Subject(row.plan.agency_id, plan.record.status, detail.unit_id)
    may = detail.promise is not None and has_role("follow_up", who, subject)
    own = form if year == row.plan.year else FollowUpForm(auto_id=f"id-{year}-%s")
    return Year(detail, texts_of(plan, item), own if may else None)


def _words(page: TrendPage) -> str:
    """What the chart says to those who do not see it."""
    first, last = page.lines[0].year, page.lines[-1].year
    if first == last:
        return _("%(first)s 年度的目標與實際，各值見表。") % {"first": first}
    words = _("%(first)s 至 %(last)s 年度的目標與實際，各值見表。")
    return words % {"first": first, "last": last}
