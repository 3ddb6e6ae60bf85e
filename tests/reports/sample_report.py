"""A small hand-made AnnualReport: missed and not reported indicators, rare characters."""

from datetime import date

from reports.annual import (
    AchievementBar,
    AnnexRow,
    AnnualReport,
    GoalRows,
    IndicatorRow,
    InputLine,
    MissedReview,
    Paragraph,
    Part,
    PerspectiveTable,
    ScoreBar,
    Section,
    Summary,
)

TITLE = "臺中市政府秘書處107年度施政績效報告"
LONG = "本處配合市政推動各項業務，落實計畫管考，並持續檢討改善。" * 14
RARE = "承辦人游錫堃、陶喆、林峯、𡘙先生"
HOSTILE = (
    "<script>alert(1)</script><img src=http://example.invalid/x.png onerror=alert(1)>"
    "</style><style>@import url(http://example.invalid/y.css);</style>"
    "{{ report.title }}{% now 'Y' %}<a href=file:///etc/passwd>連結</a>"
)


def report(*, text: str = RARE, title: str = TITLE) -> AnnualReport:
    """The report; `text` stands in the foreword, an analysis, a review and an input's label."""
    return AnnualReport(
        agency_name="臺中市政府秘書處",
        agency_code="tc-secretariat",
        city="臺中市政府",
        year=107,
        title=title,
        dated=date(2018, 12, 31),
        parts=_parts(text),
        tables=(_table(text),),
        summary=_summary(),
        reviews=(_review(text),),
        rules=("實際值依公式計算。", "得分＝權重×達成度。"),
        annex=_annex(text),
        contents=(
            (1, "p1", "壹、前言"),
            (1, "p2", "貳、目標達成情形"),
            (2, "t1", "一、業務面向"),
            (1, "p3", "參、績效綜合分析"),
            (1, "p4", "肆、未達目標項目檢討"),
            (1, "p5", "伍、推動成果具體事項"),
            (2, "p5-1", "一、其他業務"),
            (3, "p5-1-1", "(一)城市外交"),
        ),
    )


def _parts(text: str) -> tuple[Part, ...]:
    items = tuple(Paragraph(LONG, f"{number}、", 1) for number in range(1, 12))
    deep = Section("p5-1-1-1", 4, "1、", "接待", (Paragraph("接待外賓151件。"),))
    third = Section("p5-1-1", 3, "(一)", "城市外交", (Paragraph(LONG), *items), (deep,))
    second = Section("p5-1", 2, "一、", "其他業務", (), (third,))
    return (
        Part("section", "p1", "壹、", "前言", (Paragraph(text), Paragraph(LONG))),
        Part("tables", "p2", "貳、", "目標達成情形"),
        Part("summary", "p3", "參、", "績效綜合分析"),
        Part("reviews", "p4", "肆、", "未達目標項目檢討"),
        Part("section", "p5", "伍、", "推動成果具體事項", (), (second,)),
    )


def _row(marker: str, title: str, **changed: object) -> IndicatorRow:
    values: dict[str, object] = {
        "anchor": "",
        "marker": marker,
        "title": title,
        "weight": "25%",
        "target": "≤120",
        "actual": "107",
        "achievement": "100%",
        "status": "met",
        "status_word": "達標",
        "reason": "",
        "analysis": (Paragraph("(65-59)/59*100%=10.2%，達成目標。"),),
        "is_long": False,
    }
    return IndicatorRow(**(values | changed))  # type: ignore[arg-type]


def _table(text: str) -> PerspectiveTable:
    missed = _row(
        "二、",
        "電子領標達成率",
        target="100%",
        actual="75%",
        achievement="75%",
        status="missed",
        status_word="未達標",
        analysis=(
            Paragraph("情形如下：", "一、", 1),
            *(Paragraph(LONG, f"({digit})", 2) for digit in "一二三四五六七"),
        ),
        is_long=True,
    )
    not_reported = _row(
        "三、",
        "流廢標下降率",
        actual="—",
        achievement="—",
        status="not_reported",
        status_word="未填報",
        reason="招標案件數尚未填報。",
        analysis=(),
    )
    goals = (
        GoalRows(
            "一、",
            "強化採購專業智識",
            "75%",
            (_row("一、", "安全缺失件數", analysis=(Paragraph(text),)), missed, not_reported),
        ),
        GoalRows("二、", "推動志願服務", "25%", (_row("一、", "志工人數成長比例"),)),
    )
    return PerspectiveTable("t1", "一、", "業務面向", goals)


def _summary() -> Summary:
    return Summary(
        sentence="107年度總計4項衡量指標，達標2項，未達標1項，未填報1項。",
        notes=("細項經四捨五入，合計可能有差。",),
        indicators="4",
        met="2",
        missed="1",
        not_reported="1",
        total="68.75",
        lost="6.25",
        winnable="25.00",
        complete=False,
        by_perspective=(ScoreBar("業務面向", "100", "68.75", "6.25", "25.00", 68.75, 6.25, 25.0),),
        by_indicator=(
            AchievementBar("安全缺失件數", "100%", 100.0, "met", "達標"),
            AchievementBar("電子領標達成率", "75%", 75.0, "missed", "未達標"),
            AchievementBar("流廢標下降率", "—", None, "not_reported", "未填報"),
        ),
    )


def _review(text: str) -> MissedReview:
    return MissedReview(
        anchor="m1",
        marker="一、",
        title="電子領標達成率",
        target="100%",
        actual="75%",
        achievement="75%",
        cause=(Paragraph(text),),
        action=(Paragraph("加強宣導。", "一、", 1), Paragraph("定期追蹤。", "二、", 1)),
        responsible="採購管理科",
        due="108年6月30日",
    )


def _annex(text: str) -> tuple[AnnexRow, ...]:
    rows = tuple((f"第{number}期", "70") for number in range(1, 7))
    formula = AnnexRow(
        anchor="i1",
        number="1",
        title="電子領標達成率",
        weight="25%",
        target="100%",
        measure="電子領標件數/招標件數*100%",
        formula="電子領標件數/招標件數*100%",
        inputs=(
            InputLine("電子領標件數", "", "件", "24", ()),
            InputLine("招標件數", text, "件", "32", rows),
        ),
        milestones=(),
        calculation="24/32*100%=75%",
        achievement="75÷100=75.00%",
        score="25×75%=18.75",
    )
    staged = AnnexRow(
        anchor="i2",
        number="2",
        title="系統建置",
        weight="25%",
        target="70%",
        measure="",
        formula="",
        inputs=(),
        milestones=(("需求訪談", "25%", "已完成"), ("系統上線", "100%", "未完成")),
        calculation="",
        achievement="25÷70=35.71%",
        score="25×35.71%=8.93",
    )
    return (formula, staged)
