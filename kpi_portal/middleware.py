"""The portal's own response headers."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from indicators.permissions import NotAllowed
from indicators.queries import IndicatorReplaced, NotFound


def policy(sign_on: str) -> str:
    """`sign_on` is where the city's sign-on is: the log-in form ends there."""
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "font-src 'self'",
            "connect-src 'self'",
            f"form-action 'self' {sign_on}".rstrip(),
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "manifest-src 'self'",
        ]
    )


class ResponseHeadersMiddleware:
    """Nothing inline, nothing from elsewhere; no page is kept for whoever comes next."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = policy(settings.OIDC_ORIGIN)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class SentencesMiddleware:
    """What an action or a query refuses becomes a page: 403 with its sentence, or 404.

    An address of an indicator of another version leads to the one that took its place.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, NotAllowed):
            return render(request, "403.html", {"reason": str(error)}, status=403)
        if isinstance(error, IndicatorReplaced):
            return _as_it_is_now(request, error)
        if isinstance(error, NotFound):
            raise Http404 from error
        return None


def _as_it_is_now(request: HttpRequest, error: IndicatorReplaced) -> HttpResponse:
    """What was sent to the old address is not taken: it was typed before the correction."""
    match = request.resolver_match
    if match is None or "pk" not in match.kwargs:
        raise Http404 from error
    versions = {"version": error.version, "now": error.version_now}
    if request.method not in ("GET", "HEAD"):
        reason = _(
            "這個網址是第 %(version)s 版的，現在是第 %(now)s 版，剛才送出的內容沒有儲存；"
            "請從計分表打開這項指標，再送出一次。"
        )
        return render(request, "403.html", {"reason": reason % versions}, status=403)
    address = reverse(match.view_name, kwargs={**match.kwargs, "pk": error.now})
    messages.info(request, _("這個網址是第 %(version)s 版的，以下是第 %(now)s 版。") % versions)
    query = request.META.get("QUERY_STRING", "")
    return redirect(f"{address}?{query}" if query else address)


class LanguageMiddleware:
    """Chinese unless this browser chose otherwise here; what it prefers elsewhere is no choice."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        known = chosen in dict(settings.LANGUAGES)
        language = chosen if chosen and known else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language  # as Django's own does
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
