"""The consistency audit: the 47/48 of the 107 report, planted mistakes, and what is no mistake."""

import copy
import io
import json
from functools import cache, partial
from pathlib import Path

import pytest
from django.core.management import call_command

from indicators.interchange.plan_reading import read_plan
from indicators.scorecards.scored import score_plan
from reports.assembly import build_with_problems
from reports.consistency import Finding, audit
from reports.narrative import References
from tests.effort import growth

ROOT = Path(__file__).resolve().parents[2]
FIXTURE = ROOT / "fixtures" / "taichung-secretariat-107.json"
QUOTA = "貳、二、人力面向／依法足額進用身心障礙人員及原住民人數／分析／二、"
SEED_FINDING = Finding(
    "error",
    "operand-differs",
    QUOTA,
    "算式「((48-38)*1%)」用了 48，文字裡沒有這個數字；"
    "文字寫的是 47（「12月約僱等5類人員計9人(原47人扣除出缺不補38人)，依法無需」）。"
    "請核對原始資料，確認是 48 還是 47 後更正。",
)


# Documents


@cache
def seed_text():
    return FIXTURE.read_text(encoding="utf-8")


def seed():
    return json.loads(seed_text())


def findings(document):
    plan = score_plan(read_plan(json.dumps(document).encode()))
    report, problems = build_with_problems(plan, city="臺中市")
    return list(audit(plan, report, problems))


def indicators(document):
    return [
        indicator
        for perspective in document["perspectives"]
        for goal in perspective["goals"]
        for indicator in goal["indicators"]
    ]


def sections(nodes):
    for node in nodes:
        yield node
        yield from sections(node.get("sections", []))


@cache
def typed_text():
    """The 107 report with its references filled in, as if everything had been typed."""
    document = seed()
    plan = score_plan(read_plan(seed_text().encode()))
    references = References(plan)
    for indicator, item in zip(indicators(document), plan.indicators(), strict=True):
        indicator["analysis"] = references.fill(indicator["analysis"], item, [])
    for node in sections(document["sections"]):
        node["body"] = references.fill(node.get("body", ""), None, [])
    return json.dumps(document, ensure_ascii=False)


def typed():
    return json.loads(typed_text())


def replaced(old, new):
    """The typed report with one place changed."""
    text = typed_text()
    assert text.count(old) == 1, (old, text.count(old))
    return json.loads(text.replace(old, new))


def added(document):
    """Rule and sentence of what the audit finds beside the 47/48."""
    return [(f.rule, f.sentence) for f in findings(document) if f != SEED_FINDING]


def small(analysis="", body="", **changes):
    """A plan of one indicator (59 → 65 volunteers, 10.2 %) and one section."""
    indicator = seed()["perspectives"][0]["goals"][0]["indicators"][0]
    indicator |= {"weight": "100", "analysis": analysis} | changes
    goal = {"title": "推動志願服務", "weight": indicator["weight"], "indicators": [indicator]}
    return {
        "format": "kpi-plan/1",
        "agency": {"code": "library", "name": "市立圖書館"},
        "year": 107,
        "perspectives": [{"name": "業務面向", "goals": [goal]}],
        "sections": [{"title": "其他業務", "body": body}],
    }


# The 107 report


def test_seed_has_one_finding_and_it_is_47_against_48():
    assert findings(seed()) == [SEED_FINDING]


def test_seed_typed_throughout_has_the_same_finding():
    assert findings(typed()) == [SEED_FINDING]


def test_seed_with_48_corrected_has_none():
    assert findings(replaced("((48-38)*1%)", "((47-38)*1%)")) == []


# One number changed: the rules that find it, and the numbers they name

