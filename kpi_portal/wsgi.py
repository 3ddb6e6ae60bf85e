"""The server's entry point. Unlike a command, a server refuses to start without its own secret."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kpi_portal.settings")
if not (os.environ.get("SECRET_KEY") or os.environ.get("PORTAL_LOCAL") == "1"):
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Set it in the server's environment, or start with make serve."
    )
application = get_wsgi_application()
