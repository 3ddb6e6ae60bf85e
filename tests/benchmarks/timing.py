"""Interleaved runs, so that a busy machine slows both sides of a comparison."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping


def interleaved(runs: int, **tasks: Callable[[], object]) -> dict[str, float]:
    """The median seconds of each task; one turn each, `runs` times over."""
    seconds: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(runs):
        for name, task in tasks.items():
            start = time.perf_counter()
            task()
            seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in seconds.items()}


def table(title: str, rows: Mapping[str, str]) -> None:
    print(f"\n{title}")
    for name, value in rows.items():
        print(f"  {name:<58}{value:>16}")