PLANTED = [
    # (old, new, [(rule, numbers named)])
    ("107年志工人數計 65 人", "107年志工人數計 66 人", [("operand-differs", "65 66")]),
    ("106 年志工人數計 59 人", "106 年志工人數計 95 人", [("operand-differs", "59 95")]),
    ("[(65-59)/59*100%]=10.2%", "[(65-59)/59*100%]=10.4%", [("arithmetic", "10.4% 10.2%")]),
    (
        "[(65-59)/59*100%]=10.2%",
        "[(66-59)/59*100%]=10.2%",
        [("arithmetic", "10.2% 11.9%"), ("operand-differs", "66 65")],
    ),
    ("達成目標值 10.2 %，", "達成目標值 12.0 %，", [("stated-actual", "12.0% 10.2%")]),
    (
        "達成目標值 10.2 %，達成度 100%",
        "達成目標值 10.2 %，達成度 90%",
        [("stated-achievement", "90% 100%")],
    ),
    ("受訓 70 人；取得證照 64 人", "受訓 70 人；取得證照 46 人", [("stated-input", "46 64")]),
    ("受訓 60 人；取得證照 51 人", "受訓 66 人；取得證照 51 人", [("stated-input", "66 60")]),
    ("受訓總人數 410 人", "受訓總人數 401 人", [("operand-differs", "410 401")]),
    ("取得證照人數 357 人", "取得證照人數 375 人", [("operand-differs", "357 375")]),
    (
        "實際達成目標值為 87%",
        "實際達成目標值為 78%",
        [("stated-actual", "78% 87%")],
    ),
    ("(357/410*100%=87%)", "(357/410*100%=88%)", [("arithmetic", "88% 87%")]),
    ("(357/410*100%=87%)", "(357/411*100%=87%)", [("operand-differs", "411 410")]),
    ("招標案件計 32 件", "招標案件計 23 件", [("stated-input", "23 32")]),
    ("電子領標計 32 件", "電子領標計 33 件", [("stated-input", "33 32")]),
    ("招標案件數 1,586 件", "招標案件數 1,568 件", [("operand-differs", "1,586 1,568")]),
    ("流廢標列管件數 147 件", "流廢標列管件數 174 件", [("operand-differs", "147 174")]),
    ("佔 9.3% (147", "佔 9.8% (147", [("arithmetic", "9.8% 9.3%")]),
    ("列管案計 107 件", "列管案計 170 件", [("stated-figure", "170 107")]),
    ("年度目標值 120 件", "年度目標值 130 件", [("stated-target", "130 120")]),
    ("其中 83 件", "其中 38 件", [("stated-figure", "38 83")]),
    (
        "員工總人數為 229 人",
        "員工總人數為 292 人",
        [("arithmetic", "292 229")],
    ),
    ("(原 271 人扣除", "(原 217 人扣除", [("arithmetic", "229 175")]),
    ("得提列職缺數為 7 人", "得提列職缺數為 8 人", [("stated-input", "8 7")]),
    ("比例為 71%", "比例為 17%", [("stated-actual", "17% 71%")]),
    (
        "完成學習時達 20 小時計 96 員(96/98",
        "完成學習時達 20 小時計 69 員(96/98",
        [("operand-differs", "96 69")],
    ),
    ("(96/98*100%=98%)", "(96/98*100%=89%)", [("arithmetic", "89% 98%")]),
    ("通過英檢人數 60 人(", "通過英檢人數 61 人(", [("stated-input", "61 60")]),
    ("332,252,672", "332,252,627", [("operand-differs", "332,252,627 332,252,672")]),
    ("3,729,200", "3,792,200", [("operand-differs", "3,792,200 3,729,200")]),
    (
        "經常門預算執行率原訂目標值為80%",
        "經常門預算執行率原訂目標值為85%",
        [("stated-target", "85% 80%")],
    ),
    # the sections
    ("增加比例達8%之目標", "增加比例達9%之目標", [("stated-target", "9% 8%")]),
    ("志工成長率達10.2%", "志工成長率達10.4%", [("stated-figure", "10.4% 10.2%")]),
    ("受訓人數410人", "受訓人數401人", [("stated-input", "401 410")]),
    ("基礎證照357人", "基礎證照375人", [("stated-input", "375 357")]),
    ("電子領標實際達成目標值100%", "電子領標實際達成目標值98%", [("stated-actual", "98% 100%")]),
    ("流廢標比率9.3%", "流廢標比率3.9%", [("stated-figure", "3.9% 9.3%")]),
    ("接待案計 151 件", "接待案計 115 件", [("stated-figure", "115 151")]),
    ("線上申請導覽場次計 91 場次", "線上申請導覽場次計 19 場次", [("stated-input", "19 91")]),
    ("哀輓聯共 2,842 件", "哀輓聯共 2,824 件", [("stated-figure", "2,824 2,842")]),
    ("共計40,760元", "共計47,060元", [("stated-input", "47,060 40,760")]),
    ("線上簽核比率為 76.29%", "線上簽核比率為 67.29%", [("stated-figure", "67.29% 76.29%")]),
]


