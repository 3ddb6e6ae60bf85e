from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "報告"

    def ready(self) -> None:
        from indicators import guards  # needs the models
        from reports.models import PublishedReport

        guards.keep(PublishedReport)
