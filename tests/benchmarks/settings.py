"""The tests' settings with Django's admin beside the portal, to measure against."""

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS as PORTAL_APPS

INSTALLED_APPS = [*PORTAL_APPS, "django.contrib.admin"]
ROOT_URLCONF = "tests.benchmarks.urls"