@pytest.mark.parametrize(("old", "new", "expected"), PLANTED)
def test_planted_mistake_is_found_and_named(old, new, expected):
    found = added(replaced(old, new))
    assert [rule for rule, _ in found] == [rule for rule, _ in expected]
    missing = [
        number
        for (_, sentence), (_, numbers) in zip(found, expected, strict=True)
        for number in numbers.split()
        if number not in sentence
    ]
    assert missing == []


# Arithmetic, each way of writing it

WRONG = [
    "83 件+24 件=106 件。",
    "１４７／１，５８６×１００％＝９．４％，１４７件、１，５８６件。",
    "106=83+24，83 件、24 件。",
    "65-59=6，6/59=0.1017=10.3%，65 人、59 人。",
    "[(65-59)÷59×100%]＝10.1%，65 人、59 人。",
    "$[(65-59)/59*100\\%]=10.1\\%$，65 人、59 人。",
    "達成 98.4%(197/200)。",
    "120件x30元=3,500元，120 件，每件 30 元。",
    "現有 98 員(原 101 人扣除留職停薪 4 人)。",
    "成長 10.4%((65-59)/59*100%=10.2%)，65 人、59 人。",
]


@pytest.mark.parametrize("text", WRONG)
def test_wrong_arithmetic_is_an_error(text):
    assert [(f.level, f.rule) for f in findings(small(body=text))] == [("error", "arithmetic")]


# What only looks like a mistake

CLEAN = [
    "花博開幕期間(11/2-11/5)專案接待 27 國。",
    "本市為 2016-2019 執行局委員，2018-2020 連任。",
    "諮詢專線（04-22177399）、(04)2217-7399、0800-000-123 轉 12*34。",
    "完成率達 1/2 以上，其中 2/3 為女性。",
    "採 A-1 與 B-2 兩案，T8 燈具、COVID-19、ISO 27001:2013。",
    "成長約 3%-5%，或 3%～5%，介於 10%-15%。",
    "(經常門實支數+應付未付數+節餘數)/經常門預算*100%。",
    "(實際應計算員工總人數*3%)",
    "日期為 107/12/31，時間 9:00-17:00，共 8 小時。",
    "IP 位址 192.168.1.1/24，版本 1.2.3-4。",
    "男女比為 3:2，師生比 1:15。",
    "欄位(3)=(1)-(2)，(5)=(3)/(4)*100%。",
    "(本年志工65人-上年志工59人)/上年志工59人*100%=10.2%",
    "推動 5+2 產業創新，發揮 1+1>2 的效果，1+1=3 的加乘。",
    "A4(210*297mm)、1920x1080 解析度、10公尺*20公尺。",
    "府授秘字第1070012345號函，第 5-3 條。",
    "83 件+24 件=107 件。",
    "１，５８６件中有１４７件，１４７／１，５８６×１００％＝９．３％。",
    "120×(1+5%)=126，其中基期 120。",
    "達成 98.5%(197/200)。期限至 50%(6/30)、95%(107/12)。",
    "該項 15 分，得分 15×87.5%=13.13 分。",
    "應進用 229 人*3%=6 人(不計小數)。全體 229 人。",
    "減少 (120-130)/120=8.3%，上期 120、本期 130。",
    "平均 (90+85+88)/3=87.67 分；成績 90、85、88。",
    "65-59=6，6/59=0.1017=10.2%，65 人、59 人。",
    "65-59=6/59=10.2%，65 人、59 人。",
    "4.88-32=-27.12；基準 4.88、32。",
    "2,000元*5=1萬元，單價 2,000。",
    "網址 https://example.gov.tw/a?x=5-3=4&y=1*2=3 供查。",
    "1-(130-120)÷120=91.67%；實際 130、目標 120。",
    "33.3%+33.3%+33.4%=100%",
    "滿意度=(5*12+4*30+3*8)/50=4.08，非常滿意 12 人、滿意 30 人、普通 8 人，共 50 人。",
    "106 年達成目標值 7%，107 年持續努力。",
    "為達成目標值 8%，積極招募。",
    "108年度目標值 12%。",
    "108 年增辦訓練，目標值 12%。",
    "上半年達成值 5%。",
    "達成年度目標值。",
    "未達成目標值 8% 部分將檢討。",
    "已達行政院公共工程委員會目標值15%。",
    "衡量指標共 3 大項，其中 2 項為新增。",
    "E=mc2，y=2x+1，pH=7-8，n=30。",
    "自 100 萬元增至 120 萬元，120/100=1.2 倍。",
    "1. 3+5=8 人，其中 3 人、5 人。",
    "面積 3.5×4.2=14.7 平方公尺，長 3.5、寬 4.2。",
    "11/5-11/2=3天",
    "107年志工人數計 65 人，106年志工人數計 59 人，109 年志工人數計 80 人。",
    "各里志工人數計 12 人，預計志工人數 70 人。",
    "32 件，32/0=1",
    "本年志工-59=6人",
    "(65-59)/59=0.10*100%=10.2%，65 人、59 人。",
]


