"""Log in and out, work, plans, scorecards, and the pages around them."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from indicators.views import accounts, figures, health, history, my_work, pages, scorecard

urlpatterns = [
    path("", my_work.home, name="home"),
    path("my-work/", my_work.my_work, name="my_work"),
    path("plans/", scorecard.plans, name="plans"),
    path("login/", accounts.SignIn.as_view(), name="login"),
    path("logout/", accounts.SignOut.as_view(), name="logout"),
    path("language/", login_not_required(set_language), name="language"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("contact/", pages.contact, name="contact"),
    path("healthz", health.healthz, name="healthz"),
    path("<slug:agency>/<int:year>/", scorecard.scorecard, name="scorecard"),
    path("<slug:agency>/<int:year>/figures/", figures.figures, name="figures"),
    path("<slug:agency>/<int:year>/history/", history.history, name="history"),
    path("<slug:agency>/<int:year>/history.csv", history.plan_csv, name="history_csv"),
    path(
        "<slug:agency>/<int:year>/indicators/<int:pk>/history/",
        history.indicator_history,
        name="indicator_history",
    ),
    path("history/accounts/", history.accounts_history, name="accounts_history"),
    path("history/accounts.csv", history.accounts_csv, name="accounts_history_csv"),
]
