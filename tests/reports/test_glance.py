"""The year at a glance: what it says, on the screen and on its one sheet of A4."""

from __future__ import annotations

import io
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import page as validation
import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone

from indicators import actions, models
from indicators.queries import find_plan, load_plan
from indicators.records import IndicatorRecord, Policy, Review
from indicators.scorecards import glance_room
from indicators.scorecards.glance import glance, shortened
from indicators.scorecards.scored import score_plan
from indicators.scorecards.since import Changed, Move, Moved, changes_since, month_ago
from indicators.scoring.types import Direction, Input
from reports.rendering import glance_pdf
from reports.views.glance import glance_of
from tests.conftest import NOW
from tests.indicators.test_pages import counted, plan_of, spec, text
from tests.reports.sample_report import HOSTILE

PLAN = ["tc-secretariat", 107]
MADE = ["tc-made", 108]
LONG = (
    "新進志工人數雖較去年增加，但資深志工退隊者亦多，且招募期間與各校課程衝突，致淨增人數不足。" * 4
)


def review(cause: str = "人數不足", action: str = "增加 {{ 甲 }} 場") -> Review:
    return Review(cause, action, "企劃科", date(2020, 6, 30))


def items() -> tuple[IndicatorRecord, ...]:
    """70 of 70; 70 of 100, missed; 70 against at most 50, missed; one that is not reported."""
    return (
        IndicatorRecord(spec(1, target=Decimal(70), weight=Decimal(20))),
        IndicatorRecord(
            spec(2, target=Decimal(100), weight=Decimal(30)),
            review=review(),
            previous_actual=Decimal("85.5"),
        ),
        IndicatorRecord(spec(3, target=Decimal(50), weight=Decimal(10), direction=Direction.LOWER)),
        IndicatorRecord(
            spec(4, weight=Decimal(40), inputs=(Input("乙"),), formula="乙*100%"),
            previous_actual=Decimal(60),
        ),
    )


@pytest.fixture
def store(db, make_user, sign_in):
    """store(record): stored, and a client of a supervisor of its agency."""

    def keep(record, now=NOW):
        plan = actions.replace_plan(record, by=None, now=now)
        user = models.User.objects.filter(username="boss").first()
        return sign_in(user or make_user("supervisor", plan.agency, name="boss"))

    return keep


def page_of(code: str = "tc-made", year: int = 108, now: datetime = NOW):
    return glance_of(find_plan(code, year), now)


def path(name: str, where=MADE) -> str:
    return reverse(name, args=where)


def words_of(pdf: bytes) -> str:
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


def squeezed(words: str) -> str:
    return "".join(words.split())


def sheets(pdf: bytes) -> list[tuple[int, int]]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return [tuple(round(float(n)) for n in sheet.mediabox[2:]) for sheet in opened.pages]


# What it says -------------------------------------------------------------------------------------


def test_points_by_hand(store):
    """20 + 30 × 70 % + 10 × (1 − 20/50) = 47 earned, 13 lost, 40 winnable, 87 at the most."""
    store(plan_of(*items()))
    models.Indicator.objects.update(status="approved")
    found = page_of()
    assert (found.totals.score, found.totals.lost) == ("47.00", "13.00")
    assert (found.totals.winnable, found.totals.reachable) == ("40.00", "87.00")
    assert [(part.name, part.score, part.lost, part.winnable) for part in found.parts] == [
        ("業務面向", "47.00", "13.00", "40.00")
    ]


def test_what_is_lost_and_not_approved_can_still_be_won(store):
    """Of the 13 lost points 4 are of an indicator that is approved."""
    client = store(plan_of(*items()))
    models.Indicator.objects.filter(title="指標 3").update(status="approved")
    found = page_of()
    assert (found.totals.lost, found.totals.open_lost) == ("13.00", "9.00")
    assert (found.totals.reachable, found.parts[0].open_lost) == ("96.00", "9.00")
    assert [miss.is_open for miss in found.misses] == [True, False]
    page = text(client.get(path("glance")))
    assert "失分 13.00，其中 9.00 尚未核定，仍可爭取" in page
    paper = squeezed(words_of(glance_pdf(found)))
    assert "失分13.00，其中9.00尚未核定，仍可爭取" in paper


