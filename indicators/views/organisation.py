"""Agencies and their units: the administrator's pages."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from indicators.actions import organisation as actions
from indicators.forms.people import AgencyForm, AgencyNameForm, AgencySearchForm, UnitForm
from indicators.scorecards.organisation import (
    AgencyPage,
    UnitPage,
    agency_list,
    agency_page,
    unit_page,
)
from indicators.views.access import actor
from indicators.views.paging import searched
from indicators.views.people import for_administrators
from indicators.views.refusals import shown_as_message, shown_in


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def agencies(request: HttpRequest) -> HttpResponse:
    """The list; POST creates an agency."""
    form = AgencyForm(request.POST or None)
    if form.is_valid():
        with shown_in(form):
            agency = actions.create_agency(
                **form.cleaned_data, actor=actor(request), now=timezone.now()
            )
            messages.success(request, _("機關已建立，接著請新增科室。"))
            return redirect("agency", agency.pk)
    search = AgencySearchForm(request.GET)
    found = agency_list(search.words(), request.GET.get("page"))
    context = searched(request, search, found) | {"form": form, "search": search}
    return render(request, "organisation/agencies.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def agency(request: HttpRequest, pk: int) -> HttpResponse:
    """The agency with its units; POST adds a unit."""
    page = _agency(pk)
    form = UnitForm(request.POST or None)
    if form.is_valid():
        with shown_in(form):
            actions.create_unit(
                agency_id=pk, **form.cleaned_data, actor=actor(request), now=timezone.now()
            )
            messages.success(request, _("科室已新增。"))
            return redirect("agency", pk)
    return render(request, "organisation/agency.html", {"page": page, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def agency_name(request: HttpRequest, pk: int) -> HttpResponse:
    page = _agency(pk)
    form = AgencyNameForm(request.POST or None, initial={"name": page.name})
    if form.is_valid():
        actions.rename_agency(
            agency_id=pk, **form.cleaned_data, actor=actor(request), now=timezone.now()
        )
        messages.success(request, _("機關名稱已更改。"))
        return redirect("agency", pk)
    return render(request, "organisation/agency_name.html", {"page": page, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit; POST renames it."""
    page = _unit(pk)
    form = UnitForm(request.POST or None, initial={"name": page.line.name})
    if form.is_valid():
        with shown_in(form):
            actions.rename_unit(
                unit_id=pk, **form.cleaned_data, actor=actor(request), now=timezone.now()
            )
            messages.success(request, _("科室名稱已更改。"))
            return redirect("agency", page.agency_pk)
    return render(request, "organisation/unit.html", {"page": page, "form": form})


@require_POST
@for_administrators
def unit_remove(request: HttpRequest, pk: int) -> HttpResponse:
    page = _unit(pk)
    with shown_as_message(request):
        actions.remove_unit(unit_id=pk, actor=actor(request), now=timezone.now())
        messages.success(request, _("科室「%(name)s」已移除。") % {"name": page.line.name})
        return redirect("agency", page.agency_pk)
    return redirect("unit", pk)


def _agency(pk: int) -> AgencyPage:
    page = agency_page(pk)
    if page is None:
        raise Http404
    return page


def _unit(pk: int) -> UnitPage:
    page = unit_page(pk)
    if page is None:
        raise Http404
    return page