@pytest.mark.parametrize("text", CLEAN)
@pytest.mark.parametrize("where", ["analysis", "body"])
def test_clean_sentence_raises_nothing(text, where):
    assert findings(small(**{where: text})) == []


# An invented report, typed throughout: missed targets, stages, surveys, full-width forms
HOSPITAL = {
    "format": "kpi-plan/1",
    "agency": {
        "code": "east-hospital",
        "name": "東區市立醫院",
    },
    "year": 110,
    "perspectives": [
        {
            "name": "業務面向",
            "goals": [
                {
                    "title": "縮短病人等候時間",
                    "weight": "40",
                    "indicators": [
                        {
                            "title": "急診平均等候時間",
                            "weight": "20",
                            "unit": "分鐘",
                            "decimals": 1,
                            "direction": "lower",
                            "target": "32",
                            "method": "formula",
                            "inputs": [
                                {
                                    "symbol": "等候總分鐘",
                                    "label": "全年急診等候總分鐘數",
                                    "unit": "分鐘",
                                    "value": "415800",
                                },
                                {
                                    "symbol": "急診人次",
                                    "label": "全年急診人次",
                                    "unit": "人次",
                                    "value": "12600",
                                },
                            ],
                            "formula": "等候總分鐘/急診人次",
                            "previous": {
                                "target": "33",
                                "actual": "34.5",
                            },
                            "review": {
                                "cause": (
                                    "疫情期間分流檢疫，每位病人增加約 5 分鐘，全年急診"
                                    " 12,600 人次，平均等候 33 分鐘，較目標值"
                                    " 32 分鐘多 1 分鐘。"
                                ),
                                "action": "111 年增設 2 個檢傷站，目標值 30 分鐘。",
                                "responsible": "急診部",
                                "due": "2022-06-30",
                            },
                            "analysis": (
                                "110 年全年急診人次 12,600 人次，等候總分鐘 "
                                "415,800 分鐘，平均等候時間為 33 分鐘（415"
                                ",800÷12,600＝33），109 年為 34.5 "
                                "分鐘，改善 1.5 分鐘（34.5－33＝1.5）；原訂"
                                "目標值 32 分鐘，達成度 96.88%〔1－（33－3"
                                "2）÷32＝96.88%〕。"
                            ),
                        },
                        {
                            "title": "門診預約準時率",
                            "weight": "20",
                            "unit": "%",
                            "decimals": 2,
                            "direction": "higher",
                            "target": "85.50",
                            "method": "formula",
                            "inputs": [
                                {
                                    "symbol": "準時人次",
                                    "unit": "人次",
                                    "rows": [
                                        {
                                            "label": "第1季",
                                            "value": "20150",
                                        },
                                        {
                                            "label": "第2季",
                                            "value": "18220",
                                        },
                                        {
                                            "label": "第3季",
                                            "value": "19805",
                                        },
                                        {
                                            "label": "第4季",
                                            "value": "21030",
                                        },
                                    ],
                                },
                                {
                                    "symbol": "預約人次",
                                    "unit": "人次",
                                    "value": "91200",
                                },
                            ],
                            "formula": "準時人次/預約人次*100%",
                            "analysis": (
                                "#. 第 1 季準時 20,150 人次、第 2 季準時"
                                " 18,220 人次、第 3 季準時 19,805 人次"
                                "、第 4 季準時 21,030 人次，合計 79,205"
                                " 人次。\n#. 全年預約人次 91,200 人次，準時率"
                                " 86.85%（79,205/91,200*100%=8"
                                "6.85%），優於目標值 85.5%，達成度 100%。"
                                "\n#. 109 年準時率 84.2%（76,000/90"
                                ",261*100%=84.2%），109 年準時 76,"
                                "000 人次、預約 90,261 人次，提高 2.65 "
                                "個百分點。"
                            ),
                        },
                    ],
                },
                {
                    "title": "推動智慧醫療",
                    "weight": "30",
                    "indicators": [
                        {
                            "title": "電子病歷系統建置進度",
                            "weight": "30",
                            "unit": "%",
                            "decimals": 0,
                            "direction": "higher",
                            "target": "100",
                            "method": "milestones",
                            "milestones": [
                                {
                                    "title": "需求訪談",
                                    "percent": "20",
                                    "done": True,
                                },
                                {
                                    "title": "系統設計",
                                    "percent": "50",
                                    "done": True,
                                },
                                {
                                    "title": "試辦",
                                    "percent": "80",
                                    "done": True,
                                },
                                {
                                    "title": "全院上線",
                                    "percent": "100",
                                    "done": False,
                                },
                            ],
                            "review": {
                                "cause": (
                                    "資安檢測於 110/11/30 發現 3 項中風險，上線延後 2 個月。"
                                ),
                                "action": (
                                    "已於 111/2/15 複測通過（4/4 項），訂於 111 年 3 月全院上線。"
                                ),
                                "responsible": "資訊室",
                                "due": "2022-03-31",
                            },
                            "analysis": (
                                "分 4 階段辦理：需求訪談(20%)、系統設計(50%)"
                                "、試辦(80%)、全院上線(100%)。試辦期間(9/1"
                                "-11/30)共 6 科、1,284 張病歷完成電子化，"
                                "完成試辦後累計進度達 80%，達成目標值 80%，達成度"
                                " 80%。"
                            ),
                        },
                    ],
                },
            ],
        },
        {
            "name": "人力與經費面向",
            "goals": [
                {
                    "title": "提升服務品質",
                    "weight": "30",
                    "indicators": [
                        {
                            "title": "住院病人滿意度",
                            "weight": "20",
                            "unit": "分",
                            "decimals": 1,
                            "direction": "higher",
                            "target": "88",
                            "method": "direct",
                            "actual": "90.3",
                            "previous": {
                                "target": "87",
                                "actual": "88.1",
                            },
                            "analysis": (
                                "110 年 10 月至 12 月委外調查，發出 1,20"
                                "0 份，回收 1,032 份，回收率 86%（1,032"
                                "/1,200=86%）；滿意度 90.3 分，較 109"
                                " 年 88.1 分增加 2.2 分(90.3-88.1="
                                "2.2)，達成值 90.3 分，達成度 100%，權重 "
                                "20%。"
                            ),
                        },
                        {
                            "title": "用電節約率",
                            "weight": "10",
                            "unit": "%",
                            "decimals": 1,
                            "direction": "higher",
                            "target": "1",
                            "method": "formula",
                            "inputs": [
                                {
                                    "symbol": "上年用電",
                                    "label": "上年用電度數",
                                    "unit": "度",
                                    "value": "5230400",
                                },
                                {
                                    "symbol": "本年用電",
                                    "label": "本年用電度數",
                                    "unit": "度",
                                    "value": "5105000",
                                },
                            ],
                            "formula": "(上年用電-本年用電)/上年用電*100%",
                            "analysis": (
                                "110年用電度數5,105,000度，109年用電度數5"
                                ",230,400度，減少125,400度(5,230,4"
                                "00-5,105,000=125,400)，節約率為2."
                                "4%〔(5,230,400-5,105,000)/5,2"
                                "30,400×100%=2.4%〕，達成年度目標值1%。"
                                "用電尖峰契約容量2,500瓩。"
                            ),
                        },
                    ],
                },
            ],
        },
    ],
    "figures": [
        {
            "key": "beds",
            "label": "總病床數",
            "unit": "床",
            "value": "512",
        },
        {
            "key": "surgery",
            "label": "手術人次",
            "unit": "人次",
            "value": "8431",
            "previous": "8012",
        },
    ],
    "sections": [
        {
            "title": "前言",
            "body": (
                "本院總病床數 512 床，服務東區 23 萬居民，2018-2020 年"
                "連續 3 年獲獎，院址：中山路 1-2 號，電話(04)2345-678"
                "9 轉 12。"
            ),
        },
        {
            "title": "績效綜合分析",
            "body": ("110 年度總計 5 項衡量指標，達標 3 項(60%)，未達標 2 項。"),
        },
        {
            "title": "工作成果",
            "sections": [
                {
                    "title": "一、縮短病人等候時間",
                    "body": (
                        "#. 急診人次 12,600 人次，平均每日 34.5 人次(1"
                        "2,600/365=34.5)。\n#. 門診全年預約人次 91,"
                        "200 人次，上半年 44,120 人次。"
                    ),
                },
                {
                    "title": "醫療服務",
                    "body": (
                        "全年手術人次 8,431 人次，109 年手術人次 8,012 "
                        "人次，成長 5.2%((8,431-8,012)/8,012=5"
                        ".2%)。疫苗接種(1/15-6/30)服務 3,200 人次，"
                        "其中 65 歲以上占 3/5，男女比 2:3，B 棟 5F-7F"
                        " 及 A-1 病房 24 床(12+12)。"
                    ),
                },
                {
                    "title": "提升服務品質",
                    "body": (
                        "住院病人滿意度 90.3 分，志工 135 人，服務 12,46"
                        "0 小時，平均每人 92.3 小時（12,460÷135＝92."
                        "3）。"
                    ),
                },
            ],
        },
    ],
}


