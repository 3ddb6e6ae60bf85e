"""The portal's settings as the tests run them: the same, on this machine, without hashed names."""

import os

os.environ.setdefault("PORTAL_LOCAL", "1")
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)

from kpi_portal.settings import *  # noqa: F403  the environment must be set first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
