"""Plan documents for tests: one valid document with everything in it, and changes to it."""

import copy
import json

FORMULA = "perspectives.0.goals.0.indicators.0"
MILESTONES = "perspectives.0.goals.0.indicators.1"
DIRECT = "perspectives.0.goals.1.indicators.0"
MISSING = object()

BASE = {
    "format": "kpi-plan/1",
    "agency": {"code": "test-office", "name": "測試局"},
    "year": 107,
    "policy": {"lower": "ratio", "lights": {"green": "90", "yellow": "70"}},
    "perspectives": [
        {
            "name": "業務面向",
            "goals": [
                {
                    "title": "提升訓練成效",
                    "weight": "60",
                    "indicators": [
                        {
                            "id": "pass-rate",
                            "title": "及格率",
                            "weight": "40",
                            "unit": "%",
                            "decimals": 0,
                            "direction": "higher",
                            "target": "83",
                            "method": "formula",
                            "inputs": [
                                {
                                    "symbol": "及格人數",
                                    "label": "取得證照人數",
                                    "unit": "人",
                                    "value": "52",
                                },
                                {
                                    "symbol": "受訓人數",
                                    "unit": "人",
                                    "rows": [
                                        {"label": "第1期", "value": "50"},
                                        {"label": "第2期", "value": "30"},
                                    ],
                                },
                            ],
                            "formula": "及格人數/SUM(受訓人數)*100%",
                            "owner": "訓練科",
                            "previous": {"target": "82", "actual": "84"},
                            "review": {
                                "cause": "開班較晚",
                                "action": "提早開班",
                                "responsible": "訓練科",
                                "due": "2019-06-30",
                            },
                            "measure": "及格人數÷受訓人數",
                            "evaluation": "統計數據",
                            "analysis": "受訓 {{ 受訓人數 }} 人。",
                        },
                        {
                            "title": "興建訓練中心",
                            "weight": "20",
                            "unit": "%",
                            "decimals": 0,
                            "direction": "higher",
                            "target": "70",
                            "method": "milestones",
                            "milestones": [
                                {"title": "規劃", "percent": "25", "done": True},
                                {"title": "發包", "percent": "70", "done": True},
                                {"title": "完工", "percent": "100", "done": None},
                            ],
                        },
                    ],
                },
                {
                    "title": "服務滿意",
                    "weight": "40",
                    "indicators": [
                        {
                            "id": "wait_days",
                            "title": "平均等候日數",
                            "weight": "40",
                            "unit": "日",
                            "decimals": 1,
                            "direction": "lower",
                            "target": "8",
                            "method": "direct",
                            "actual": "7.25",
                        }
                    ],
                },
            ],
        }
    ],
    "figures": [
        {
            "key": "tours",
            "label": "導覽場次",
            "unit": "場次",
            "value": "91",
            "source": "秘書科",
            "previous": "80",
        },
        {"key": "guests", "label": "參觀人數", "value": None},
    ],
    "sections": [
        {
            "title": "前言",
            "body": "辦理導覽 {{ tours }} 場次。",
            "sections": [{"title": "緣起", "body": "第一段"}],
        }
    ],
}


def base():
    return copy.deepcopy(BASE)


def changed(*changes):
    """The valid document with values replaced: ("agency.name", "新名"); MISSING removes."""
    document = base()
    for path, value in changes:
        *above, last = path.split(".")
        node = document
        for step in above:
            node = node[int(step)] if isinstance(node, list) else node[step]
        if value is MISSING:
            del node[last]
        elif last == "+":
            node.append(value)
        else:
            node[int(last) if isinstance(node, list) else last] = value
    return document


def json_path(path):
    """`figures.0.key` as `$.figures[0].key`."""
    return "$" + "".join(f"[{s}]" if s.isdigit() else f".{s}" for s in path.split(".") if s)


def as_bytes(document):
    return json.dumps(document).encode()


def nested(depth):
    """Sections inside each other; the first is level 1."""
    section = {"title": "節"}
    for _ in range(depth - 1):
        section = {"title": "節", "sections": [section]}
    return section
