"""What an action refuses, shown where the person can mend it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from indicators.actions.refusals import Refused


@contextmanager
def shown_in(form: forms.Form) -> Iterator[None]:
    """At the field that it is about; at the form's head where it has no such field."""
    try:
        yield
    except Refused as refusal:
        field = refusal.field if refusal.field in form.fields else None
        form.add_error(field, str(refusal))


@contextmanager
def shown_as_message(request: HttpRequest) -> Iterator[None]:
    """For what is done with a button alone."""
    try:
        yield
    except Refused as refusal:
        messages.error(request, str(refusal))
