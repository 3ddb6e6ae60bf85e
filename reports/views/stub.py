"""Stands in for the evidence files until they are merged."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse


def evidence_file(request: HttpRequest, agency: str, year: int, pk: int) -> HttpResponse:
    raise Http404
