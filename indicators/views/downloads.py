"""A table as a download."""

from __future__ import annotations

import re

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from indicators.interchange.table_writing import CONTENT_TYPES, as_bytes
from indicators.tables import Table

NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')


def download(table: Table, name: str, format: str) -> HttpResponse:
    """`format` is one of CONTENT_TYPES; `name` is the file's, without its ending."""
    response = HttpResponse(as_bytes(table, format), content_type=CONTENT_TYPES[format])
    file_name = f"{NOT_IN_NAMES.sub(' ', name).strip(' .')}.{format}"
    response.headers["Content-Disposition"] = content_disposition_header(True, file_name) or ""
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
