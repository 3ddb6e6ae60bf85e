"""A list with a search and pages, all of it in the address."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def searched(request: HttpRequest, form: Any, found: Any) -> dict[str, Any]:
    """What a page with components/pages.html needs; `is_asked`: anything is looked for."""
    query = request.GET.copy()
    query.pop("page", None)
    is_asked = any(query.get(name) for name in form.fields)
    return {"form": form, "found": found, "asked": query.urlencode(), "is_asked": is_asked}
