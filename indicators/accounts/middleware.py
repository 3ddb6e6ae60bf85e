"""How long one stays logged in, and what one has to do before anything else."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators import models
from indicators.accounts.kept import keep_typing, page_of
from indicators.permissions import actor_of

TOUCH = 60  # seconds between two writes of a session that is in use
SINCE, SEEN = "portal_since", "portal_seen"
APPROVERS = [
    models.Role.Name.SUPERVISOR,
    models.Role.Name.PLAN_MANAGER,
    models.Role.Name.REVIEWER,
    models.Role.Name.ADMINISTRATOR,
]
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
FIRST_LOG_IN = "account_change_password"
SECOND_FACTOR = {
    "account",
    "account_change_password",
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
}


def sent_to(request: HttpRequest, url: str) -> HttpResponse:
    """A redirect; to htmx one that moves the whole page."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def begin_session(request: HttpRequest) -> None:
    """At the log-in, which writes the session anyway."""
    now = int(time.time())
    request.session.update({SINCE: now, SEEN: now})


class SessionLimitsMiddleware:
    """A session ends when nobody used it for a while (its expiry), and at the latest at a limit.

    It is written once a minute while it is used, which moves the expiry; not at each page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            since = request.session.setdefault(SINCE, now)
            if now - since > settings.SESSION_LIMIT.total_seconds():
                logout(request)
                messages.info(request, _("登入已滿時限，請重新登入。"))
            elif now - request.session.get(SEEN, 0) >= TOUCH:
                request.session[SEEN] = now
        return self.get_response(request)


class LogInMiddleware(LoginRequiredMiddleware):
    """Django's, with an answer for htmx; nothing that was typed is lost to a session's end."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        is_htmx = "HX-Request" in request.headers
        if request.method == "POST" and getattr(view_func, "keeps_typing", False):
            page = page_of(request)
            keep_typing(request, page)
            sign_in = _sign_in(page)
            if is_htmx:
                return render(request, "entry/_session_ended.html", {"sign_in": sign_in})
            return HttpResponseRedirect(sign_in)
        if not is_htmx:
            return super().handle_no_permission(request, view_func)
        page = urlsplit(request.headers.get("HX-Current-URL", "")).path
        return sent_to(request, _sign_in(page or "/"))


def _sign_in(page: str) -> str:
    return f"{reverse('login')}?{urlencode({'next': page})}"


class DutiesMiddleware:
    """A password that someone else knows is changed first; approvers set up a second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], *args: Any
    ) -> HttpResponse | None:
        user = request.user
        if not isinstance(user, models.User) or not getattr(view_func, "login_required", True):
            return None
        name = request.resolver_match.url_name if request.resolver_match else None
        if owes_password(request, user):
            return None if name == FIRST_LOG_IN else sent_to(request, reverse(FIRST_LOG_IN))
        if name not in SECOND_FACTOR and owes_second_factor(user):
            messages.warning(request, _("您的角色需要兩步驟驗證，請先設定驗證器或通行密鑰。"))
            return sent_to(request, reverse("account"))
        return None


def owes_password(request: HttpRequest, user: models.User) -> bool:
    """Not who came by the city's sign-on: the password here isn't theirs to know."""
    if not (user.must_change_password and user.has_usable_password()):
        return False
    records = get_authentication_records(request, user)
    return not any(record["method"] == "socialaccount" for record in records)


def owes_second_factor(user: models.User) -> bool:
    """Also who approves as a deputy. 3 queries where the setting asks for it, else none."""
    if not settings.REQUIRE_MFA_FOR_APPROVERS:
        return False
    has = Authenticator.objects.filter(user=user.pk, type__in=FACTORS)
    return actor_of(user, timezone.localdate()).holds(APPROVERS) and not has.exists()
