"""What the Secretariat's people fill in for 108: invented, but for what continues 107."""

from __future__ import annotations

from datetime import date

from indicators.demo.playing import Document, Filled
from indicators.records import Review

YEAR_END = date(2019, 12, 31)
BUDGET = (
    "本處各科室均依分配預算及計畫進度執行，108 年度{name}預算執行率為 {{{{ actual }}}}%"
    "（{{{{ calculation }}}}），達成度 {{{{ achievement }}}}%。"
)

VOLUNTEERS = Filled(
    inputs={"本年志工": "69", "上年志工": "65"},
    analysis=(
        "本處持續辦理志工招募，108 年志工人數計 {{ 本年志工 }} 人，107 年志工人數計"
        " {{ 上年志工 }} 人，成長 {{ actual }}%（{{ calculation }}），未達原訂的 {{ target }}%，"
        "達成度 {{ achievement }}%。"
    ),
    review=Review(
        "新進志工雖較上年多，但資深志工退隊也多，淨增人數不足。",
        "改為每季招募，並與大專校院志工社團合作；志工退隊前三個月預作遞補。",
        "示範總務",
        date(2020, 6, 30),
    ),
    document=Document("範例字第1080000101號", date(2019, 12, 27)),
)
SAFETY = Filled(
    inputs={"已改善件數": "91", "列管追蹤件數": "18"},
    analysis=(
        "108 年度公共安全缺失部分列管案計 {{ actual }} 件，低於 108 年度目標值 {{ target }} 件，"
        "達成度 {{ achievement }}%；其中 {{ 已改善件數 }} 件均已確認改善完畢，"
        "餘 {{ 列管追蹤件數 }} 案將持續列管並積極追蹤改善。"
    ),
    document=Document("範例字第1080000102號", YEAR_END),
)
CURRENT_BUDGET = Filled(
    inputs={
        "經常門實支數": "338402115",
        "應付未付數": "18760000",
        "節餘數": "85640885",
        "經常門預算": "451840000",
    },
    analysis=BUDGET.format(name="經常門"),
    document=Document("範例字第1090000011號", date(2020, 1, 6)),
)
CAPITAL_BUDGET = Filled(
    inputs={
        "資本門實支數": "9486300",
        "應付未付數": "2100000",
        "節餘數": "812700",
        "資本門預算數": "13190000",
    },
    analysis=BUDGET.format(name="資本門"),
    document=Document("範例字第1090000012號", date(2020, 1, 6)),
)
FAILED_TENDERS = Filled(
    inputs={"流廢標件數": "151", "招標案件數": "1612"},
    analysis=(
        "本府 108 年度公告金額以上之工程採購招標案件數 {{ 招標案件數 }} 件；其中流廢標列管件數"
        " {{ 流廢標件數 }} 件，佔 {{ actual }}%（{{ calculation }}），達成度 {{ achievement }}%。"
    ),
    document=Document("範例字第1080000201號", date(2019, 11, 29)),
)
E_TENDERS = Filled(
    inputs={"電子領標件數": "35", "招標案件數": "35"},
    analysis=(
        "本處積極配合推動採購電子化政策及節能減碳措施，108 年度辦理招標案件計 {{ 招標案件數 }} 件，"
        "電子領標計 {{ 電子領標件數 }} 件（{{ calculation }}），達成度 {{ achievement }}%。"
    ),
    document=Document("範例字第1080000202號", YEAR_END),
)
BASIC_CLASS = Filled(
    inputs={
        "取得證照人數": ["62", "65", "61", "58", None, None],
        "受訓人數": ["70", "70", "70", "68", "70", "62"],
    },
    document=Document("範例字第1080000203號", date(2019, 12, 20), ("受訓人數",)),
)
PLATFORM = Filled(
    stages=(date(2019, 3, 15), date(2019, 6, 21), date(2019, 9, 27), date(2019, 11, 29))
)
QUOTA = Filled(
    inputs={
        "員工總人數": "231",
        "已進用身心障礙人數": "13",
        "約僱等五類人數": "9",
        "已進用原住民人數": "0",
    },
    analysis=(
        "本處 108 年 12 月員工總人數為 {{ 員工總人數 }} 人，依法應進用身心障礙人員"
        " {{ = FLOOR(員工總人數*3%) }} 人，已進用 {{ 已進用身心障礙人數 }} 人；約僱等 5 類人員"
        " {{ 約僱等五類人數 }} 人，依法無需進用原住民，達成度 {{ achievement }}%。"
    ),
    document=Document("範例字第1080000301號", YEAR_END),
)
RECRUITS = Filled(
    inputs={"已提列考試職缺數": "6", "得提列職缺數": "8"},
    analysis=(
        "本處 108 年度得提列職缺數為 {{ 得提列職缺數 }} 人，已提列各種考試職缺數為"
        " {{ 已提列考試職缺數 }} 人，提列分發考試及格人員比例為 {{ actual }}%，"
        "達成度 {{ achievement }}%。"
    ),
    document=Document("範例字第1080000302號", date(2019, 12, 24)),
)
LEARNING = Filled(inputs={"現有人數": "97"})
LANGUAGES = Filled(inputs={"通過英檢人數": "61", "現有人數": "97"})
PROCUREMENT_FIGURES = {
    "case_study_trainees": "241",
    "procurement_lectures": "4",
    "procurement_lecture_trainees": "752",
    "equotation_sessions": "5",
    "equotation_trainees": "176",
    "works_equotation_trainees": "28",
    "procurement_consultations": "703",
    "price_database_upload_rate": "",
    "equotation_rate": "",
}
