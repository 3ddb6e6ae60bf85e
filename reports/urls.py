"""An indicator, its review, the steps of a plan, the report, its files and versions."""

from django.urls import path

from reports.views import (
    documents,
    entry,
    entry_steps,
    indicator,
    review,
    review_indicator,
    sign_off,
    trend,
    versions,
)

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
    path("<slug:agency>/<int:year>/indicators/<int:pk>/trend/", trend.trend, name="trend"),
    path("<slug:agency>/<int:year>/report/", documents.report, name="report"),
    path("<slug:agency>/<int:year>/report.pdf", documents.report_pdf, name="report_pdf"),
    path("<slug:agency>/<int:year>/plan.json", documents.plan_json, name="plan_json"),
    path(
        "<slug:agency>/<int:year>/scorecard.json", documents.scorecard_json, name="scorecard_json"
    ),
    path("<slug:agency>/<int:year>/review/", review.queue, name="review_queue"),
    path("<slug:agency>/<int:year>/review/clean/", review.clean, name="review_clean"),
    path("<slug:agency>/<int:year>/review/done/", review.done, name="review_done"),
    path(
        "<slug:agency>/<int:year>/indicators/<int:pk>/review/",
        review_indicator.indicator,
        name="review_indicator",
    ),
    path("sign-off/", sign_off.plans, name="reviews"),
    path("<slug:agency>/<int:year>/sign-off/", sign_off.steps, name="plan_steps"),
    path("<slug:agency>/<int:year>/sign-off/publish/", sign_off.publish, name="publish"),
    path("<slug:agency>/<int:year>/versions/", versions.versions, name="versions"),
    path(
        "<slug:agency>/<int:year>/versions/<int:version>/anchor.json",
        versions.version_anchor,
        name="version_anchor",
    ),
    path(
        "<slug:agency>/<int:year>/versions/<int:version>/<str:name>",
        versions.version_file,
        name="version_file",
    ),
]
