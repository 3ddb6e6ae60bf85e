"""Log in and out, the account's own pages, a new password behind a link."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

from allauth.account.views import LoginView, PasswordChangeView
from allauth.socialaccount.providers.openid_connect import views as sign_on
from allauth.usersessions.forms import ManageUserSessionsForm
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from requests import RequestException

from indicators.accounts import LinkExpired, overview, resets
from indicators.accounts.adapters import turned_away
from indicators.accounts.forms import NewPasswordForm
from indicators.actions import mail_settings as letters
from indicators.forms.mail_settings import LettersForm
from indicators.notice_queries import letters_of
from indicators.views.access import actor

if TYPE_CHECKING:
    from indicators.models import User

logger = logging.getLogger(__name__)
RESET_TOKEN = "reset_token"  # noqa: S105  the session's key


class SignIn(LoginView):
    template_name = "registration/login.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["city_sign_on"] = settings.OIDC_NAME
        return context


@method_decorator(login_not_required, name="dispatch")
class SignOut(LogoutView):
    """Public, so that a second click or an expired session ends at the same page."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        messages.success(request, _("您已登出。"))
        return response


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    shown = overview.overview(user, request.session.session_key)
    return render(request, "account/page.html", {"account": shown})


@require_http_methods(["GET", "HEAD", "POST"])
def mail_settings(request: HttpRequest) -> HttpResponse:
    """Where one's letters go and which of them one wants."""
    user = cast("User", request.user)
    form = LettersForm(
        request.POST if request.method == "POST" else None,
        initial=asdict(letters_of(user)) | {"address": user.email},
        may_set_address=not settings.OIDC_NAME,
    )
    if form.is_valid():
        letters.choose_letters(**form.cleaned_data, actor=actor(request), now=timezone.now())
        messages.success(request, _("收信設定已儲存。"))
        return redirect("mail_settings")
    return render(request, "account/mail.html", {"form": form})


class ChangePassword(PasswordChangeView):
    """After the first log-in the page that comes next is home."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        if not user.has_usable_password():
            return redirect("account")
        self.is_first = user.must_change_password
        return super().dispatch(request, *args, **kwargs)

    def get_default_success_url(self) -> str:
        return reverse("home" if self.is_first else "account")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(is_first=self.is_first, **kwargs)


@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    ManageUserSessionsForm(request=request).save(request)
    messages.success(request, _("其他裝置已登出。"))
    return redirect("account")


@login_not_required
def city_sign_on(request: HttpRequest, provider_id: str) -> HttpResponse:
    return _unless_unreachable(sign_on.login, request, provider_id)


@login_not_required
def city_sign_on_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    return _unless_unreachable(sign_on.callback, request, provider_id)


def _unless_unreachable(
    view: Callable[..., HttpResponse], request: HttpRequest, provider_id: str
) -> HttpResponse:
    """allauth takes it for granted that the provider answers, and with what the standard says."""
    try:
        return view(request, provider_id)
    except (RequestException, KeyError):
        logger.exception("The city's sign-on did not answer as it should.")
        return turned_away(request, _("單一簽入目前沒有回應，請稍後再試，或改用帳號密碼。"))


@login_not_required
@require_safe
def reset_link(request: HttpRequest, token: str) -> HttpResponse:
    """The token moves into the session: it shan't stay in the address line."""
    request.session[RESET_TOKEN] = token
    return redirect("password_reset")


@login_not_required
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def reset_password(request: HttpRequest) -> HttpResponse:
    token, now = request.session.get(RESET_TOKEN, ""), timezone.now()
    try:
        person = resets.person_of(token, now)
        form = NewPasswordForm(request.POST or None, user=person)
        if not form.is_valid():
            return render(request, "account/password_reset.html", {"form": form, "person": person})
        resets.use_reset(token, form.cleaned_data["password1"], now=now)
    except LinkExpired:
        return render(request, "account/reset_expired.html", status=410)
    logout(request)  # whoever was logged in here before
    messages.success(request, _("新密碼已設定，請用新密碼登入。"))
    return redirect("login")
