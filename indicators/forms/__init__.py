"""Forms: they shape and refuse what is typed, and never save."""

from indicators.forms.steps import CorrectForm, ReopenForm, ReturnForm

__all__ = ["CorrectForm", "ReopenForm", "ReturnForm"]
