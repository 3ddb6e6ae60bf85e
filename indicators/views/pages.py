"""The pages of the footer."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html", {"email": settings.CONTACT_EMAIL})


@login_not_required
@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/contact.html", {"email": settings.CONTACT_EMAIL})


def too_many_requests(request: HttpRequest) -> HttpResponse:
    return render(request, "429.html", status=429)
