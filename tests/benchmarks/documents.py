"""Plan documents of any size, for benchmarks."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

SEED = Path(__file__).resolve().parents[2] / "fixtures" / "taichung-secretariat-107.json"


def seed() -> dict[str, Any]:
    return json.loads(SEED.read_text(encoding="utf-8"))


def as_bytes(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


def with_text_times(times: int) -> dict[str, Any]:
    """The seed with the sections of part 伍 repeated."""
    document = seed()
    document["agency"]["code"] = f"text-{times}"
    last = document["sections"][-1]
    last["sections"] = [copy.deepcopy(s) for _ in range(times) for s in last["sections"]]
    return document


def with_indicators(count: int, *, staged: bool = False) -> dict[str, Any]:
    """A plan of `count` indicators of equal weight, made of the seed's, in goals of ten.

    `staged`: the last one is staged work.
    """
    document = seed()
    document["agency"]["code"] = f"plan-{count}"
    document["figures"], document["sections"] = [], []
    originals = [
        indicator
        for perspective in document["perspectives"]
        for goal in perspective["goals"]
        for indicator in goal["indicators"]
    ]
    indicators = [
        originals[number % len(originals)]
        | {"weight": "0.1", "id": f"indicator-{number}", "title": f"指標{number}"}
        for number in range(count)
    ]
    for indicator in indicators:  # references to other indicators' ids are gone
        indicator["analysis"] = "本年依計畫辦理。"
    if staged:
        indicators[-1] = _staged(indicators[-1])
    goals = [
        {"title": f"目標{start}", "weight": str(len(part) / 10), "indicators": part}
        for start in range(0, count, 10)
        for part in [indicators[start : start + 10]]
    ]
    document["perspectives"] = [{"name": "業務面向", "goals": goals}]
    return document


def _staged(indicator: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in indicator.items() if key not in ("inputs", "formula")}
    stages = [
        {"title": f"階段{percent}", "percent": str(percent), "done": percent < 75}
        for percent in (25, 50, 75, 100)
    ]
    return kept | {"method": "milestones", "unit": "%", "target": "70", "milestones": stages}
