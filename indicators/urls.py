"""Log in and out, work, plans, scorecards, and the pages around them."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from indicators.views import (
    assigning,
    board,
    board_changes,
    calendar,
    comments,
    dashboard,
    deputies,
    evidence,
    exports,
    figures,
    health,
    history,
    interim,
    my_work,
    organisation,
    pages,
    people,
    scorecard,
    what_if,
)

urlpatterns = [
    path("", my_work.home, name="home"),
    path("my-work/", my_work.my_work, name="my_work"),
    path("my-work/mentions/<int:pk>/seen/", comments.mention_seen, name="mention_seen"),
    path("plans/", scorecard.plans, name="plans"),
    path("language/", login_not_required(set_language), name="language"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("contact/", pages.contact, name="contact"),
    path("healthz", health.healthz, name="healthz"),
    path("people/", people.people, name="people"),
    path("people/accounts/new/", people.person_new, name="person_new"),
    path("people/accounts/<int:pk>/", people.person, name="person"),
    path("people/accounts/<int:pk>/name/", people.person_name, name="person_name"),
    path("people/accounts/<int:pk>/email/", people.person_address, name="person_address"),
    path("people/accounts/<int:pk>/active/", people.person_active, name="person_active"),
    path("people/accounts/<int:pk>/take/", people.role_take, name="role_take"),
    path("people/accounts/<int:pk>/link/", people.person_link, name="person_link"),
    path("people/accounts/<int:pk>/unbind/", people.person_unbind, name="person_unbind"),
    path("people/agencies/", organisation.agencies, name="agencies"),
    path("people/agencies/<int:pk>/", organisation.agency, name="agency"),
    path("people/agencies/<int:pk>/name/", organisation.agency_name, name="agency_name"),
    path("people/units/<int:pk>/", organisation.unit, name="unit"),
    path("people/units/<int:pk>/remove/", organisation.unit_remove, name="unit_remove"),
    path("deputies/", deputies.deputies, name="deputies"),
    path("deputies/<int:pk>/end/", deputies.deputy_end, name="deputy_end"),
    path("<slug:agency>/<int:year>/assign/", assigning.assign, name="assign"),
    path("<slug:agency>/<int:year>/board/", board.board, name="board"),
    path(
        "<slug:agency>/<int:year>/board/units/<int:unit>/remind/",
        board.board_remind_unit,
        name="board_remind_unit",
    ),
    path(
        "<slug:agency>/<int:year>/board/<int:pk>/remind/", board.board_remind, name="board_remind"
    ),
    path("<slug:agency>/<int:year>/board/<int:pk>/due/", board_changes.board_due, name="board_due"),
    path(
        "<slug:agency>/<int:year>/board/<int:pk>/owner/",
        board_changes.board_owner,
        name="board_owner",
    ),
    path(
        "<slug:agency>/<int:year>/board/<int:pk>/deputy/",
        board_changes.board_deputy,
        name="board_deputy",
    ),
    path("<slug:agency>/<int:year>/calendar/", calendar.calendar, name="calendar"),
    path(
        "<slug:agency>/<int:year>/calendar/<int:pk>/remove/",
        calendar.calendar_remove,
        name="calendar_remove",
    ),
    path("<slug:agency>/<int:year>/", scorecard.scorecard, name="scorecard"),
    path("<slug:agency>/<int:year>/dashboard/", dashboard.dashboard, name="dashboard"),
    path(
        "<slug:agency>/<int:year>/evidence/<int:pk>/", evidence.evidence_file, name="evidence_file"
    ),
    path("<slug:agency>/<int:year>/export/<str:name>.<str:format>", exports.export, name="export"),
    path("<slug:agency>/<int:year>/figures/", figures.figures, name="figures"),
    path("<slug:agency>/<int:year>/history/", history.history, name="history"),
    path("<slug:agency>/<int:year>/history.csv", history.plan_csv, name="history_csv"),
    path(
        "<slug:agency>/<int:year>/indicators/<int:pk>/history/",
        history.indicator_history,
        name="indicator_history",
    ),
    path("<slug:agency>/<int:year>/indicators/<int:pk>/interim/", interim.interim, name="interim"),
    path(
        "<slug:agency>/<int:year>/indicators/<int:pk>/interim/settings/",
        interim.interim_settings,
        name="interim_settings",
    ),
    path("<slug:agency>/<int:year>/what-if/", what_if.what_if, name="what_if"),
    path(
        "<slug:agency>/<int:year>/indicators/<int:pk>/comments/",
        comments.comments,
        name="comments",
    ),
    path(
        "<slug:agency>/<int:year>/indicators/<int:pk>/comments/<int:thread>/",
        comments.comment_thread,
        name="comment_thread",
    ),
    path("history/accounts/", history.accounts_history, name="accounts_history"),
    path("history/accounts.csv", history.accounts_csv, name="accounts_history_csv"),
]
