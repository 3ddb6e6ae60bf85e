"""Accounts and roles: the administrator's pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.accounts import issue_reset, remove_second_factor, remove_sign_on
from indicators.actions import mail_settings, roles
from indicators.actions import people as actions
from indicators.forms.mail_settings import PersonAddressForm
from indicators.forms.people import (
    AccountForm,
    AgencySearchForm,
    PersonNameForm,
    RoleForm,
    SearchForm,
)
from indicators.permissions import check_administrator
from indicators.scorecards.organisation import agency_choices, has_many_agencies, scope_choices
from indicators.scorecards.people import AccountPage, account_list, account_page, duties
from indicators.views.access import account_of, actor
from indicators.views.paging import searched
from indicators.views.refusals import shown_as_message, shown_in

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def for_administrators(view: View[P]) -> View[P]:
    """Everybody else gets the sentence that says whose page it is."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        check_administrator(actor(request))
        return view(request, *args, **kwargs)

    return checked


@require_safe
@for_administrators
def people(request: HttpRequest) -> HttpResponse:
    offered = agency_choices(request.GET.get("agency", ""))
    form = SearchForm(request.GET, agencies=offered)
    found = account_list(**form.wanted(), page=request.GET.get("page"))
    context = searched(request, form, found)
    context |= {"duties": duties(), "is_large": has_many_agencies()}
    return render(request, "people/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def person_new(request: HttpRequest) -> HttpResponse:
    places = _places(request)
    form = AccountForm(request.POST or None, scopes=places.pop("scopes"))
    if form.is_valid():
        with shown_in(form):
            user = actions.create_account(**form.wanted(), actor=actor(request), now=timezone.now())
            return _link_page(request, user, is_new=True)
    context = {"form": form, "duties": duties(), **places}
    return render(request, "people/person_new.html", context)


def _places(request: HttpRequest) -> dict[str, Any]:
    """Where a role can be held; in a city with very many agencies these are looked for first."""
    is_large = has_many_agencies()
    search = AgencySearchForm(request.GET)
    words = search.words() if is_large else ""
    scopes = scope_choices(words) if words or not is_large else scope_choices()[:1]
    return {"scopes": scopes, "place_search": search if is_large else None}


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """The account; POST gives it a role."""
    page = _page(pk)
    places = _places(request)
    form = RoleForm(request.POST or None, scopes=places.pop("scopes"))
    if form.is_valid():
        with shown_in(form):
            roles.give_role(user_id=pk, **form.wanted(), actor=actor(request), now=timezone.now())
            messages.success(request, _("已新增角色，下次開啟頁面即生效。"))
            return redirect("person", pk)
    context = {"page": page, "form": form, "duties": duties(), **places}
    return render(request, "people/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def person_name(request: HttpRequest, pk: int) -> HttpResponse:
    page = _page(pk)
    form = PersonNameForm(request.POST or None, initial={"name": page.line.name})
    if form.is_valid():
        actions.rename_account(
            user_id=pk, **form.cleaned_data, actor=actor(request), now=timezone.now()
        )
        messages.success(request, _("姓名已更改。"))
        return redirect("person", pk)
    return render(request, "people/person_name.html", {"page": page, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def person_address(request: HttpRequest, pk: int) -> HttpResponse:
    page = _page(pk)
    form = PersonAddressForm(request.POST or None, initial={"address": page.email})
    if form.is_valid():
        mail_settings.set_address(
            user_id=pk, **form.cleaned_data, actor=actor(request), now=timezone.now()
        )
        messages.success(request, _("電子郵件已更改。"))
        return redirect("person", pk)
    return render(request, "people/person_address.html", {"page": page, "form": form})


@require_POST
def person_active(request: HttpRequest, pk: int) -> HttpResponse:
    """Disables an account, or enables it: what the button says."""
    with shown_as_message(request):
        change: dict[str, Any] = {"user_id": pk, "actor": actor(request), "now": timezone.now()}
        if request.POST.get("active") == "1":
            actions.enable_account(**change)
            messages.success(request, _("帳號已啟用。"))
        else:
            actions.disable_account(**change)
            messages.success(request, _("帳號已停用，這個人現在不能登入。"))
    return redirect("person", pk)


@require_POST
def role_take(request: HttpRequest, pk: int) -> HttpResponse:
    wanted = request.POST.get("role", "")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 19):
        raise Http404
    with shown_as_message(request):
        roles.take_role(user_id=pk, role_id=int(wanted), actor=actor(request), now=timezone.now())
        messages.success(request, _("角色已收回，立即生效。"))
    return redirect("person", pk)


@require_POST
@for_administrators
def person_link(request: HttpRequest, pk: int) -> HttpResponse:
    """The link is shown once and stored nowhere; another one makes it void."""
    page = _page(pk)
    if not page.line.is_active:
        messages.error(request, _("帳號已停用；要給密碼連結，請先啟用。"))
        return redirect("person", pk)
    return _link_page(request, account_of(pk), is_new=False)


@require_POST
@for_administrators
def person_unbind(request: HttpRequest, pk: int) -> HttpResponse:
    """For who lost telephone and recovery codes, or is someone else at the city's sign-on now."""
    user, by, now = account_of(pk), actor(request).user, timezone.now()
    if user == by:
        messages.error(request, _("您自己的請在「帳號與密碼」變更。"))
    elif request.POST.get("what") == "sign_on":
        remove_sign_on(user, by, now)
        messages.success(request, _("單一簽入已解除，下次簽入時重新連結。"))
    else:
        remove_second_factor(user, by, now)
        messages.success(request, _("第二道驗證已移除，這個人現在只用密碼登入。"))
    return redirect("person", pk)


def _link_page(request: HttpRequest, user: Any, *, is_new: bool) -> HttpResponse:
    path = issue_reset(user=user, by=actor(request).user, now=timezone.now())
    context = {
        "page": _page(user.pk),
        "link": request.build_absolute_uri(path),
        "hours": settings.RESET_LINK_LIFE // timedelta(hours=1),
        "is_new": is_new,
    }
    return render(request, "people/link.html", context)


def _page(pk: int) -> AccountPage:
    page = account_page(pk)
    if page is None:
        raise Http404
    return page
