"""The portal's own response headers."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils import translation
from django.utils.http import urlencode

from indicators.actions.refusals import Missing
from indicators.permissions import NotAllowed
from indicators.queries import EvidenceNotFound, IndicatorNotFound, PlanNotFound
from indicators.views.kept import keep_typing

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "manifest-src 'self'",
    ]
)


class ResponseHeadersMiddleware:
    """Nothing inline, nothing from elsewhere; no page is kept for whoever comes next."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class SignedInMiddleware(LoginRequiredMiddleware):
    """Django's, but nothing that was typed is lost to a session that ended meanwhile."""

    def handle_no_permission(  # type: ignore[override]  # Django's stub knows redirects only
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponse:
        if request.method != "POST" or not getattr(view_func, "keeps_typing", False):
            return super().handle_no_permission(request, view_func)
        page = request.path.removesuffix("draft/")
        keep_typing(request, page)
        sign_in = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': page})}"
        if request.headers.get("HX-Request"):
            return render(request, "entry/_session_ended.html", {"sign_in": sign_in})
        return redirect(sign_in)


class SentencesMiddleware:
    """What an action or a query refuses becomes a page: 403 with its sentence, or 404."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, NotAllowed):
            return render(request, "403.html", {"reason": str(error)}, status=403)
        if isinstance(error, PlanNotFound | IndicatorNotFound | EvidenceNotFound | Missing):
            raise Http404 from error
        return None


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
