"""Two invented agencies whose plans wait for the city: one to be reviewed, one to be published."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from indicators import actions
from indicators.demo.playing import Document, Filled, Play
from indicators.queries import load_indicator
from indicators.records import Review

PART = {"clerk": "承辦", "supervisor": "主管", "plan_manager": "計畫"}
LIBRARY, LAND_OFFICE = "tc-sample-library", "tc-sample-land-office"
SHORT = {LIBRARY: "圖書館", LAND_OFFICE: "地政"}
ASKED = "capital-budget-execution"
REASON = "資本門預算執行率未達目標，改善措施請補上年度中怎麼檢討進度，以免次年又集中在年底執行。"
ADDED = "每月召開執行進度會議，落後的案件提報館長。"


def username(code: str, role: str) -> str:
    return f"{code.removeprefix('tc-')}-{role.replace('_', '-')}"


def play_library(stage: Play) -> None:
    """Closed, asked back once by the city, mended and closed again: it waits for review."""
    sign(stage, LIBRARY, 10)
    pk = stage.row(ASKED).pk
    asked = stage.at(6, "10:05")
    actions.ask_back(
        plan_id=stage.plan.pk,
        reason=REASON,
        indicator_ids=[pk],
        actor=stage.actor("reviewer", asked),
        now=asked,
    )
    stage.plan.refresh_from_db()
    stage.report(ASKED, username(LIBRARY, "clerk"), stage.at(5, "09:30"), _mended(stage))
    approved = stage.at(4, "11:15")
    stage.approve([ASKED], username(LIBRARY, "supervisor"), approved)
    close(stage, LIBRARY, 3)


def play_land_office(stage: Play) -> None:
    """Reviewed: it waits for publication."""
    sign(stage, LAND_OFFICE, 9)
    now = stage.at(2, "14:30")
    actions.review(plan_id=stage.plan.pk, actor=stage.actor("reviewer", now), now=now)


def sign(stage: Play, code: str, workdays_ago: int) -> None:
    """Every indicator proven, submitted and approved, and the plan closed, within three days."""
    lineages = list(stage.plan.indicators.order_by("pk").values_list("lineage", flat=True))
    for number, lineage in enumerate(lineages, start=1):
        now = stage.at(workdays_ago, f"{8 + number:02}:20")
        document = Document(f"範例字第10900004{number:02}號", date(2020, 1, 3))
        stage.cite(lineage, username(code, "clerk"), now, document)
        stage.submit(lineage, username(code, "clerk"), now)
    approved = stage.at(workdays_ago - 1, "16:05")
    stage.approve(lineages, username(code, "supervisor"), approved)
    close(stage, code, workdays_ago - 2)


def close(stage: Play, code: str, workdays_ago: int) -> None:
    now = stage.at(workdays_ago, "15:45")
    actor = stage.actor(username(code, "plan_manager"), now)
    actions.close(plan_id=stage.plan.pk, actor=actor, now=now)


def _mended(stage: Play) -> Filled:
    review = load_indicator(stage.row(ASKED)).review or Review("", "", "", None)
    return Filled(review=replace(review, action=review.action + ADDED))
