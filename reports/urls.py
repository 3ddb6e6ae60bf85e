"""An indicator with its analysis, the annual report, and both as files."""

from django.urls import path

from reports.views import documents, entry, entry_steps, indicator

urlpatterns = [
    path("<slug:agency>/<int:year>/indicators/<int:pk>/", indicator.indicator, name="indicator"),
    path("<slug:agency>/<int:year>/indicators/<int:pk>/entry/", entry.entry, name="entry"),
    path(
        "<slug:agency>/<int:year>/indicators/<int:pk>/entry/draft/",
        entry.entry_draft,
        name="entry_draft",
    ),
    path(
        "<slug:agency>/<int:year>/indicators/<int:pk>/entry/check/",
        entry_steps.entry_check,
        name="entry_check",
    ),
    path(
        "<slug:agency>/<int:year>/indicators/<int:pk>/entry/sent/",
        entry_steps.entry_sent,
        name="entry_sent",
    ),
    path("<slug:agency>/<int:year>/report/", documents.report, name="report"),
    path("<slug:agency>/<int:year>/report.pdf", documents.report_pdf, name="report_pdf"),
    path("<slug:agency>/<int:year>/plan.json", documents.plan_json, name="plan_json"),
    path(
        "<slug:agency>/<int:year>/scorecard.json", documents.scorecard_json, name="scorecard_json"
    ),
]
