"""Where allauth asks us: what it would leave open is closed here. See docs/accounts.md."""

from __future__ import annotations

import io
from typing import Any

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from qrcode.image.svg import SvgPathImage

from indicators import models
from indicators.accounts import callers, events, lockout, passwords, sealing, status

NOT_ACCEPTED = gettext_lazy("帳號或密碼不正確，請核對大小寫後再試一次。")
WAIT = gettext_lazy("嘗試的次數太多，請稍候幾分鐘再試。")
WRONG_CODE = gettext_lazy("驗證碼不正確。請等驗證器顯示下一組再試。")


def turned_away(request: HttpRequest, sentence: str) -> HttpResponseRedirect:
    """Back to the log-in page, which says why."""
    messages.error(request, sentence)
    return HttpResponseRedirect(reverse("login"))


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": NOT_ACCEPTED,
        "too_many_login_attempts": WAIT,
        "rate_limited": WAIT,
        "incorrect_password": gettext_lazy("密碼不正確。"),
        "enter_current_password": gettext_lazy("現在的密碼不正確。"),
        "incorrect_code": WRONG_CODE,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return callers.address(request)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> models.User | None:
        """A disabled account with the right password looks like a wrong password."""
        user = super().authenticate(request, **credentials)
        return user if isinstance(user, models.User) and user.is_active else None

    def pre_login(
        self, request: HttpRequest, user: models.User, **kwargs: Any
    ) -> HttpResponse | None:
        """Before the second factor is asked for."""
        if status.disable_if_unused(user, timezone.now()):
            return turned_away(request, _("這個帳號因為久未使用已停用，請洽貴機關的研考承辦。"))
        return super().pre_login(request, user, **kwargs)

    def respond_user_inactive(self, request: HttpRequest, user: models.User) -> HttpResponse:
        return turned_away(request, _("這個帳號已停用，請洽貴機關的研考承辦。"))

    def login(self, request: HttpRequest, user: models.User) -> None:
        """The last step of every way in: a right code or passkey opens nothing in a lockout."""
        if lockout.is_locked(request, user):
            request.session.flush()
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("login")))
        super().login(request, user)

    def set_password(self, user: models.User, password: str) -> None:
        by = models.User.objects.get(pk=user.pk)  # `user` may be the request's lazy one
        now = timezone.now()
        passwords.change(user, password, by=by, now=now, action="password-change")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": WRONG_CODE,
        "cannot_generate_recovery_codes": gettext_lazy("請先設定驗證器或通行密鑰，再產生備用碼。"),
    }

    def encrypt(self, text: str) -> str:
        return sealing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(encrypted_text)

    def build_totp_svg(self, url: str) -> SafeString:
        """Fit to stand in the page itself: no data: address is needed."""
        image = qrcode.make(url, image_factory=SvgPathImage)
        drawn = io.BytesIO()
        image.save(drawn)
        return mark_safe(drawn.getvalue().decode().partition("?>")[2])  # noqa: S308  our own

    def generate_authenticator_name(self, user: models.User, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user.pk, type=type).count() + 1
        return _("通行密鑰 %(number)d") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        host = context.request.get_host().partition(":")[0]
        return {"id": host, "name": settings.MFA_TOTP_ISSUER}


class CitySignOnAdapter(DefaultSocialAccountAdapter):
    """The city's sign-on opens accounts that are here already, and makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if sociallogin.state.get("process") != "login":
            raise ImmediateHttpResponse(turned_away(request, _("單一簽入只能用來登入。")))
        if sociallogin.is_existing:
            return
        user = self._account(sociallogin)
        if user is None:
            self._note_failure(request, callers.hinted(sociallogin.user.username), "no account")
            sentence = _("這裡沒有對應的帳號，請洽貴機關的研考承辦。")
            raise ImmediateHttpResponse(turned_away(request, sentence))
        sociallogin.account.extra_data = {}  # the link is all that is kept
        sociallogin.connect(request, user)

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, **kwargs: Any
    ) -> None:
        self._note_failure(request, "", str(error))
        sentence = _("單一簽入沒有完成，請再試一次，或改用帳號密碼。")
        raise ImmediateHttpResponse(turned_away(request, sentence))

    def _account(self, sociallogin: SocialLogin) -> models.User | None:
        """By the name in the city's directory, else by a verified address; one or none.

        Not one that someone else there is linked to: names are given anew.
        """
        users = models.User.objects.filter(is_active=True)
        name = sociallogin.user.username
        found = list(users.filter(username__iexact=name)[:2]) if name else []
        for entry in () if found else sociallogin.email_addresses:
            if entry.verified is True:  # some providers say "false"
                found += users.filter(email__iexact=entry.email)[:2]
        return found[0] if len(found) == 1 and not status.is_linked(found[0]) else None

    def _note_failure(self, request: HttpRequest, name: str, error: str) -> None:
        events.note(
            "sign-in-failed",
            user=None,
            by=None,
            now=timezone.now(),
            label=name,
            after={"address": callers.address(request), "step": "sign-on", "error": error},
        )