def test_clean_report_of_another_agency_has_no_error():
    assert [(f.level, f.rule) for f in findings(HOSPITAL)] == [("warning", "target-beaten")]


HOSPITAL_PLANTED = [
    ("415,800÷12,600＝33", "415,800÷12,600＝35", ["arithmetic"]),
    ("等候總分鐘 415,800 分鐘", "等候總分鐘 451,800 分鐘", ["operand-differs"]),
    ("原訂目標值 32 分鐘", "原訂目標值 23 分鐘", ["stated-target"]),
    ("達成度 96.88%〔", "達成度 98.66%〔", ["stated-achievement"]),
    ("準時率 86.85%（", "準時率 86.58%（", ["arithmetic"]),
    ("達成值 90.3 分", "達成值 93.0 分", ["stated-actual"]),
    ("權重 20%", "權重 25%", ["stated-weight"]),
    ("減少125,400度", "減少124,500度", []),  # a difference in words: not read
    ("達標 3 項", "達標 4 項", ["stated-summary"]),
    ("未達標 2 項", "未達標 1 項", ["stated-summary"]),
    ("總計 5 項衡量指標", "總計 6 項衡量指標", ["stated-summary"]),
    ("總病床數 512 床", "總病床數 521 床", ["stated-input"]),
    ("12,460÷135＝92.3", "12,460÷135＝93.2", ["arithmetic"]),
]