def test_lights_by_the_usual_thresholds(store):
    """100 % is green, 70 % yellow, 60 % red."""
    store(plan_of(*items()))
    found = page_of()
    assert [(one.tag.word, one.count) for one in found.lights] == [
        *(("綠燈", 1), ("黃燈", 1), ("紅燈", 1), ("未亮燈", 1))
    ]
    lines = [row.light.word for part in found.parts for row in part.lines]
    assert lines == ["綠燈", "黃燈", "紅燈", "未亮燈"]
    assert (found.thresholds.green, found.thresholds.yellow) == ("90", "70")


def test_lights_by_the_plan_s_own_thresholds(store):
    policy = Policy(green=Decimal("70"), yellow=Decimal("60.5"))
    client = store(replace(plan_of(*items()), policy=policy))
    assert [one.count for one in page_of().lights] == [2, 0, 1, 1]
    assert "達成度 ≥ 70% 綠燈，≥ 60.5% 黃燈，其餘紅燈" in text(client.get(path("glance")))


def test_last_year_is_a_figure_and_a_mark(store):
    store(plan_of(*items()))
    rows = page_of().parts[0].lines
    assert page_of().places == 1  # of 85.5: its column shows decimals
    assert [row.line.bullet.earlier for row in rows] == ["", "85.50", "", "75.00"]
    assert rows[1].line.bullet_words == "實際 70，目標 100，去年 85.5"
    assert (rows[0].previous.whole, rows[1].previous.fraction) == ("—", ".5")


def test_misses_have_their_cause_action_and_what_was_lost(store):
    client = store(plan_of(*items()))
    first, second = page_of().misses
    assert (first.line.title, first.lost) == ("指標 2", "9.00")
    assert (first.cause, first.action) == ("人數不足", "增加 7 場")
    assert (second.lost, second.cause, second.action) == ("4.00", "", "")
    page = text(client.get(path("glance")))
    assert (
        "指標 2 失 9.00 分，尚未核定 原因 人數不足 措施 增加 7 場 企劃科 109年6月30日前完成" in page
    )
    assert "指標 3 失 4.00 分，尚未核定 原因與措施尚未填寫。" in page


def test_long_texts_say_that_the_report_has_the_rest(store):
    missed = replace(items()[1], review=review(cause=LONG))
    store(plan_of(items()[0], missed))
    (miss,) = page_of().misses
    assert miss.cause == LONG[:140] + "…（詳報告）"


@pytest.mark.parametrize(
    ("given", "limit", "shown"),
    [
        ("", 3, ""),
        ("一二三", 3, "一二三"),
        ("一二三四", 3, "一二三…（詳報告）"),
        ("一\n\n 二", 3, "一 二"),
        ("一二 三四", 3, "一二…（詳報告）"),
    ],
)
def test_text_is_whole_or_says_that_it_is_not(given, limit, shown):
    assert shortened(given, limit) == shown


@pytest.mark.parametrize(("misses", "limit"), [(0, 140), (1, 140), (2, 55), (3, 28), (30, 28)])
def test_more_misses_leave_less_room_for_each(misses, limit):
    assert glance_room.text_limit(misses) == limit


@pytest.mark.parametrize(
    ("misses", "changes", "shown"),
    [
        ([], [], 0),
        ([], ["短"] * 3, 3),
        ([], ["短"] * 20, 8),
        ([], ["長" * 30] * 20, 7),  # 2.4 lines each of 19
        ([("因", "辦")], ["長" * 30] * 20, 6),  # 3.5 lines for the miss
        ([("", "")], ["長" * 30] * 20, 6),
        ([("因" * 55, "辦" * 55)] * 3, ["短"] * 20, 2),
    ],
)
def test_misses_leave_room_for_changes(misses, changes, shown):
    assert glance_room.most_moved(misses, changes) == shown


# What changed -------------------------------------------------------------------------------------


def test_plan_that_is_younger_than_a_month_says_so(store):
    client = store(plan_of(*items()), now=timezone.now() - timedelta(days=3))
    page = text(client.get(path("glance")))
    assert "1 個月前這份計畫尚未建立，以下與" in page
    assert "匯入時相比。 得分沒有變動。" in page


def test_plan_without_changes_says_since_when(store):
    store(plan_of(*items()), now=datetime(2019, 1, 1, tzinfo=UTC))
    found = page_of(now=datetime(2019, 12, 5, 1, 30, tzinfo=UTC))
    assert timezone.localtime(found.changed.since).isoformat() == "2019-11-05T00:00:00+08:00"
    assert (found.changed.begun, found.moved, found.more) == (None, (), 0)


