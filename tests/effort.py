"""How much work something is: counted, or compared with itself, for machines are noisy."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

ROUNDS = 5


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
            start = time.process_time()
            work()
            least[work] = min(least[work], time.process_time() - start)
        if least[large] < below * least[small]:
            break
    return least[large] / least[small]
