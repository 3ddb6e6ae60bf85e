"""The Secretariat's year 108, under way: something due, overdue, returned and sent for each."""

from __future__ import annotations

from pathlib import Path

from indicators.actions.follow_ups import record_follow_up
from indicators.demo import entries_108 as entered
from indicators.demo.interims import followed
from indicators.demo.playing import Play
from indicators.models import Indicator

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

ASKED = "月報與列管表差 4 件，是不是把 12 月底撤案的也算進去了？請在補正時說明。"
ANSWERED = "是，撤案 4 件已在月報列入、列管表沒有。會改用 12 月 31 日的列管表。"
SOURCE = "電子領標件數請註明是採購網匯出的日期。"
TAKEN = "已補在佐證資料的說明。"
TENDERS_FILE = "sample-failed-tenders-108.csv"
OPEN_ONES = "列管中的 18 件，請補充預計完成改善的月份。"
PROMISES = {
    "volunteer-growth": ("kept", "107 年起每季招募一次，志工由 59 人增為 65 人（示範）。"),
    "exam-recruits-ratio": ("partly", "暫緩的職缺補提列兩個，另一個仍因組織調整暫緩（示範）。"),
}


def play(stage: Play) -> None:
    stage.due(DUE, "manager", stage.at(15, "10:30"))
    stage.own_figures(entered.PROCUREMENT_FIGURES, "採購管理科", "manager", stage.at(15, "10:45"))
    within_the_year(stage)
    looking_back(stage)
    early(stage)
    late(stage)
    unfinished(stage)


def attach(stage: Play, folder: Path) -> None:
    """The list that the clerk promised; the number is still to be corrected to its total."""
    stage.attach(
        "failed-tender-rate", "clerk", stage.at(1, "15:40"), "流廢標件數", folder / TENDERS_FILE
    )


def within_the_year(stage: Play) -> None:
    """Followed from the start; the months so far, entered by whoever owns the indicator."""
    clerks = {
        "failed-tender-rate": "clerk",
        "consultation-satisfaction": "clerk",
        "office-safety-defects": "sample-general",
        "lifelong-learning": "clerk2",
        "language-certification": "clerk2",
    }
    given = followed(stage.plan.year)
    for minute, lineage in enumerate(clerks):
        stage.follow(lineage, given[lineage], "manager", stage.at(15, f"10:{50 + minute}"))
    for minute, (lineage, who) in enumerate(clerks.items()):
        stage.measure(lineage, given[lineage], who, stage.at(14, f"09:{30 + minute}"))


def looking_back(stage: Play) -> None:
    """What came of the promises of 106, and a day on which nobody worked."""
    rows = Indicator.objects.filter(plan__agency=stage.plan.agency, plan__year=106)
    now = stage.at(13, "14:20")
    for lineage, (outcome, note) in PROMISES.items():
        record_follow_up(
            indicator_id=rows.get(lineage=lineage).pk,
            outcome=outcome,
            note=note,
            actor=stage.actor("manager", now),
            now=now,
        )
    stage.day_off(
        stage.at(12, "09:00").date(), "颱風停班（示範）", "manager", stage.at(11, "08:40")
    )


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
    settled = stage.say("e-tender-rate", "manager", at(2, "16:30"), SOURCE, to="clerk")
    stage.say("e-tender-rate", "clerk", at(2, "16:42"), TAKEN, thread=settled)
    stage.settle("e-tender-rate", "manager", at(2, "16:50"), settled)
    stage.send_back(
        "failed-tender-rate",
        "supervisor",
        at(2, "17:12"),
        FAILED_TENDERS_REASON,
        {"input:流廢標件數": "12 月列管表是 147 件"},
    )
    thread = stage.say("failed-tender-rate", "supervisor", at(2, "17:15"), ASKED, to="clerk")
    stage.say("failed-tender-rate", "clerk", at(1, "09:05"), ANSWERED, thread=thread)


def unfinished(stage: Play) -> None:
    at = stage.at
    stage.fill("basic-class-pass-rate", "clerk", at(1, "11:20"), entered.BASIC_CLASS)
    stage.fill("contract-platform-progress", "clerk", at(1, "11:45"), entered.PLATFORM)
    stage.fill("lifelong-learning", "clerk2", at(1, "14:02"), entered.LEARNING)
    stage.fill("language-certification", "clerk2", at(1, "14:10"), entered.LANGUAGES)
    stage.count(entered.PROCUREMENT_FIGURES, "clerk", at(1, "14:35"))
    stage.say("office-safety-defects", "reviewer", at(1, "15:10"), OPEN_ONES, to="supervisor")
