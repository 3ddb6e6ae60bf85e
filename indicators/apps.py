from django.apps import AppConfig
from django.db.models.signals import post_migrate


class IndicatorsConfig(AppConfig):
    name = "indicators"
    verbose_name = "指標"

    def ready(self) -> None:
        from indicators import guards  # needs the models; also registers the system check
        from indicators.accounts import receivers

        post_migrate.connect(guards.install_after_migrate, sender=self)
        receivers.connect()
