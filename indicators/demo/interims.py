"""The months and quarters of the Secretariat's years: invented, coming to the years' values."""

from __future__ import annotations

from collections.abc import Mapping

from indicators.actions.past_interims import Followed
from indicators.interims import InterimSettings
from indicators.scoring.interim import ACTUAL, Gather, Path
from indicators.scoring.periods import Period

NOTES = {
    105: "105 年度的各月數值為示範，合計等於示範的全年數字。",
    106: "106 年度的各月數值為示範，合計等於示範的全年數字。",
    107: "範例資料：107 年度報告沒有各月數字，這裡的各月數值為示範，合計等於報告所載的全年數字。",
    108: "108 年度的各月數值為示範。",
}
MONTH, QUARTER = Period.MONTH, Period.QUARTER
SUM, LAST, CONSTANT = Gather.SUM, Gather.LAST, Gather.CONSTANT
SETTINGS = {
    "failed-tender-rate": InterimSettings(
        MONTH, Path.LEVEL, {"流廢標件數": SUM, "招標案件數": SUM}
    ),
    "office-safety-defects": InterimSettings(
        MONTH, Path.EVEN, {"已改善件數": SUM, "列管追蹤件數": LAST}
    ),
    "lifelong-learning": InterimSettings(
        MONTH, Path.EVEN, {"完成學習人數": LAST, "現有人數": LAST}
    ),
    "language-certification": InterimSettings(
        QUARTER, Path.LEVEL, {"通過英檢人數": LAST, "現有人數": LAST}
    ),
    "consultation-satisfaction": InterimSettings(
        QUARTER, Path.LEVEL, {ACTUAL: Gather.AVERAGE_GIVEN}
    ),
}
Years = Mapping[int, str]
VALUES: Mapping[str, Mapping[str, Years]] = {  # by lineage, symbol and year
    "failed-tender-rate": {
        "流廢標件數": {
            105: "12 10 17 15 16 14 18 15 14 16 17 17",
            106: "11 9 15 14 14 13 16 14 13 15 15 16",
            107: "10 8 13 12 13 12 14 12 12 13 14 14",
            108: "11 9 14 13 13 12 14 13 13 13 14 12",
        },
        "招標案件數": {
            105: "98 85 130 122 127 118 135 124 120 128 134 139",
            106: "101 86 133 124 129 121 137 126 122 131 137 140",
            107: "107 92 142 133 138 129 146 135 130 139 146 149",
            108: "109 94 144 135 140 131 148 137 132 141 148 153",
        },
    },
    "office-safety-defects": {
        "已改善件數": {
            105: "7 6 9 8 8 8 9 9 8 9 9 10",
            106: "7 6 8 8 8 8 8 8 8 8 9 9",
            107: "6 5 7 7 7 7 7 7 7 7 8 8",
            108: "6 6 8 8 7 8 8 7 8 8 8 9",
        },
        "列管追蹤件數": {
            105: "22 24 25 27 28 29 30 30 31 31 32 31",
            106: "18 19 20 21 21 22 22 23 23 24 24 23",
            107: "17 18 19 20 21 21 22 22 23 23 24 24",
            108: "15 15 16 16 17 17 17 18 18 18 18 18",
        },
    },
    "lifelong-learning": {
        "完成學習人數": {
            105: "4 9 15 22 30 38 46 55 63 72 81 90",
            106: "5 10 17 24 33 41 49 58 67 76 85 93",
            107: "5 11 18 26 35 43 52 61 70 79 88 96",
            108: "4 9 15 22 30 38 46 54 61 69 77",
        },
        "現有人數": {
            105: "99 " * 12,
            106: "98 " * 12,
            107: "98 " * 12,
            108: "97 " * 11,
        },
    },
    "language-certification": {
        "通過英檢人數": {
            105: "50 52 53 55",
            106: "53 54 56 57",
            107: "56 57 58 60",
            108: "57 59 60 61",
        },
        "現有人數": {105: "99 " * 4, 106: "98 " * 4, 107: "98 " * 4, 108: "97 " * 4},
    },
    "consultation-satisfaction": {ACTUAL: {108: "88.4 87.9 87.1"}},
}


def followed(year: int) -> dict[str, Followed]:
    """What the year has values of, by lineage."""
    return {
        lineage: Followed(
            SETTINGS[lineage], {symbol: years[year].split() for symbol, years in symbols.items()}
        )
        for lineage, symbols in VALUES.items()
        if all(year in years for years in symbols.values())
    }
