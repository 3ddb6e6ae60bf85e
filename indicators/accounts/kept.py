"""What somebody posted after their session had ended: kept until they are logged in again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, QueryDict

KEY = "kept-typing"
LONGEST = 300_000  # characters
View = TypeVar("View", bound=Callable[..., Any])


def keeps_typing(view: View) -> View:
    """Marks a view whose posts are worth keeping."""
    view.keeps_typing = True  # type: ignore[attr-defined]  # a mark on a function
    return view


def page_of(request: HttpRequest) -> str:
    """Where what was posted is typed: a draft's address is below its page's."""
    return request.path.removesuffix("draft/")


def keep_typing(request: HttpRequest, page: str) -> None:
    """In the session that is anonymous now and stays the browser's through the log-in."""
    typed = request.POST.copy()
    typed.pop("csrfmiddlewaretoken", None)
    text = typed.urlencode()
    if len(text) <= LONGEST:
        request.session[KEY] = {"page": page, "typed": text}


def kept_typing(request: HttpRequest) -> QueryDict | None:
    """What was kept for this page, once; nothing of what somebody else typed at this browser.

    The form names in `by` whose it is: the session that knew has ended.
    """
    kept = request.session.get(KEY)
    if not kept or kept["page"] != request.path:
        return None
    del request.session[KEY]
    typed = QueryDict(kept["typed"])
    return typed if typed.get("by") == str(request.user.pk) else None
