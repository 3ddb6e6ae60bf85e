"""Where everybody begins: their own work."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from indicators.permissions import start_page
from indicators.scorecards import my_work as work
from indicators.views.access import actor, today
from indicators.work_queries import load_desk


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return redirect(start_page(actor(request)))


@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    day = today()
    page = work.my_work(load_desk(actor(request), day), day)
    return render(request, "work/my_work.html", {"page": page})
