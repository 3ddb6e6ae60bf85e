"""The pages of the footer."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.csrf import csrf_failure
from django.views.decorators.http import require_safe

from indicators.accounts.kept import keep_typing, page_of


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html", {"email": settings.CONTACT_EMAIL})


@login_not_required
@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/contact.html", {"email": settings.CONTACT_EMAIL})


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form of an earlier log-in: another tab has logged in since, which changed the token.

    What was typed into a page of ours that keeps it comes back as a draft; nothing is stored by it.
    """
    view = request.resolver_match.func if request.resolver_match else None
    is_ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    if is_ours and getattr(view, "keeps_typing", False):
        page = page_of(request)
        keep_typing(request, page)
        if "HX-Request" not in request.headers:
            return redirect(page)
    return csrf_failure(request, reason)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    return render(request, "429.html", status=429)
