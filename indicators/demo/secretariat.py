"""The Secretariat's year 108, under way: something due, overdue, returned and sent for each."""

from __future__ import annotations

from indicators.demo import entries_108 as entered
from indicators.demo.playing import Play

COLLEAGUES = (("sample-accounting", "示範會計", "會計室"), ("sample-general", "示範總務", ""))
DEPUTY = "clerk2"
ABSENT = {"clerk": 13, "supervisor": 6}  # the deputy acts for them up to so many days ahead
DUE = {
    "": 10,
    "basic-class-pass-rate": 3,
    "contract-platform-progress": -2,
    "failed-tender-rate": 5,
    "statutory-quota": 5,
    "lifelong-learning": -1,
    "language-certification": 6,
}
FAILED_TENDERS_REASON = (
    "流廢標列管件數填 151 件，與 12 月列管表所載 147 件不符。"
    "請核對後更正，並換上 12 月 31 日的列管表。"
)
QUOTA_REASON = "12 月員工總人數填 231 人，人事月報所載是 228 人。請核對後更正，並附 12 月人事月報。"


def play(stage: Play) -> None:
    stage.due(DUE, "manager", stage.at(15, "10:30"))
    stage.own_figures(entered.PROCUREMENT_FIGURES, "採購管理科", "manager", stage.at(15, "10:45"))
    early(stage)
    late(stage)
    unfinished(stage)


def early(stage: Play) -> None:
    """What the supervisor has approved, and one that the plan's manager sent back after that."""
    at = stage.at
    stage.report("volunteer-growth", "sample-general", at(9, "09:40"), entered.VOLUNTEERS)
    stage.report("office-safety-defects", "sample-general", at(9, "10:20"), entered.SAFETY)
    stage.report(
        "current-budget-execution", "sample-accounting", at(8, "11:05"), entered.CURRENT_BUDGET
    )
    stage.report("statutory-quota", "clerk2", at(7, "15:10"), entered.QUOTA)
    approved = ["volunteer-growth", "office-safety-defects", "current-budget-execution"]
    stage.approve([*approved, "statutory-quota"], "supervisor", at(6, "16:40"))
    stage.send_back(
        "statutory-quota", "manager", at(5, "09:25"), QUOTA_REASON, {"input:員工總人數": "228 人"}
    )


def late(stage: Play) -> None:
    """What waits for the supervisor, and one that came back."""
    at = stage.at
    stage.report("failed-tender-rate", "clerk", at(4, "15:30"), entered.FAILED_TENDERS)
    stage.report("exam-recruits-ratio", "clerk2", at(3, "10:15"), entered.RECRUITS)
    stage.report(
        "capital-budget-execution", "sample-accounting", at(3, "14:05"), entered.CAPITAL_BUDGET
    )
    stage.report("e-tender-rate", "clerk", at(2, "16:11"), entered.E_TENDERS)
    stage.send_back(
        "failed-tender-rate",
        "supervisor",
        at(2, "17:12"),
        FAILED_TENDERS_REASON,
        {"input:流廢標件數": "12 月列管表是 147 件"},
    )


def unfinished(stage: Play) -> None:
    at = stage.at
    stage.fill("basic-class-pass-rate", "clerk", at(1, "11:20"), entered.BASIC_CLASS)
    stage.fill("contract-platform-progress", "clerk", at(1, "11:45"), entered.PLATFORM)
    stage.fill("lifelong-learning", "clerk2", at(1, "14:02"), entered.LEARNING)
    stage.fill("language-certification", "clerk2", at(1, "14:10"), entered.LANGUAGES)
    stage.count(entered.PROCUREMENT_FIGURES, "clerk", at(1, "14:35"))