@pytest.mark.parametrize(("old", "new", "rules"), HOSPITAL_PLANTED)
def test_planted_mistake_in_another_report_is_found(old, new, rules):
    text = json.dumps(HOSPITAL, ensure_ascii=False)
    assert text.count(old) == 1
    found = findings(json.loads(text.replace(old, new)))
    assert [f.rule for f in found if f.level == "error"] == rules


# Operands


def test_operand_recorded_but_not_in_the_text_is_fine():
    assert findings(small("((65-59)/59*100%=10.2%)")) == []


def test_operand_found_nowhere_is_a_warning():
    (found,) = findings(small("去年招募率 (81-44)*1%。"))
    assert (found.level, found.rule) == ("warning", "operand-unexplained")


def test_calculation_and_words_that_agree_but_differ_from_the_data_are_an_error():
    text = "107年志工 66 人，106年 59 人，(66-59)/59*100%=11.9%。"
    assert [f.rule for f in findings(small(text))] == ["operand-differs"]


def test_calculation_of_the_year_before_beside_this_years_is_fine():
    text = "106年 59 人、105年 50 人，(59-50)/50*100%=18%；(65-59)/59*100%=10.2%。"
    assert findings(small(text)) == []


def test_estimate_beside_the_right_calculation_is_fine():
    text = "原估 66 人，(66-59)/59*100%=11.9%；實際 (65-59)/59*100%=10.2%，基期 59 人。"
    assert findings(small(text)) == []


