"""Settings of the processes that live.py starts: the tests' own, evidence in a folder of theirs."""

import os

from tests.settings import *  # noqa: F403

EVIDENCE_ROOT = os.environ["LIVE_EVIDENCE"]
