"""How much work something is: counted, or compared with itself, for machines are noisy."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable

ROUNDS = 40  # a busy machine needs many until one is undisturbed; a quiet one is done with one


def calls(work: Callable[[], object]) -> int:
    """How many functions, ours and Python's own, are called on the way."""
    count = 0

    def called(frame, event, argument):
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def growth(small: Callable[[], object], large: Callable[[], object], below: float) -> float:
    """How many times as long the large one takes, best against best, measured until `below`."""
    least = {small: float("inf"), large: float("inf")}
    for _ in range(ROUNDS):
        for work in least:
            least[work] = min(least[work], _seconds(work))
        if least[large] < below * least[small]:
            break
    return least[large] / least[small]


def _seconds(work: Callable[[], object]) -> float:
    """Without the collector, which would look through all that the other tests have left."""
    gc.disable()
    try:
        start = time.process_time()
        work()
        return time.process_time() - start
    finally:
        gc.enable()
