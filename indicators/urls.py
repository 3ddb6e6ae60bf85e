"""Plans, scorecards, and the pages around them."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from indicators.views import health, pages, scorecard

urlpatterns = [
    path("", scorecard.home, name="home"),
    path("plans/", scorecard.plans, name="plans"),
    path("language/", login_not_required(set_language), name="language"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("contact/", pages.contact, name="contact"),
    path("healthz", health.healthz, name="healthz"),
    path("<slug:agency>/<int:year>/", scorecard.scorecard, name="scorecard"),
]
