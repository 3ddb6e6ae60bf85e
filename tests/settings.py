"""The portal's settings as the tests run them: the same, on this machine and a fixed day."""

import os

os.environ.setdefault("PORTAL_LOCAL", "1")
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)

from kpi_portal.settings import *  # noqa: F403  the environment must be set first
from tests import clock

clock.start()  # before a model takes timezone.now as its default

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A file, as in production: in memory, two requests at once would find a table locked.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test_portal.sqlite3")}  # noqa: F405
    DATABASES["default"]["OPTIONS"] = DATABASES["default"]["OPTIONS"] | {  # noqa: F405
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"  # nobody pulls the plug
    }
EVIDENCE_ROOT = VAR_DIR / "test_evidence"  # noqa: F405  not where somebody's own lies
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
