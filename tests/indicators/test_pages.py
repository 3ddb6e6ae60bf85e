"""Each page: works, foreign plan, unknown, not logged in, and a fixed number of queries."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators import actions, models
from indicators.records import GoalRecord, IndicatorRecord, PerspectiveRecord, PlanRecord
from indicators.records import Review as ReviewRecord
from indicators.scoring.types import Direction, Indicator, Input, InputRow, Method, Milestone
from tests.conftest import NOW

PLAN = ["tc-secretariat", 107]
PAGES = ["scorecard", "report", "report_pdf", "plan_json", "scorecard_json"]


def spec(number: int, **changes) -> Indicator:
    values = {
        "title": f"指標 {number}",
        "weight": Decimal(1),
        "unit": "%",
        "decimals": 1,
        "direction": Direction.HIGHER,
        "target": Decimal(80),
        "method": Method.FORMULA,
        "inputs": (Input("甲", rows=(InputRow("一", Decimal(3)), InputRow("二", Decimal(4)))),),
        "formula": "SUM(甲)/10*100%",
    }
    return Indicator(**(values | changes))


def plan_of(*items: IndicatorRecord, code: str = "tc-made") -> PlanRecord:
    weight = sum((item.spec.weight for item in items), Decimal(0))
    goals = (GoalRecord("目標", weight, items),) if items else ()
    perspectives = (PerspectiveRecord("業務面向", goals),) if items else ()
    return PlanRecord(code, "虛構機關", 108, perspectives)


@pytest.fixture
def store(db, make_user, sign_in):
    """store(record): the record stored, and a client of a supervisor of its agency."""

    def keep(record: PlanRecord):
        plan = actions.replace_plan(record, by=None, now=NOW)
        return plan, sign_in(make_user("supervisor", plan.agency, name=f"s-{plan.pk}"))

    return keep


def text(response) -> str:
    """The words of a page, as a reader sees them."""
    body = re.sub(r"<wbr>|<title>.*?</title>", "", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


# Access ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_pages_of_a_plan_open_for_its_agency(name, clerk_client):
    assert clerk_client.get(reverse(name, args=PLAN)).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_foreign_plan_looks_exactly_like_one_that_is_missing(
    name, secretariat, other_agency, make_user, sign_in
):
    client = sign_in(make_user("supervisor", other_agency))
    foreign = client.get(reverse(name, args=PLAN))
    missing = client.get(reverse(name, args=["tc-nowhere", 107]))
    assert foreign.status_code == missing.status_code == 404
    path = (reverse(name, args=PLAN), reverse(name, args=["tc-nowhere", 107]))
    assert text(foreign).replace(path[0], "") == text(missing).replace(path[1], "")


@pytest.mark.parametrize("name", PAGES)
def test_anonymous_is_sent_to_log_in_and_back(name, client, secretariat):
    path = reverse(name, args=PLAN)
    assert client.get(path).headers["Location"] == f"/login/?next={path}"


@pytest.mark.parametrize("name", PAGES)
def test_pages_only_read(name, clerk_client):
    assert clerk_client.post(reverse(name, args=PLAN)).status_code == 405


def test_indicator_of_another_plan_is_a_404(store, secretariat):
    plan, client = store(plan_of(IndicatorRecord(spec(1))))
    own, foreign = plan.indicators.get().pk, secretariat.indicators.order_by("pk")[0].pk
    assert client.get(reverse("indicator", args=["tc-made", 108, own])).status_code == 200
    assert client.get(reverse("indicator", args=["tc-made", 108, foreign])).status_code == 404
    assert client.get(reverse("indicator", args=[*PLAN, foreign])).status_code == 404


@pytest.mark.parametrize("path", ["/x/", "/tc-secretariat/0/", "/tc-secretariat/99999/", "/x/107/"])
def test_unknown_addresses_are_a_404_in_chinese(path, clerk_client):
    response = clerk_client.get(path)
    assert response.status_code == 404
    assert "找不到這一頁" in text(response)


# Home, list, menus -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("clerk", "/my-work/"),
        ("supervisor", "/my-work/"),
        ("plan_manager", "/my-work/"),
        ("reviewer", "/my-work/"),
        ("administrator", "/people/"),
        ("auditor", "/plans/"),
    ],
)
def test_home_leads_to_what_each_role_begins_with(role, address, users, sign_in):
    assert sign_in(users[role]).get("/").headers["Location"] == address


def test_home_of_an_administrator_with_work_leads_to_it(users, secretariat, sign_in):
    user = users["administrator"]
    models.Role.objects.create(user=user, name="clerk", agency=secretariat.agency)
    assert sign_in(user).get("/").headers["Location"] == "/my-work/"


def test_home_without_a_role_says_why_it_is_empty(secretariat, django_user_model, sign_in):
    client = sign_in(django_user_model.objects.create(username="nobody"))
    assert "您的帳號還沒有任何機關的角色" in text(client.get("/", follow=True))
    assert "您的帳號還沒有任何機關的角色" in text(client.get("/plans/"))


def test_home_of_an_agency_without_plans_says_what_comes_next(other_agency, make_user, sign_in):
    page = text(sign_in(make_user("clerk", other_agency)).get("/", follow=True))
    assert "您所屬的機關還沒有建立任何年度的計畫" in page
    assert "計分表與報告會出現在這裡" in page


def test_plans_lists_only_what_the_person_may_see(secretariat, store):
    _, client = store(plan_of(IndicatorRecord(spec(1))))
    page = text(client.get("/plans/"))
    assert "108 年度 虛構機關" in page
    assert "臺中市政府秘書處" not in page


def test_menus_offer_other_years_and_agencies(seed_record, store, secretariat, make_user, sign_in):
    store(plan_of(IndicatorRecord(spec(1))))
    actions.replace_plan(replace(seed_record, year=106), by=None, now=NOW)
    client = sign_in(make_user("reviewer"))
    page = client.get("/tc-secretariat/107/").content.decode()
    links = re.findall(r'<li><a href="(/[^"]+/\d+/)"', page)
    assert links[:2] == ["/tc-made/108/", "/tc-secretariat/107/"]
    assert {"/tc-secretariat/106/", "/tc-secretariat/107/"} <= set(links[2:])


def test_who_sees_one_agency_gets_no_agency_menu(clerk_client):
    assert b"kp-pop--agency" not in clerk_client.get("/tc-secretariat/107/").content


# Scorecard ---------------------------------------------------------------------------------------


def test_scorecard_of_the_seed_shows_its_total(clerk_client):
    page = text(clerk_client.get("/tc-secretariat/107/"))
    assert "總分 100.00 分" in page
    assert "衡量指標 11 項 達標 11 項 未達標 0 項 未填報 0 項" in page
    assert "(332,252,672+20,890,000+83,755,328)/436,898,000=100%" in page


def test_scorecard_of_an_incomplete_plan_shows_points_and_no_total(store):
    missing = spec(3, inputs=(Input("甲"),), formula="甲*100%", weight=Decimal(50))
    _, client = store(
        plan_of(
            IndicatorRecord(spec(1, target=Decimal(70), weight=Decimal(20))),
            IndicatorRecord(spec(2, target=Decimal(100), weight=Decimal(30))),
            IndicatorRecord(missing),
        )
    )
    page = text(client.get("/tc-made/108/"))
    assert "總分 100" not in page
    assert "已得 41.00 ／100 已失 9.00 分 尚可得 50.00 分" in page
    assert "尚未填報：甲。" in page
    assert "尚有指標未填報，以上不是全年總分。" in page


def test_scorecard_says_when_rounded_parts_do_not_add_up(store):
    part = spec(1, target=Decimal("87.5"), weight=Decimal("27.345"))
    items = [IndicatorRecord(replace(part, title=f"指標 {n}")) for n in (1, 2)]
    _, client = store(plan_of(*items))
    scores = [Fraction("27.345") * 80 / 100] * 2  # 21.876 each, 43.752 in all
    assert f"{float(round(scores[0], 2)):.2f}" == "21.88"
    assert "細項經四捨五入，合計可能有差。" in text(client.get("/tc-made/108/"))


def test_scorecard_of_a_plan_without_indicators_is_an_empty_state(store):
    _, client = store(plan_of())
    assert "這份計畫還沒有指標" in text(client.get("/tc-made/108/"))


def counted(client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_scorecard_takes_the_same_queries_whatever_the_plan_s_size(store):
    _, client = store(plan_of(IndicatorRecord(spec(1))))
    first = counted(client, "/tc-made/108/")
    many = [IndicatorRecord(spec(n)) for n in range(300)]
    actions.replace_plan(plan_of(*many), by=None, now=NOW)
    assert counted(client, "/tc-made/108/") == first
    assert first <= 12


@pytest.mark.parametrize("page", ["report/", "plan.json", "scorecard.json"])
def test_report_and_files_take_a_fixed_number_of_queries(page, store):
    _, client = store(plan_of(IndicatorRecord(spec(1))))
    first = counted(client, f"/tc-made/108/{page}")
    many = [IndicatorRecord(spec(n)) for n in range(30)]
    actions.replace_plan(plan_of(*many), by=None, now=NOW)
    assert counted(client, f"/tc-made/108/{page}") == first


# Indicator ---------------------------------------------------------------------------------------


def test_indicator_shows_inputs_formula_steps_and_filled_analysis(clerk_client, secretariat):
    row = secretariat.indicators.get(lineage="basic-class-pass-rate")
    page = text(clerk_client.get(reverse("indicator", args=[*PLAN, row.pk])))
    assert "公式 SUM(取得證照人數)/SUM(受訓人數)*100%" in page
    assert "代入數值 357/410*100%=87%" in page
    assert "達成度 87÷83=104.82%，以 100% 為限 → 100.00%" in page
    assert "得分 15×100%=15.00" in page
    assert "第1期 64 70" in page
    assert "合計 357 410" in page
    assert "{{" not in page


def test_indicator_shows_last_year_and_the_review_of_a_miss(store):
    review = ReviewRecord("辦理 {{ 甲 }} 場", "增加場次", "企劃科", NOW.date().replace(2020, 6, 30))
    item = IndicatorRecord(
        spec(1, target=Decimal(75)),
        previous_target=Decimal(60),
        previous_actual=Decimal("70.5"),
        review=review,
        owner="企劃科",
    )
    plan, client = store(plan_of(item))
    page = text(client.get(reverse("indicator", args=["tc-made", 108, plan.indicators.get().pk])))
    assert "去年（107 年度） 目標 60% 實際 70.5% 今年較去年 −0.5" in page
    assert "辦理 7 場" in page
    assert "109年6月30日" in page


def test_indicator_that_is_not_reported_says_why(store):
    item = IndicatorRecord(spec(1, inputs=(Input("甲"), Input("乙")), formula="甲/乙"))
    plan, client = store(plan_of(item))
    page = text(client.get(reverse("indicator", args=["tc-made", 108, plan.indicators.get().pk])))
    assert "達成情形 未填報 — 尚未填報：甲、乙。" in page


# Report and files --------------------------------------------------------------------------------


def test_report_page_holds_the_report(clerk_client):
    page = text(clerk_client.get("/tc-secretariat/107/report/"))
    assert "107年度總計11項衡量指標，達標11項(100%)，未達標0項。總分100分。" in page


def test_files_are_downloads_with_a_name(clerk_client):
    pdf = clerk_client.get("/tc-secretariat/107/report.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert pdf.headers["Content-Disposition"] == (
        'attachment; filename="tc-secretariat-107-report.pdf"'
    )
    plan = clerk_client.get("/tc-secretariat/107/plan.json")
    assert plan.json()["format"] == "kpi-plan/1"
    assert plan.headers["Content-Disposition"].endswith('"tc-secretariat-107-plan.json"')
    scorecard = clerk_client.get("/tc-secretariat/107/scorecard.json")
    assert scorecard.json()["total_score"] == "100.00"


def test_pdf_with_characters_that_the_font_lacks_is_a_page_that_names_them(store):
    _, client = store(plan_of(IndicatorRecord(spec(1, title="指標 \U0001f9ff"))))
    response = client.get("/tc-made/108/report.pdf")
    assert response.status_code == 422
    assert "報告字型沒有下列字" in text(response)
    assert "\U0001f9ff" in text(response)


def test_pdf_without_the_font_installed_is_a_page(clerk_client, monkeypatch, tmp_path):
    monkeypatch.setenv("REPORT_FONT_DIR", str(tmp_path))
    response = clerk_client.get("/tc-secretariat/107/report.pdf")
    assert response.status_code == 503
    assert "伺服器上找不到報告字型" in text(response)


# Log in, log out, language -----------------------------------------------------------------------


@pytest.fixture
def clerk(secretariat, make_user):
    return make_user("clerk", secretariat.agency)


def test_log_in_leads_to_the_page_that_was_asked_for(client, clerk):
    sent = {"username": "test-clerk", "password": "only-for-tests", "next": "/plans/"}
    assert client.post("/login/", sent).headers["Location"] == "/plans/"


def test_log_in_does_not_lead_to_another_site(client, clerk):
    sent = {"username": "test-clerk", "password": "only-for-tests", "next": "https://x.example/"}
    assert client.post("/login/", sent).headers["Location"] == "/"


@pytest.mark.parametrize("sent", [{"username": "test-clerk"}, {"username": "nobody"}])
def test_wrong_log_in_does_not_tell_what_is_wrong(sent, client, clerk):
    response = client.post(
        "/login/", sent | {"password": "x"}, headers={"accept-language": "zh-TW"}
    )
    assert response.status_code == 200
    assert "帳號或密碼不正確，請核對大小寫後再試一次。" in text(response)


def test_empty_log_in_names_each_field(client, db):
    response = client.post("/login/", {}, headers={"accept-language": "zh-TW"})
    assert text(response).count("請填寫帳號。") == text(response).count("請填寫密碼。") == 2


def test_log_out_takes_a_post_and_says_so(clerk_client):
    assert clerk_client.get("/logout/").status_code == 405
    response = clerk_client.post("/logout/", follow=True)
    assert "您已登出。" in text(response)
    assert clerk_client.get("/plans/").status_code == 302


def test_language_switch_comes_back_in_english(clerk_client):
    sent = {"language": "en", "next": "/tc-secretariat/107/"}
    page = text(clerk_client.post("/language/", sent, follow=True))
    assert "Scorecard, ROC year 107" in page
    assert "達標" not in page


def test_sentences_of_the_scoring_core_are_translated(store):
    item = IndicatorRecord(spec(1, inputs=(Input("甲"),), formula="甲"))
    _, client = store(plan_of(item))
    client.cookies["django_language"] = "en"
    assert "Not yet reported: 甲." in text(client.get("/tc-made/108/"))


# Health, errors ----------------------------------------------------------------------------------


def test_healthz_answers_anyone(client, db):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_healthz_without_a_database_is_503(client, monkeypatch):
    def fail():
        raise DatabaseError

    monkeypatch.setattr("indicators.views.health.connection.cursor", fail)
    assert client.get("/healthz").status_code == 503


def test_fault_of_the_server_is_a_page_in_chinese(clerk_client, monkeypatch):
    def fail(record):
        raise RuntimeError

    monkeypatch.setattr("indicators.views.scorecard.score_plan", fail)
    clerk_client.raise_request_exception = False
    response = clerk_client.get("/tc-secretariat/107/")
    assert response.status_code == 500
    assert "系統發生錯誤" in text(response)
    assert "RuntimeError" not in text(response)


def test_bad_host_is_a_page_in_chinese(client):
    response = client.get("/healthz", headers={"host": "x_y"})
    assert response.status_code == 400
    assert "無法處理這個請求" in text(response)


def test_form_without_its_token_is_a_page_in_chinese(db):
    from django.test import Client

    response = Client(enforce_csrf_checks=True).post("/login/", {})
    assert response.status_code == 403
    assert "表單已過期" in text(response)


def test_every_answer_carries_the_policy(client, db):
    for path in ("/login/", "/healthz", "/x/"):
        policy = client.get(path).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_a_stage_says_on_which_day_it_was_done(store):
    stages = (Milestone("規劃", Decimal(40), True, date(2019, 3, 15)),)
    staged = {"inputs": (), "formula": "", "method": Method.MILESTONES, "milestones": stages}
    plan, client = store(plan_of(IndicatorRecord(spec(1, **staged))))
    page = client.get(reverse("indicator", args=["tc-made", 108, plan.indicators.get().pk]))
    assert "規劃 40 已完成　108年3月15日" in page.content.decode().replace(
        "</td><td>", " "
    ).replace('</th><td class="kp-n">', " ")
