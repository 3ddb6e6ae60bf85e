"""Forms: they shape and refuse what is typed, and never save."""

from indicators.forms.sign_in import SignInForm
from indicators.forms.steps import CorrectForm, ReopenForm, ReturnForm

__all__ = ["CorrectForm", "ReopenForm", "ReturnForm", "SignInForm"]
