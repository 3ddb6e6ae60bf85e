"""Evidence files as downloads, and as nothing else."""

from __future__ import annotations

import logging

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.entry_queries import find_evidence_file
from indicators.evidence import storage

logger = logging.getLogger(__name__)


@require_safe
def evidence_file(request: HttpRequest, agency: str, year: int, pk: int) -> HttpResponseBase:
    """Also of an older version of the plan, and also when it was withdrawn: it is history."""
    row = find_evidence_file(agency, year, pk, user=request.user)
    try:
        content = storage.open_stored(row.stored_as)
    except OSError:
        logger.exception("The file of evidence %s (%s) can't be read.", row.pk, row.stored_as)
        context = {"name": row.name, "agency": agency, "year": year}
        return render(request, "indicators/evidence_missing.html", context, status=404)
    response = FileResponse(
        content, as_attachment=True, filename=row.name, content_type=row.content_type
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
