"""A fixed day for the tests: Wednesday noon in mid-November, far from midnight and holidays.

The clock runs on from there, in every process of a run alike. PORTAL_TEST_DAY=2024-02-29 tries
another day; one that is still to come would let the cache forget at once.
"""

from __future__ import annotations

import os
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

_real_now = timezone.now


def start() -> None:
    """From now on Django's clock shows the day, to whoever asks it by `timezone`."""
    day = os.environ.setdefault("PORTAL_TEST_DAY", "2026-11-18")
    began = float(os.environ.setdefault("PORTAL_TESTS_BEGAN", str(time.time())))
    noon = datetime.fromisoformat(day).replace(hour=12, tzinfo=ZoneInfo("Asia/Taipei"))
    shift = timedelta(seconds=noon.timestamp() - began)
    timezone.now = lambda: _real_now() + shift