def test_changes_that_do_not_fit_are_counted(store):
    store(plan_of(*(IndicatorRecord(spec(n)) for n in range(1, 11))))
    scored = score_plan(load_plan(find_plan(*MADE)))
    changed = changes_since(find_plan(*MADE), scored, month_ago(NOW))
    line = Moved(None, "計畫", (Move("status", "狀態", "填報中", "核定"),), Fraction(0), "")
    many = replace(changed, lines=(line,) * 10)
    found = glance(scored, many, NOW, NOW, lambda _item, given: given)
    assert (len(found.moved), found.more) == (2, 8)  # ten misses take the room
    whole = glance(replace(scored, perspectives=()), many, NOW, NOW, lambda _item, given: given)
    assert (len(whole.moved), whole.more) == (8, 2)


# The page -----------------------------------------------------------------------------------------


def test_complete_plan_has_a_total(clerk_client):
    page = text(clerk_client.get(path("glance", PLAN)))
    assert "107 年度一覽" in page
    assert "總分 100.00 分 已失 0.00 分 達標 11 ／11 項" in page
    assert "已填報的指標都達標。" in page


def test_incomplete_plan_has_four_figures(store):
    page = text(store(plan_of(*items())).get(path("glance")))
    assert "已得 47.00 ／100 已失 13.00 分 尚可得 40.00 分 最高可達 100.00 分" in page


def test_page_leads_to_its_pdf_its_indicators_and_its_table(store):
    client = store(plan_of(*items()))
    page = client.get(path("glance")).content.decode()
    first = models.Indicator.objects.order_by("pk")[0]
    wanted = [
        path("glance_pdf"),
        reverse("indicator", args=[*MADE, first.pk]),
        reverse("export", args=[*MADE, "glance", "ods"]),
    ]
    assert [f'href="{address}"' in page for address in wanted] == [True] * 3
    assert page.count("btn-primary") == 1


def test_plan_without_indicators_is_an_empty_state(store):
    client = store(plan_of())
    assert "這份計畫還沒有指標" in text(client.get(path("glance")))
    assert client.get(path("glance_pdf")).status_code == 200


def test_sample_data_is_marked(store):
    client = store(replace(plan_of(*items()), sample_note="數字為虛構"))
    assert "範例資料 數字為虛構" in text(client.get(path("glance")))
    assert "範例資料：數字為虛構" in squeezed(words_of(glance_pdf(page_of())))


@pytest.mark.parametrize("name", ["glance", "glance_pdf"])
def test_foreign_plan_is_a_404(name, secretariat, other_agency, make_user, sign_in):
    client = sign_in(make_user("supervisor", other_agency))
    assert client.get(path(name, PLAN)).status_code == 404


@pytest.mark.parametrize("name", ["glance", "glance_pdf"])
def test_page_only_reads(name, clerk_client):
    assert clerk_client.post(path(name, PLAN)).status_code == 405


@pytest.mark.parametrize("name", ["glance", "glance_pdf"])
def test_page_takes_the_same_queries_for_11_and_30_indicators(name, store):
    client = store(plan_of(*(IndicatorRecord(spec(n), review=review()) for n in range(11))))
    first = counted(client, path(name))
    store(plan_of(*(IndicatorRecord(spec(n), review=review()) for n in range(30))))
    assert counted(client, path(name)) == first


def test_table_to_take_away(store):
    client = store(plan_of(*items()))
    lines = client.get(reverse("export", args=[*MADE, "glance", "csv"])).content.decode()
    assert lines.splitlines()[:3] == [
        "\ufeff面向,衡量指標,單位,去年實際,目標,實際,達成度（%）,燈號,權重,得分,得分的變動",
        "業務面向,指標 1,%,,70,70.0,100.00,綠燈,20,20.00,",
        "業務面向,指標 2,%,85.5,100,70.0,70.00,黃燈,30,21.00,",
    ]


def test_hostile_texts_are_text(store):
    bad = replace(items()[1], review=review(HOSTILE, HOSTILE))
    bad = replace(bad, spec=replace(bad.spec, title="<script>alert(1)</script>"))
    client = store(plan_of(bad))
    page = client.get(path("glance")).content.decode()
    assert page.count("<script") == 0
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    pdf = client.get(path("glance_pdf")).content
    assert "<script>alert(1)</script>" in squeezed(words_of(pdf))


# The sheet ----------------------------------------------------------------------------------------


def test_report_of_107_is_one_landscape_sheet(secretariat):
    pdf = glance_pdf(page_of(*PLAN))
    words = squeezed(words_of(pdf))
    assert sheets(pdf) == [(842, 595)]
    assert "100.00" in words
    titles = list(secretariat.indicators.values_list("title", flat=True))
    assert [title for title in titles if squeezed(title) not in words] == []