def test_last_years_actual_behind_last_years_name_is_fine():
    text = "107 年持續努力；106 年因故延後，達成值 7%。"
    assert findings(small(text, previous={"actual": "7"})) == []


# The plan as a whole


def rules_of(document):
    return [(f.level, f.rule, f.place) for f in findings(document)]


def test_weights_that_do_not_sum_to_100_are_an_error():
    assert rules_of(small(weight="90")) == [("error", "weights-sum", "衡量指標權重")]


def test_reference_to_nothing_is_an_error_with_its_place():
    assert rules_of(small(body="共 {{ volunters }} 人")) == [
        ("error", "unresolved-reference", "肆、其他業務")
    ]


def test_reference_to_what_is_not_entered_is_a_warning():
    document = small(body="共 {{ tours }} 場") | {
        "figures": [{"key": "tours", "label": "導覽場次", "value": None}]
    }
    assert rules_of(document) == [("warning", "empty-reference", "肆、其他業務")]


PLACE = "壹、一、業務面向／每年志工人數成長比例"


def test_missed_indicator_without_review_is_a_warning():
    assert rules_of(small(target="11")) == [("warning", "missed-without-review", PLACE)]


def test_missed_indicator_with_review_is_fine():
    review = {"cause": "招募不足", "action": "加強", "responsible": "總務科", "due": "2019-06-30"}
    assert rules_of(small(target="11", review=review)) == []


def test_target_met_only_by_rounding_is_a_warning():
    assert rules_of(small(target="10.2")) == [("warning", "rounding-met", PLACE)]


def test_target_weaker_than_last_years_is_a_warning():
    assert rules_of(small(previous={"target": "9"})) == [("warning", "previous-softened", PLACE)]


def test_target_beaten_twice_over_is_a_warning():
    assert rules_of(small(target="5")) == [("warning", "target-beaten", PLACE)]


def test_figure_that_no_text_uses_is_a_warning():
    document = small(body="共 {{ tours }} 場") | {
        "figures": [
            {"key": "tours", "label": "導覽場次", "value": "91"},
            {"key": "guests", "label": "外賓人數", "value": "1340"},
        ]
    }
    assert [(f.rule, "guests" in f.sentence) for f in findings(document)] == [
        ("figure-unused", True)
    ]


# However long and strange a text is

HOSTILE = [
    "(" * 100_000,
    "1+" * 50_000,
    "1+1+1=" * 16_000,
    "1/" * 50_000,
    "1,111" * 20_000,
    ",111" * 24_999 + "a",
    "9" * 100_000,
    "0.1" * 33_000,
    "[(]" * 33_000,
    "11人" * 33_000,
    "目標值" * 33_000,
    "達成度" * 33_000,
    "9人(原" * 20_000,
    "{{" * 50_000,
    "12人(原34人扣除" + "啊" * 90_000,
    "http://" + "a" * 90_000,
    "a." * 50_000,
]


