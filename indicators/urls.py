"""Log in and out, plans, scorecards, and the pages around them."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from indicators.views import accounts, evidence, health, pages, scorecard

urlpatterns = [
    path("", scorecard.home, name="home"),
    path("plans/", scorecard.plans, name="plans"),
    path("login/", accounts.SignIn.as_view(), name="login"),
    path("logout/", accounts.SignOut.as_view(), name="logout"),
    path("language/", login_not_required(set_language), name="language"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("contact/", pages.contact, name="contact"),
    path("healthz", health.healthz, name="healthz"),
    path("<slug:agency>/<int:year>/", scorecard.scorecard, name="scorecard"),
    path(
        "<slug:agency>/<int:year>/evidence/<int:pk>/", evidence.evidence_file, name="evidence_file"
    ),
]
