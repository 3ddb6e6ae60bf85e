"""`kpi-scorecard/1`, whole, against numbers worked out by hand."""

import json

import pytest

from tests.indicators.documents import DIRECT, FORMULA, base, changed

pytestmark = pytest.mark.django_db


@pytest.fixture
def scorecard(import_plan, command):
    def run(document):
        assert import_plan(document).code == 0
        return json.loads(command("show_scorecard", "test-office", "107", "--format", "json").out)

    return run


def indicator(weight, target, **members):
    return {
        "title": f"指標{weight}",
        "weight": weight,
        "unit": "件",
        "decimals": 0,
        "direction": "higher",
        "target": target,
        "method": "direct",
    } | members


def plan_of(*indicators, weight, **policy):
    goal = {"title": "目標", "weight": weight, "indicators": list(indicators)}
    document = changed(("perspectives", [{"name": "面向", "goals": [goal]}]))
    return document | {"policy": policy}


def test_a_plan_that_is_complete(scorecard):
    # 52/80 = 65 %, 65/83 = 78.3132… %, 40 × 65/83 = 31.3253…; 7.25 → 7.3, 8/7.3 = 109.589… %
    assert scorecard(base()) == {
        "format": "kpi-scorecard/1",
        "agency": {"code": "test-office", "name": "測試局"},
        "year": 107,
        "policy": {"lower": "ratio"},
        "total_score": "91.33",
        "lost": "8.67",
        "winnable": "0.00",
        "complete": True,
        "indicators": 3,
        "met": 2,
        "missed": 1,
        "not_reported": 0,
        "perspectives": [
            {
                "name": "業務面向",
                "weight": "100",
                "score": "91.33",
                "goals": [
                    {
                        "title": "提升訓練成效",
                        "weight": "60",
                        "score": "51.33",
                        "indicators": [
                            {
                                "title": "及格率",
                                "weight": "40",
                                "unit": "%",
                                "decimals": 0,
                                "direction": "higher",
                                "target": "83",
                                "actual": "65",
                                "achievement": "78.31",
                                "uncapped": "78.31",
                                "score": "31.33",
                                "status": "missed",
                                "calculation": "52/80*100%=65%",
                                "reason": None,
                            },
                            {
                                "title": "興建訓練中心",
                                "weight": "20",
                                "unit": "%",
                                "decimals": 0,
                                "direction": "higher",
                                "target": "70",
                                "actual": "70",
                                "achievement": "100.00",
                                "uncapped": "100.00",
                                "score": "20.00",
                                "status": "met",
                                "calculation": None,
                                "reason": None,
                            },
                        ],
                    },
                    {
                        "title": "服務滿意",
                        "weight": "40",
                        "score": "40.00",
                        "indicators": [
                            {
                                "title": "平均等候日數",
                                "weight": "40",
                                "unit": "日",
                                "decimals": 1,
                                "direction": "lower",
                                "target": "8",
                                "actual": "7.3",
                                "achievement": "100.00",
                                "uncapped": "109.59",
                                "score": "40.00",
                                "status": "met",
                                "calculation": None,
                                "reason": None,
                            }
                        ],
                    },
                ],
            }
        ],
    }


ZERO = [{"symbol": "a", "value": "1"}, {"symbol": "b", "value": "0"}]


def test_a_plan_that_is_not(scorecard):
    found = scorecard(
        plan_of(
            indicator("10", "-3.0", direction="equal", actual="-2.5"),
            indicator("20", "0", direction="lower", actual="1"),
            indicator("30", "5", method="formula", inputs=ZERO, formula="a/b", unit="%"),
            indicator("15.50", "1", actual=None),
            indicator("20.0", "8.00", direction="lower", actual="9"),
            weight="95.5",
        )
    )
    heads = ("total_score", "lost", "winnable", "complete", "met", "missed", "not_reported")
    assert [found[head] for head in heads] == ["27.50", "22.50", "45.50", False, 1, 2, 2]
    assert (found["policy"], found["perspectives"][0]["weight"]) == ({"lower": "linear"}, "95.5")
    parts = ("weight", "target", "actual", "achievement", "uncapped", "score", "status", "reason")
    rows = found["perspectives"][0]["goals"][0]["indicators"]
    division = "無法計算：除數「b」等於 0，請檢查公式與基礎資料。"
    assert [[row[part] for part in parts] for row in rows] == [
        ["10", "-3", "-3", "100.00", "100.00", "10.00", "met", None],
        ["20", "0", "1", "0.00", None, "0.00", "missed", None],
        ["30", "5", None, None, None, "0.00", "not_reported", division],
        ["15.5", "1", None, None, None, "0.00", "not_reported", "尚未填報：達成目標值。"],
        ["20", "8", "9", "87.50", "87.50", "17.50", "missed", None],
    ]


@pytest.mark.parametrize(
    ("changes", "status", "reason"),
    [
        ([("inputs.0.value", None)], "not_reported", "尚未填報：取得證照人數（及格人數）。"),
        ([("inputs.0.value", "0")], "missed", None),
        ([("inputs.1.rows", [])], "not_reported", "尚未填報：受訓人數（一列也沒有）。"),
        (
            [("inputs.1.rows.1.value", None)],
            "not_reported",
            "尚未填報：受訓人數第 2 列（第2期）。",
        ),
    ],
)
def test_not_entered_is_not_zero(scorecard, changes, status, reason):
    found = scorecard(changed(*((f"{FORMULA}.{path}", value) for path, value in changes)))
    row = found["perspectives"][0]["goals"][0]["indicators"][0]
    assert (row["status"], row["reason"]) == (status, reason)


@pytest.mark.parametrize(
    ("actual", "decimals", "printed"),
    [
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("-0.4", 0, "0"),
        ("0.0000005", 6, "0.000001"),
        ("1.10", 2, "1.1"),
        ("99999999999999999999999999999.5", 0, "100000000000000000000000000000"),
    ],
)
def test_an_entered_actual_is_rounded_once_half_away_from_zero(
    scorecard, actual, decimals, printed
):
    found = scorecard(changed((f"{DIRECT}.actual", actual), (f"{DIRECT}.decimals", decimals)))
    assert found["perspectives"][0]["goals"][1]["indicators"][0]["actual"] == printed


def test_thirty_digits_are_scored_exactly(scorecard):
    big = "12345678901234567890123456789"
    inputs = [{"symbol": "a", "value": f"{big}1"}, {"symbol": "b", "value": f"{big}0"}]
    found = scorecard(
        plan_of(indicator("100", "1", method="formula", inputs=inputs, formula="a-b"), weight="100")
    )
    row = found["perspectives"][0]["goals"][0]["indicators"][0]
    assert (row["actual"], row["status"]) == ("1", "met")
    assert row["calculation"] == (
        "123,456,789,012,345,678,901,234,567,891-123,456,789,012,345,678,901,234,567,890=1"
    )


def test_the_text_says_the_same(import_plan, command):
    import_plan(base())
    assert command("show_scorecard", "test-office", "107", "--format", "text").out == (
        "測試局 107 年度計分表\n"
        "總分 91.33　已失 8.67　尚可得 0.00\n"
        "指標 3 項：達標 2、未達標 1、未填報 0\n"
        "\n"
        "業務面向　91.33／100\n"
        "  提升訓練成效　51.33／60\n"
        "    未達標　及格率　31.33／40　目標 83%，實際 65%　52/80*100%=65%\n"
        "    達標　興建訓練中心　20.00／20　目標 70%，實際 70%\n"
        "  服務滿意　40.00／40\n"
        "    達標　平均等候日數　40.00／40　目標 ≤8，實際 7.3\n"
    )
