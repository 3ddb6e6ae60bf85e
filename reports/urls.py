"""An indicator with its analysis, the annual report, and both as files."""

from django.urls import path

from reports import views

urlpatterns = [
    path("<slug:agency>/<int:year>/indicators/<int:pk>/", views.indicator, name="indicator"),
    path("<slug:agency>/<int:year>/report/", views.report, name="report"),
    path("<slug:agency>/<int:year>/report.pdf", views.report_pdf, name="report_pdf"),
    path("<slug:agency>/<int:year>/plan.json", views.plan_json, name="plan_json"),
    path("<slug:agency>/<int:year>/scorecard.json", views.scorecard_json, name="scorecard_json"),
]