def test_demo_s_year_under_way_is_one_landscape_sheet(played):
    found = page_of("tc-secretariat", 108, timezone.now())
    pdf = glance_pdf(found)
    words = squeezed(words_of(pdf))
    assert sheets(pdf) == [(842, 595)]
    assert found.totals.score in words
    titles = [row.line.title for part in found.parts for row in part.lines]
    assert [title for title in titles if squeezed(title) not in words] == []


TITLES = (
    "每年民眾及同仁、巡檢人員反映辦公環境安全缺失件數",
    "本府採購專業人員基礎班訓練及格率",
    "電子領標達成率",
    "流廢標下降率",
)
MOVES = (
    Move("actual", "實際", "70.5%", "80.2%"),
    Move("status", "狀態", "填報中", "核定"),
    Move("due", "期限", date(2019, 12, 1), date(2019, 12, 15)),
)


@pytest.mark.parametrize("misses", [0, 1, 2, 3])
def test_fourteen_indicators_with_long_texts_are_one_sheet(misses):
    missed = [spec(n, target=Decimal(90), title=TITLES[n % 4]) for n in range(misses)]
    met = [spec(n, target=Decimal(70), title=TITLES[n % 4]) for n in range(misses, 14)]
    rows = [IndicatorRecord(one, review=review(LONG, LONG), pk=1) for one in [*missed, *met]]
    made = score_plan(replace(plan_of(*rows), sample_note="數字、人員、期限與文號均為示範。" * 8))
    moved = Moved(1, TITLES[0], MOVES, Fraction(3), "＋3.00")
    totals = made.totals
    changed = Changed(NOW, None, False, totals, totals, "＋30.00", (moved,) * 10)
    found = glance(made, changed, NOW, NOW, lambda _item, given: given)
    assert sheets(glance_pdf(found)) == [(842, 595)]


def test_larger_plan_goes_on_to_another_sheet_and_loses_nothing(store):
    rows = [IndicatorRecord(spec(n, title=f"衡量{n:02}"), review=review()) for n in range(40)]
    store(plan_of(*rows))
    pdf = glance_pdf(page_of())
    words = squeezed(words_of(pdf))
    assert len(sheets(pdf)) > 1
    assert [n for n in range(40) if words.count(f"衡量{n:02}") != 2] == []  # its row, its miss


@pytest.mark.parametrize(
    "profile", [validation.ValidationProfile.PDF_A_3A, validation.ValidationProfile.PDF_UA_1]
)
def test_sheet_conforms(profile, store):
    store(plan_of(*items()))
    failures = validation.validate_pdf_bytes(glance_pdf(page_of()), profile=profile).failures
    assert [(failure.rule_id, failure.message) for failure in failures] == []


def test_every_drawing_has_words(store):
    store(plan_of(*items()))
    with pikepdf.open(io.BytesIO(glance_pdf(page_of()))) as opened:
        figures = [
            str(thing.get("/Alt"))
            for thing in opened.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == "/Figure"
        ]
    assert sorted(figures) == sorted(
        [
            *["已得 47.00 分，已失 13.00 分（其中 13.00 分尚未核定），尚可得 40.00 分"] * 2,
            "實際 70，目標 70",
            "實際 70，目標 100，去年 85.5",
            "實際 70，目標 ≤ 50",
            "未填報，目標 80，去年 60",
        ]
    )


def test_same_moment_gives_the_same_bytes(store):
    store(plan_of(*items()))
    assert glance_pdf(page_of()) == glance_pdf(page_of())


def test_pdf_is_a_download(store):
    response = store(plan_of(*items())).get(path("glance_pdf"))
    assert response.headers["Content-Disposition"] == (
        'attachment; filename="tc-made-108-glance.pdf"'
    )


def test_character_that_the_font_lacks_is_a_page_that_names_it(store):
    client = store(plan_of(IndicatorRecord(spec(1, title="指標 \U0001f9ff"))))
    response = client.get(path("glance_pdf"))
    assert response.status_code == 422
    assert "\U0001f9ff" in text(response)


def test_pdf_without_the_font_installed_is_a_page(clerk_client, monkeypatch, tmp_path):
    monkeypatch.setenv("REPORT_FONT_DIR", str(tmp_path))
    assert clerk_client.get(path("glance_pdf", PLAN)).status_code == 503
