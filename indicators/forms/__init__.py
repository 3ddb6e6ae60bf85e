"""Forms: they shape and refuse what is typed, and never save."""

from indicators.forms.sign_in import SignInForm

__all__ = ["SignInForm"]