def audit_of(text, where):
    plan = score_plan(read_plan(json.dumps(small(**{where: text})).encode()))
    report, problems = build_with_problems(plan, city="臺中市")
    return partial(audit, plan, report, problems)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:8])
@pytest.mark.parametrize("where", ["analysis", "body"])
def test_work_on_hostile_text_grows_with_its_length(text, where):
    """4 times the text: about 4 times the work, where its square would be 16 times."""
    fourth = audit_of(text[: len(text) // 4], where)
    assert growth(fourth, audit_of(text, where), below=9) < 9


def test_findings_are_the_same_each_time():
    document = copy.deepcopy(HOSPITAL)
    assert findings(document) == findings(document)


# The command


def run(document, tmp_path, *arguments):
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    call_command("import_plan", str(path), stdout=io.StringIO(), stderr=io.StringIO())
    out, code = io.StringIO(), 0
    try:
        call_command(
            "check_report",
            document["agency"]["code"],
            str(document["year"]),
            *arguments,
            stdout=out,
        )
    except SystemExit as end:
        code = end.code
    return code, out.getvalue()


@pytest.mark.django_db
def test_command_prints_a_line_for_each_finding_and_exits_1(tmp_path):
    line = f"錯誤　{SEED_FINDING.place}：{SEED_FINDING.sentence}\n"
    assert run(seed(), tmp_path) == (1, line)


@pytest.mark.django_db
def test_command_says_that_nothing_was_found(tmp_path):
    assert run(small(), tmp_path) == (0, "未發現不一致。\n")


@pytest.mark.django_db
def test_command_exits_0_for_warnings(tmp_path):
    code, text = run(small(target="5"), tmp_path)
    assert (code, text.split("　")[0], text.count("\n")) == (0, "注意", 1)


@pytest.mark.django_db
def test_command_writes_the_findings_document(tmp_path):
    code, text = run(seed(), tmp_path, "--format", "json")
    assert (code, json.loads(text)) == (
        1,
        {
            "format": "kpi-findings/1",
            "agency": {"code": "tc-secretariat", "name": "臺中市政府秘書處"},
            "year": 107,
            "findings": [
                {
                    "level": "error",
                    "rule": "operand-differs",
                    "place": QUOTA,
                    "sentence": SEED_FINDING.sentence,
                }
            ],
        },
    )


# What texts sum up: 11 indicators, all met, 100 points


def in_foreword(sentence):
    document = typed()
    document["sections"][0]["body"] += f"\n{sentence}"
    return added(document)


@pytest.mark.parametrize(
    "sentence",
    [
        "本年度總分98分。",
        "總分為 98 分。",
        "總得分98.00分。",
        "107年度績效總分計 98 分。",
        "本處 107 年度 11 項指標總分 98 分。",
        "107 年度各項指標全數達標，總分 98 分。",
        "未達標1項。",
        "達標率 90%。",
        "全部 12 項指標均已達標。",
        "11 項衡量指標中達成目標者 10 項。",
        "107 年度計 11 項指標，10 項達標。",
    ],
)
def test_wrong_summary_is_found_however_it_is_worded(sentence):
    assert {rule for rule, _ in in_foreword(sentence)} == {"stated-summary"}


@pytest.mark.parametrize(
    "sentence",
    [
        "本年度總分100分，11 項衡量指標達標率 100%。",
        "106 年度 9 項衡量指標，達標 8 項。",
        "106 年度總分 95.5 分。",
        "去年總分 98 分，今年總分 100 分。",
        "本市考評總分 92 分。",
        "研考會評定總分為 88 分。",
        "測驗總分 80 分以上。",
        "各機關計 320 項衡量指標。",
        "本處負責市府 25 項衡量指標中之 11 項。",
        "第 2 項衡量指標達標。",
        "空氣品質未達標 1 項。",
    ],
)
def test_right_summary_and_other_peoples_raise_nothing(sentence):
    assert in_foreword(sentence) == []
